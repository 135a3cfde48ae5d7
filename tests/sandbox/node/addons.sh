#!/usr/bin/env bash
# Loads the images of the pods that every node runs and, on node 0, applies the cluster's add-ons.
set -euo pipefail

if [ ! -e /var/lib/containerd/addons-loaded ]; then
  ctr --namespace k8s.io images import /sandbox/images.tar
  touch /var/lib/containerd/addons-loaded
fi
if [ "$NODE_NUMBER" = 0 ] && [ ! -e "$CONF/addons-applied" ]; then
  for file in /sandbox/*.yaml; do kubectl apply -f "$file"; done
  touch "$CONF/addons-applied"
fi
exec sleep infinity
