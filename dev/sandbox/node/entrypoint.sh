#!/usr/bin/env bash
# Starts a Kubernetes node in this container; node 0 is the control plane too.
# NODE_NUMBER: 0, 1, …  CONTROL_PLANE: node 0's address.  RESERVE_SYSTEM: true or false, at first start.
# PEERS: the other nodes' numbers and addresses, "1=172.30.0.11 2=…".
set -euo pipefail

: "${NODE_NUMBER:=0}" "${RESERVE_SYSTEM:=true}" "${PEERS:=}"
NODE=$(hostname)
IP=$(hostname -i | cut -d' ' -f1)
: "${CONTROL_PLANE:=$IP}"
PODS=10.244.0.0/16
SERVICES=10.96.0.0/16
LOGS=/var/log/kubernetes
CONF=/etc/kubernetes
PKI=$CONF/pki
export NODE NODE_NUMBER IP CONTROL_PLANE CONF PKI

mkdir -p "$LOGS" /var/lib/etcd
rm -rf /var/lib/cni/networks # addresses of pods that ended with the last start
date -u +%Y-%m-%dT%H:%M:%SZ >/run/started

/sandbox/kernel.sh
/sandbox/certificates.sh
/sandbox/configuration.sh
[ -e "$CONF/kubelet.conf.d" ] || /sandbox/reserve.sh "$RESERVE_SYSTEM"

# Programs that start before the API server wait ever longer between their tries, so they start after.
api_listens() {
  until (: <"/dev/tcp/$CONTROL_PLANE/6443") 2>/dev/null; do sleep 0.1; done
}
after_api() {
  api_listens
  "$@"
}

# Runs a program again whenever it ends, with its output in a log of its own.
keep() {
  local name=$1
  shift
  (while true; do
    "$@" >>"$LOGS/$name.log" 2>&1 || true
    sleep 1
  done) &
}

# Every process gets to close its files, etcd above all; what is left then ends with the container.
trap 'trap "" TERM; kill -TERM -1; sleep 2; exit 0' TERM INT

# Pods' addresses are kept inside the cluster, or NetworkPolicies' selectors would see the node.
iptables -t nat -C POSTROUTING -s $PODS ! -d $PODS -j MASQUERADE 2>/dev/null ||
  iptables -t nat -A POSTROUTING -s $PODS ! -d $PODS -j MASQUERADE
# A Service's address that nobody stands behind, for the moment before kube-proxy says so, must not be looked for outside:
# what is there may answer. Behind a Service's address packets have another destination by now.
iptables -C FORWARD -d $SERVICES -j REJECT 2>/dev/null || iptables -A FORWARD -d $SERVICES -j REJECT
for peer in $PEERS; do ip route replace "10.244.${peer%=*}.0/24" via "${peer#*=}"; done

keep containerd containerd
if [ "$NODE_NUMBER" = 0 ]; then
  # The machine's page cache outlives the container, so etcd need not wait for the disk.
  keep etcd etcd --data-dir=/var/lib/etcd --unsafe-no-fsync \
    --listen-client-urls=http://127.0.0.1:2379 --advertise-client-urls=http://127.0.0.1:2379
  keep apiserver kube-apiserver \
    --advertise-address="$IP" \
    --allow-privileged=true \
    --authorization-mode=Node,RBAC \
    --client-ca-file=$PKI/ca.crt \
    --enable-admission-plugins=NodeRestriction \
    --enable-aggregator-routing=true \
    --etcd-servers=http://127.0.0.1:2379 \
    --kubelet-certificate-authority=$PKI/ca.crt \
    --kubelet-client-certificate=$PKI/kubelet-client.crt \
    --kubelet-client-key=$PKI/kubelet-client.key \
    --proxy-client-cert-file=$PKI/front-proxy.crt \
    --proxy-client-key-file=$PKI/front-proxy.key \
    --requestheader-allowed-names=front-proxy-client \
    --requestheader-client-ca-file=$PKI/ca.crt \
    --requestheader-extra-headers-prefix=X-Remote-Extra- \
    --requestheader-group-headers=X-Remote-Group \
    --requestheader-username-headers=X-Remote-User \
    --service-account-issuer=https://kubernetes.default.svc \
    --service-account-key-file=$PKI/sa.pub \
    --service-account-signing-key-file=$PKI/sa.key \
    --service-cluster-ip-range=$SERVICES \
    --tls-cert-file=$PKI/apiserver.crt \
    --tls-private-key-file=$PKI/apiserver.key
  # The autoscaler looks every 5 s (Minikube's every 15 s), so that tests need not wait for it.
  keep controller-manager after_api kube-controller-manager \
    --allocate-node-cidrs=false \
    --authentication-kubeconfig=$CONF/controller-manager.conf \
    --authorization-kubeconfig=$CONF/controller-manager.conf \
    --cluster-signing-cert-file=$PKI/ca.crt \
    --cluster-signing-key-file=$PKI/ca.key \
    --horizontal-pod-autoscaler-sync-period=5s \
    --kubeconfig=$CONF/controller-manager.conf \
    --leader-elect=false \
    --root-ca-file=$PKI/ca.crt \
    --service-account-private-key-file=$PKI/sa.key \
    --use-service-account-credentials
  keep scheduler after_api kube-scheduler \
    --authentication-kubeconfig=$CONF/scheduler.conf \
    --authorization-kubeconfig=$CONF/scheduler.conf \
    --kubeconfig=$CONF/scheduler.conf \
    --leader-elect=false
fi
keep kubelet after_api kubelet --config=$CONF/kubelet.yaml --config-dir=$CONF/kubelet.conf.d \
  --hostname-override="$NODE" --kubeconfig=$CONF/kubelet.conf --node-ip="$IP"
keep proxy after_api kube-proxy --cluster-cidr=$PODS --conntrack-max-per-core=0 --kubeconfig=$CONF/proxy.conf \
  --oom-score-adj=0 --proxy-mode=iptables
keep addons /sandbox/addons.sh
keep volumes after_api /sandbox/volumes.sh
wait
