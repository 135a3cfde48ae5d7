#!/usr/bin/env bash
# Loads the images of the pods that every node runs and, on node 0, applies the cluster's add-ons.
set -euo pipefail

if [ ! -e /var/lib/containerd/addons-loaded ]; then
  ctr --namespace k8s.io images import /sandbox/images.tar
  touch /var/lib/containerd/addons-loaded
fi
if [ "$NODE_NUMBER" = 0 ]; then
  # The metrics API is announced only while somebody serves it: until then it would make every
  # discovery fail, and with it the deletion of namespaces.
  kubectl delete apiservice v1beta1.metrics.k8s.io --ignore-not-found
  for file in storage coredns metrics-server; do kubectl apply -f "/sandbox/$file.yaml"; done
  # As kubeadm has it: names are still known while a node is drained.
  [ -z "${PEERS:-}" ] || kubectl scale --namespace kube-system deployment/coredns --replicas=2
  touch /run/addons-applied
  kubectl rollout status --namespace kube-system deployment/metrics-server
  kubectl apply -f /sandbox/metrics-api.yaml
fi
exec sleep infinity
