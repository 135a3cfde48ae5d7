#!/usr/bin/env bash
# Makes the container's view of the kernel writable where a node writes: mounts, cgroups, devices.
set -euo pipefail

mount --make-rshared /
mount -o remount,rw,bind /sys 2>/dev/null || true
# cgroup v1: one mount a controller, read-only in a container that is not privileged.
findmnt --noheadings --list --output TARGET --types cgroup,cgroup2 | while read -r mount; do
  mount -o remount,rw,bind "$mount" 2>/dev/null || true
done
# cgroup v2: a group with processes of its own cannot hand controllers down, so they move into a leaf.
if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
  mkdir -p /sys/fs/cgroup/node
  while read -r process; do
    echo "$process" >/sys/fs/cgroup/node/cgroup.procs 2>/dev/null || true
  done </sys/fs/cgroup/cgroup.procs
  sed 's/[^ ]\+/+&/g' /sys/fs/cgroup/cgroup.controllers >/sys/fs/cgroup/cgroup.subtree_control
fi
[ -e /dev/kmsg ] || ln -s /dev/console /dev/kmsg
modprobe -a br_netfilter overlay 2>/dev/null || true # most kernels have them built in or loaded
# Answers from a pod on the same bridge have to pass kube-proxy's rules on their way back.
sysctl -qw net.bridge.bridge-nf-call-iptables=1 2>/dev/null || true
