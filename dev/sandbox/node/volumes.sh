#!/usr/bin/env bash
# Gives this node six local volumes and makes each free again once its claim is deleted: `local`
# volumes have no provisioner that would.
set -euo pipefail

count=6
root=/var/lib/sandbox-volumes

mkdir -p "$root"
for i in $(seq "$count"); do
  [ -e "$root/$i" ] || mkdir -m 0777 "$root/$i" # like Minikube's, writable for any user id
  cat <<YAML
apiVersion: v1
kind: PersistentVolume
metadata:
  name: volume-$NODE-$i
  labels: { sandbox/node: $NODE }
spec:
  capacity: { storage: 2Gi }
  accessModes: [ReadWriteOnce]
  persistentVolumeReclaimPolicy: Retain
  storageClassName: standard
  local: { path: $root/$i }
  nodeAffinity:
    required:
      nodeSelectorTerms:
        - matchExpressions:
            - { key: kubernetes.io/hostname, operator: In, values: [$NODE] }
---
YAML
done | kubectl apply -f -

kubectl get persistentvolumes --selector "sandbox/node=$NODE" --watch \
  --output jsonpath='{.metadata.name} {.status.phase}{"\n"}' |
  while read -r volume phase; do
    [ "$phase" = Released ] || continue
    rm -rf "${root:?}/${volume##*-}" # with the group and the bits that a pod's fsGroup gave it
    mkdir -m 0777 "$root/${volume##*-}"
    kubectl patch persistentvolume "$volume" --type json --patch '[{ "op": "remove", "path": "/spec/claimRef" }]'
  done
