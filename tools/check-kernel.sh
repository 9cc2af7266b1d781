#!/usr/bin/env bash
# Builds labs on this machine's kernel and compares: the fixed set, then clusters from a fixed seed and from a new one.
# Exits with 75 if the machine has no namespaces or no netfilter; if it has both, it is a failure if nothing was compared.
set -u
cd "$(dirname "$0")/.."

missing() { for tool in "$@"; do command -v "$tool" > /dev/null 2>&1 || printf '%s ' "$tool"; done; }

if [ "$(id -u)" != 0 ] || ! unshare --net true 2> /dev/null; then
  printf '!!! SKIPPED, NOTHING WAS COMPARED WITH A KERNEL: this needs root and network namespaces\n'
  exit 75
fi
if [ ! -e /proc/sys/net/netfilter ] && ! modprobe nf_conntrack 2> /dev/null; then
  printf '!!! SKIPPED, NOTHING WAS COMPARED WITH A KERNEL: this one has no netfilter\n'
  exit 75
fi
tools=(ip bridge ebtables ss iptables-restore conntrack python3 socat)
if [ -n "$(missing "${tools[@]}")" ] && command -v apt-get > /dev/null 2>&1; then
  printf 'installing %sfrom Debian\n' "$(missing "${tools[@]}")"
  { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends iproute2 iptables conntrack python3 socat; } > /tmp/packetwalk-apt.log 2>&1 || tail -5 /tmp/packetwalk-apt.log
fi
if [ -n "$(missing "${tools[@]}")" ]; then
  printf 'namespaces and netfilter are here, but not %s\n' "$(missing "${tools[@]}")"
  exit 1
fi

printf 'the inside views and the lab script\n'
KERNEL=required npm test --silent -- test/kernel/inside.test.ts test/kernel/script.test.ts || exit 1
fresh=$(date +%s)
printf 'the fixed set, and seed 7\n'
npm run --silent test:kernel -- --set --random "${KERNEL_FLOWS:-50}" --seed 7 || exit 1
printf 'the fresh seed %s\n' "$fresh"
npm run --silent test:kernel -- --random "${KERNEL_FLOWS:-50}" --seed "$fresh"
