#!/usr/bin/env bash
# Makes this node's certificates and kubeconfigs at its first start. Other nodes than 0 get the
# cluster's authority (ca.crt, ca.key) before they start.
set -euo pipefail

mkdir -p "$PKI"
cd "$PKI"
[ -e complete ] && exit 0
key=(-newkey ec -pkeyopt ec_paramgen_curve:prime256v1) # made in no time, unlike RSA's

# certificate NAME SUBJECT [NAMES], signed by the cluster's authority for 10 years
certificate() {
  openssl req "${key[@]}" -nodes -keyout "$1.key" -out "$1.csr" -subj "$2"
  openssl x509 -req -in "$1.csr" -CA ca.crt -CAkey ca.key -CAcreateserial -out "$1.crt" -days 3650 \
    -extfile <(printf 'extendedKeyUsage=serverAuth,clientAuth\n%s' "${3:+subjectAltName=$3}")
}

# kubeconfig NAME: for the user of the certificate of that name
kubeconfig() {
  export KUBECONFIG=$CONF/$1.conf
  kubectl config set-cluster sandbox --server="https://$CONTROL_PLANE:6443" --certificate-authority=ca.crt --embed-certs
  kubectl config set-credentials "$1" --client-certificate="$1.crt" --client-key="$1.key" --embed-certs
  kubectl config set-context sandbox --cluster=sandbox --user="$1"
  kubectl config use-context sandbox
}

{
  [ -e ca.crt ] || openssl req -x509 "${key[@]}" -nodes -keyout ca.key -out ca.crt -days 3650 \
    -subj /CN=sandbox-ca -addext keyUsage=critical,keyCertSign,cRLSign
  if [ "$NODE_NUMBER" = 0 ]; then
    openssl ecparam -name prime256v1 -genkey -noout -out sa.key
    openssl ec -in sa.key -pubout -out sa.pub
    certificate apiserver /CN=kube-apiserver "DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,DNS:localhost,IP:127.0.0.1,IP:10.96.0.1,IP:$IP"
    certificate kubelet-client /O=system:masters/CN=kube-apiserver-kubelet-client
    certificate front-proxy /CN=front-proxy-client
    certificate controller-manager /CN=system:kube-controller-manager
    certificate scheduler /CN=system:kube-scheduler
    kubeconfig controller-manager
    kubeconfig scheduler
  fi
  certificate admin /O=system:masters/CN=admin
  certificate proxy /CN=system:kube-proxy
  certificate kubelet "/O=system:nodes/CN=system:node:$NODE" "DNS:$NODE,IP:$IP"
  kubeconfig admin
  kubeconfig proxy
  kubeconfig kubelet
} >/var/log/kubernetes/certificates.log 2>&1
touch complete
