import { hereDocument } from './shell-text.js';
import { PYTHON_SERVE } from './python-serve.js';
import { PYTHON_TRACE } from './python-trace.js';

/** The shell functions of every lab script. @param filtersBridged whether some node's rules see bridged frames */
export const labFunctions = (filtersBridged: boolean): string => `say() { printf '%s\\n' "$*"; }
die() { printf '%s\\n' "$*" >&2; exit 1; }
has() { command -v "$1" > /dev/null 2>&1; }

# What is missing, all of it at once.
check() {
  missing=
  [ "$(id -u)" = 0 ] || missing="$missing root;"
  has ip || missing="$missing ip (Debian: iproute2);"
  has bridge || missing="$missing bridge (Debian: iproute2);"
  has iptables-restore || missing="$missing iptables-restore (Debian: iptables);"
  has python3 || has socat || missing="$missing python3 or socat;"
${filtersBridged ? `  [ -e /proc/sys/net/bridge/bridge-nf-call-iptables ] || modprobe br_netfilter 2> /dev/null ||
    missing="$missing the kernel module br_netfilter;"
` : ''}  [ -z "$missing" ] || die "This needs what is not here:$missing"
}

# Namespaces of this cluster that exist now.
existing() { ip netns list | cut -d ' ' -f 1 | while read -r each; do case $each in "$PREFIX"*) say "$each" ;; esac; done; }

# Kernel settings of one namespace, a path below /proc/sys and a value a line.
tune() {
  ip netns exec "$1" sh -c 'while read -r key value; do
    [ ! -e "/proc/sys/$key" ] || printf "%s\\n" "$value" > "/proc/sys/$key"
  done'
}

# The namespace of a machine: by the model's name (pod:default/web-1), or without its kind (default/web-1, node-1).
find_machine() {
  list_machines | while IFS="$(printf '\\t')" read -r namespace id; do
    case $1 in "$id" | "\${id#*:}") say "$namespace" "$id"; break ;; esac
  done
}

up() {
  check
  [ -z "$(existing)" ] || die "There are namespaces \${PREFIX}* already: take them away with: $0 down"
  say "Making $(list_machines | grep -c .) network namespaces named \${PREFIX}*; nothing else on this machine is changed."
  trap 'status=$?; trap - EXIT; remove; exit "$status"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  build_namespaces
  build_links
  build_machines
  serve
  trap - EXIT INT TERM HUP
  say "Up. Try: $0 trace <from> tcp <address> <port>; and when done: $0 down"
}

serve() {
  if has python3; then
    list_listeners | python3 -c "$(serve_program)" "\${PREFIX}fabric"
    return
  fi
  list_listeners | while read -r namespace kind address port who; do
    case $kind in
      tcp) answer="SYSTEM:echo \\"$who saw \\$SOCAT_PEERADDR\\:\\$SOCAT_PEERPORT\\"; cat > /dev/null" ;;
      udp) answer=PIPE ;;
      relay) kind=tcp answer="TCP:\${who% *}:\${who#* }" ;;
      *) say "without python3 nobody answers ARP for $port in $namespace" && continue ;;
    esac
    ip netns exec "$namespace" socat -t 2 "$kind-listen:$port,bind=$address,fork,reuseaddr" "$answer" < /dev/null > /dev/null 2>&1 &
  done
  patience=50
  list_listeners | while read -r namespace kind address port who; do
    case $kind in
      tcp | relay) until_listens t ;;
      udp) until_listens u ;;
    esac
  done
}

# They start beside each other: waits for the one on $port in $namespace, for all of them together a few seconds.
until_listens() {
  while [ "$patience" -gt 0 ] && [ -z "$(ip netns exec "$namespace" ss "-Hln$1" "sport = :$port")" ]; do
    patience=$((patience - 1))
    sleep 0.1
  done
}

# Programs in this cluster's namespaces, and shells.
inhabitants() { existing | while read -r namespace; do ip netns pids "$namespace"; done; }
stop() { inhabitants | while read -r process; do kill "-$1" "$process" 2> /dev/null || :; done; }

# A namespace lives on for as long as somebody is in it.
remove() {
  stop TERM
  [ -z "$(inhabitants)" ] || sleep 1
  stop KILL
  existing | while read -r namespace; do ip netns delete "$namespace" || :; done
}

down() {
  [ "$(id -u)" = 0 ] || die 'This needs root.'
  remove
  [ -z "$(existing)" ] || die "Some are still there: $(existing)"
  say "Nothing named \${PREFIX}* is left."
}

inside() {
  found=$(find_machine "$1")
  [ -n "$found" ] || die "There is no machine $1; there are: $(list_machines | cut -f 2 | tr '\\n' ' ')"
  [ -n "$(existing)" ] || die "It is not up: build it with: $0 up"
}

shell_in() {
  inside "\${1:?which machine?}"
  say "In \${found#* }; leave with: exit"
  exec ip netns exec "\${found%% *}" "\${SHELL:-/bin/sh}"
}

trace() {
  MACHINES=$(list_machines)
  RELAYS=$(list_listeners | while read -r namespace kind address port to; do [ "$kind" != relay ] || say "\${namespace#"$PREFIX"} $address $port $to"; done)
  export MACHINES RELAYS
  if [ "\${1:-}" = --json ]; then
    exec python3 -c "$(trace_program)" --json
  fi
  [ $# -ge 3 ] || die 'A flow is <from> <tcp|udp|icmp> <address> [<port>].'
  inside "$1"
  if has python3; then
    exec python3 -c "$(trace_program)" "\${found#* }" "$2" "$3" \${4:+"$4"}
  fi
  say 'Without python3 there are no frames to see, only what the client is told:'
  case $2 in
    tcp | udp) say packetwalk | ip netns exec "\${found%% *}" socat -t 2 -T 2 - "$2:$3:\${4:?which port?}" ;;
    *) die 'Without python3 only tcp and udp can be sent.' ;;
  esac
}

main() {
  case \${1:-} in
    up | down) "$1" ;;
    shell) shell_in "\${2:-}" ;;
    trace) shift; trace "$@" ;;
    *) sed -n '2,/^set /{ /^#/s/^# \\{0,1\\}//p; }' "$0"; exit 2 ;;
  esac
}

serve_program() {
${hereDocument('cat', PYTHON_SERVE, 'PYTHON')}
}

trace_program() {
${hereDocument('cat', PYTHON_TRACE, 'PYTHON')}
}`;
