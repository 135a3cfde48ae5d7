#!/usr/bin/env bash
# Exit 0 when this node and what runs on it for the cluster is ready; else 1 and a line that says
# what is missing. After a restart the API still tells of the time before, so only what is newer
# than this start counts.
set -euo pipefail

missing() {
  echo "$*"
  exit 1
}
kube() { kubectl --request-timeout=5s "$@" 2>/dev/null; }

started=$(cat /run/started)
node=$(hostname)
[ -e /var/lib/containerd/addons-loaded ] || missing "the add-ons' images"
kube get --raw /readyz >/dev/null || missing 'the API server'
renewed=$(kube get lease --namespace kube-node-lease "$node" --output 'jsonpath={.spec.renewTime}') || true
[[ "$renewed" > "$started" ]] || missing "node $node's kubelet"
kube wait --for=condition=Ready "node/$node" --timeout=0 >/dev/null || missing "node $node to be Ready"
[ "$(kube get persistentvolumes --selector "sandbox/node=$node" --output name | wc -l)" -gt 0 ] || missing 'volumes'
[ "${NODE_NUMBER:-0}" = 0 ] || exit 0

[ -e /run/addons-applied ] || missing 'the add-ons'
kube wait --for=condition=Available --namespace kube-system deployment/coredns --timeout=0 >/dev/null || missing CoreDNS
# metrics-server is not waited for: it needs 30 s for its first figures, as everywhere.
pods=$(kube get pods --namespace kube-system --selector k8s-app=kube-dns --field-selector "spec.nodeName=$node" \
  --output 'jsonpath={range .items[*]}{.metadata.name}={.status.containerStatuses[0].state.running.startedAt}{"\n"}{end}')
for pod in $pods; do
  [[ -n "${pod#*=}" && ! "${pod#*=}" < "$started" ]] || missing "${pod%%=*} to start again"
done
kube get serviceaccount default >/dev/null || missing 'the default service account'
