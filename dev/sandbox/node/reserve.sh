#!/usr/bin/env bash
# reserve.sh true|false: whether node 0 keeps aside what a Minikube's system pods request. Its own
# add-ons request nothing, which would hide that an application does not fit a real one.
set -euo pipefail

settings=/etc/kubernetes/kubelet.conf.d/50-reserve.conf
mkdir -p "$(dirname "$settings")"
before=$(cat "$settings" 2>/dev/null || true)
if [ "$1" = true ] && [ "${NODE_NUMBER:-0}" = 0 ]; then
  cat >"$settings" <<YAML
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
systemReserved: { cpu: 950m, memory: 420Mi }
YAML
else
  rm -f "$settings"
fi
[ "$before" = "$(cat "$settings" 2>/dev/null || true)" ] || pkill -x kubelet || true # started again at once
