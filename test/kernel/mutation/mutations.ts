/** One-line changes that make the model wrong. The comparison with the recorded kernel must find each of them. */

export interface Mutation {
  /** What the mutation makes wrong. */
  readonly name: string;
  /** The chain that it affects, or the number of the fact in the kernel's record. */
  readonly hits: string;
  /** The path below `src`. */
  readonly file: string;
  /** Text that occurs once in the file. */
  readonly search: string;
  readonly replace: string;
  /** The test that finds it, if the recordings of this project's own labs do not. */
  readonly test?: string;
}

/** The test for facts about time and announcements. */
const PUBLIC_RECORD = 'test/kernel/kernel-truth.test.ts';
const WALK = 'domain/walk';
const PROXY = 'compile/kube-proxy/iptables';
const POLICY = 'compile/network-policy';
const PORTMAP = 'compile/cni/portmap';
const UNDERLAY = 'compile/underlay';

export const MUTATIONS: readonly Mutation[] = [
  {
    name: 'a router does not lower the TTL', hits: 'fact 1', file: `${WALK}/forward.ts`, search: 'withTtl(before, before.ttl - 1)',
    replace: 'withTtl(before, before.ttl)',
  },
  {
    name: 'a bridged frame does not keep its source MAC', hits: 'fact 1', file: `${WALK}/bridge.ts`,
    search: '{ source: frame.source, destination: mac, packet: skb.packet, arp: null }',
    replace: '{ source: device.mac, destination: mac, packet: skb.packet, arp: null }',
  },
  {
    name: 'a rewritten frame is routed, not bridged', hits: 'fact 1', file: `${WALK}/bridge.ts`,
    search: "if (routed.kind === 'forward' && routed.route.device === name)",
    replace: "if (routed.kind === 'forward' && routed.route.device === 'none')",
  },
  { name: 'a cold neighbour makes no detour by the bridge device', hits: 'fact 2', file: `${WALK}/bridge.ts`, search: 'if (!confirmed) {', replace: 'if (confirmed) {' },
  {
    name: 'bridged answers are not un-NATed', hits: 'fact 3', file: `${WALK}/bridge.ts`,
    search: "'POSTROUTING', skb, { in: null, out: device.name, nextHop: skb.packet.destination, bridged: true, ...flooded }",
    replace: "'FORWARD', skb, { in: null, out: device.name, nextHop: skb.packet.destination, bridged: true, ...flooded }",
  },
  {
    name: 'bridged frames do not pass FORWARD', hits: 'fact 4', file: `${WALK}/bridge.ts`,
    search: "runHook(walk, host, 'FORWARD', skb, { in: device.name, out: device.name, nextHop: null, bridged: true, ...flooded })", replace: 'true',
  },
  {
    name: 'a flooded frame passes its rules once', hits: 'what changes leave', file: `${WALK}/run-hook.ts`, search: '{ copies: devices.copies }',
    replace: '{ copies: 1 }',
  },
  {
    name: 'of a flooded frame one copy alone is answered', hits: 'what changes leave', file: `${WALK}/run-hook.ts`,
    search: 'copy < (devices.copies ?? 1)', replace: 'copy < 1',
  },
  {
    name: 'what nobody is left to take passes no rules', hits: 'what changes leave', file: `${WALK}/bridge.ts`,
    search: 'if (copies > 0 && !passHooks',
    replace: 'if (copies > 0 && host.netns.bridge(device.name)!.portOfMac(frame.destination) !== null && !passHooks',
  },
  {
    name: 'the bridge device sees a packet as it was before DNAT', hits: 'fact 5', file: `${WALK}/bridge.ts`,
    search: '{ ...withPacket(frame, skb), destination: device.mac }', replace: '{ ...frame, destination: device.mac }',
  },
  {
    name: 'bridge-nf is always on', hits: 'fact 6', file: `${WALK}/bridge.ts`,
    search: 'host.netns.netfilter !== null && host.netns.sysctls.bridgeNfCallIptables', replace: 'host.netns.netfilter !== null',
  },
  {
    name: 'a bridge never sends a frame back where it came from', hits: 'fact 7', file: `${WALK}/bridge.ts`,
    search: 'if (port?.up && (name !== ingress?.name || port.hairpin)) return port;', replace: 'if (port?.up && name !== ingress?.name) return port;',
  },
  {
    name: 'a bridge always sends a frame back where it came from', hits: 'fact 7', file: 'compile/cni/bridge.ts', search: 'hairpin: settings.hairpin',
    replace: 'hairpin: true',
  },
  {
    name: 'ARP broadcasts do not come back to their sender', hits: 'fact 8', file: `${WALK}/flood.ts`,
    search: '(port.name === ingress?.name && !port.hairpin)', replace: 'port.name === ingress?.name',
  },
  {
    name: 'NAT of the source is undone nowhere', hits: 'fact 10', file: `${WALK}/nat.ts`,
    search: "const undone = direction === 1 ? other(side) : side;", replace: 'const undone = side;',
  },
  {
    name: 'a question carries the wrong address', hits: 'fact 11', file: `${WALK}/neighbour.ts`,
    search: 'if (host.netns.localInterface(source) !== null) return source;', replace: '',
  },
  {
    name: 'a question never carries a loopback address', hits: 'fact 11', file: `${WALK}/neighbour.ts`,
    search: 'if (host.netns.localInterface(source) !== null) return source;',
    replace: 'if (source >>> 24 !== 127 && host.netns.localInterface(source) !== null) return source;',
  },
  {
    name: 'who is asked does not learn the asker', hits: 'fact 12', file: `${WALK}/arp.ts`,
    search: 'if (isLocal || host.neighbour(device.name, arp.senderIp)) learnAsker',
    replace: 'if (host.neighbour(device.name, arp.senderIp)) learnAsker',
  },
  {
    name: 'ARP is answered with the wrong MAC', hits: 'fact 12', file: `${WALK}/arp.ts`, search: "arp: { op: 'reply', senderMac: device.mac,",
    replace: "arp: { op: 'reply', senderMac: arp.senderMac,",
  },
  { name: 'a switch floods what it knows', hits: 'fact 17', file: `${WALK}/bridge.ts`, search: 'if (known !== null) {', replace: 'if (known === null) {' },
  {
    name: 'a switch floods ARP answers whose port it knows', hits: 'fact 17, ARP', file: `${WALK}/arp.ts`, search: 'if (known === null) {',
    replace: 'if (known !== null) {',
  },
  {
    name: 'a bridge hears its own questions', hits: 'fact 8, ARP', file: `${WALK}/arp.ts`, search: "  if (ingress) {\n    walk.capture",
    replace: "  if (name) {\n    walk.capture",
  },
  {
    name: 'MASQUERADE takes the last address', hits: 'fact 18', file: `${WALK}/nat.ts`, search: '(onLink ?? addresses[0])?.address',
    replace: 'addresses.at(-1)?.address',
  },
  {
    name: 'MASQUERADE on lo takes a loopback address', hits: 'fact 18', file: `${WALK}/nat.ts`,
    search: '?.addresses.filter(({ address }) => !isLoopback(address)) ?? []', replace: '?.addresses ?? []',
  },
  { name: 'a port is always replaced', hits: 'fact 19', file: `${WALK}/free-source.ts`, search: 'if (!randomly) {', replace: 'if (randomly) {' },
  {
    name: 'a node process is not routed again after DNAT', hits: 'fact 20', file: `${WALK}/output.ts`,
    search: 'skb.packet.destination === destination ? route : lookup(host, skb.packet.destination)', replace: 'route',
  },
  { name: 'route_localnet does not matter', hits: 'fact 21', file: `${WALK}/output.ts`, search: '&& !netns.sysctls.routeLocalnet;', replace: '&& false;' },
  {
    name: 'the nat table is asked for every packet', hits: 'fact 22', file: `${WALK}/run-hook.ts`, search: 'if (!isUndecided(skb, side)) {',
    replace: 'if (skb.connection === null || isIcmpError(skb.packet)) {',
  },
  {
    name: 'a taken port is kept at INPUT', hits: 'fact 19', file: `${WALK}/run-hook.ts`,
    search: 'if (isNew) bind(host, skb, side, null, walk.choices, null);', replace: '',
  },
  {
    name: 'the cluster\'s own addresses are masqueraded', hits: 'fact 22, IP-MASQ-AGENT', file: 'compile/masquerade/masquerade-agent.ts',
    search: 'target: RETURN,', replace: "target: { kind: 'CONTINUE' },",
  },
  {
    name: 'a dropped packet\'s connection is kept', hits: 'fact 23', file: `${WALK}/run-hook.ts`,
    search: "(hook !== 'POSTROUTING' && hook !== 'INPUT') || confirm(", replace: "(hook !== 'PREROUTING' && hook !== 'OUTPUT') || confirm(",
  },
  {
    name: 'an entry outlives the reset of a closed port', hits: 'fact 24', file: `${WALK}/conntrack.ts`,
    search: 'isReset) host.connections.remove(connection);', replace: 'false) host.connections.remove(connection);',
  },
  {
    name: 'a client\'s own reset is out of place', hits: 'fact 24', file: `${WALK}/conntrack.ts`, search: " && packet.flags !== 'SYN' && !isReset)",
    replace: " && packet.flags !== 'SYN')",
  },
  {
    name: 'a packet for no address goes on', hits: 'own-arrivals', file: `${WALK}/route-lookup.ts`,
    search: "  if (destination === UNSPECIFIED) return refuse('MARTIAN_DESTINATION');\n", replace: '',
  },
  {
    name: 'errors are not NATed with their flow', hits: 'fact 25', file: `${WALK}/nat.ts`,
    search: 'isIcmpError(before) ? rewriteError(before, opposite, side) : rewrite(before, invertTuple(opposite), side)',
    replace: 'isIcmpError(before) ? before : rewrite(before, invertTuple(opposite), side)',
  },
  { name: 'errors leave with another TTL', hits: 'fact 26', file: `${WALK}/icmp-error.ts`, search: 'DEFAULT_TTL = 64', replace: 'DEFAULT_TTL = 255' },
  {
    name: 'a service without endpoints drops in silence', hits: 'fact 27', file: `${PROXY}/service-port-rules.ts`,
    search: '`${servicePort} has no endpoints`, REJECT', replace: '`${servicePort} has no endpoints`, DROP',
  },
  {
    name: 'virtual IPs lead nowhere', hits: 'KUBE-SERVICES', file: `${PROXY}/service-port-rules.ts`,
    search: 'return this.#toAddress(VIP_COMMENT[kind], address, jump(this.#chainFor(kind)));', replace: 'return null;',
  },
  {
    name: 'a router keeps silent where it has no route', hits: 'fact 29', file: `${WALK}/receive.ts`,
    search: 'icmpError(walk, host, skb, ICMP.UNREACHABLE, ICMP.code.NET_UNREACHABLE);', replace: '',
  },
  {
    name: 'an own source address is taken from outside', hits: 'fact 30', file: `${WALK}/route-lookup.ts`,
    search: "if (isOwnSource(netns, source)) return 'MARTIAN_SOURCE';", replace: '',
  },
  {
    name: 'nobody is told that a neighbour does not answer', hits: 'fact 31', file: `${WALK}/neighbour.ts`,
    search: 'icmpError(walk, host, skb, ICMP.UNREACHABLE, ICMP.code.HOST_UNREACHABLE);', replace: '',
  },
  {
    name: 'nobody is told that a cable is cut', hits: 'fact 32', file: `${WALK}/send-by.ts`,
    search: 'icmpError(walk, host, skb, ICMP.UNREACHABLE, ICMP.code.HOST_UNREACHABLE);', replace: '',
  },
  {
    name: 'a SYN-ACK may begin a connection', hits: 'fact 34', file: `${WALK}/conntrack.ts`, search: "return flags === 'SYN' ||",
    replace: "return flags === 'SYN-ACK' || flags === 'SYN' ||",
  },
  {
    name: 'UDP clients hear of expired TTLs', hits: 'fact 35', file: 'services/traces/client-outcome.ts',
    search: "  if (protocol === 'UDP') return null;\n", replace: '',
  },
  {
    name: 'Local without a local endpoint goes elsewhere', hits: 'fact 38, KUBE-EXTERNAL-SERVICES', file: `${PROXY}/service-port-rules.ts`,
    search: 'this.hasExternalEndpoints = hasAny && (hasLocal || !isExternalPolicyLocal(service));', replace: 'this.hasExternalEndpoints = hasAny;',
  },
  {
    name: 'source ranges let everybody in', hits: 'fact 38, KUBE-PROXY-FIREWALL', file: `${PROXY}/service-port-rules.ts`,
    search: 'if (!this.usesFirewall || !this.vips.includes(address)) return null;', replace: 'if (this.usesFirewall) return null;',
  },
  {
    name: 'marked packets do not pass KUBE-FORWARD', hits: 'fact 39, KUBE-FORWARD', file: `${PROXY}/fixed-chains.ts`,
    search: "{ matches: [comment('kubernetes forwarding rules'), hasMark(false)], target: ACCEPT },", replace: '',
  },
  {
    name: 'answers do not pass KUBE-FORWARD', hits: 'fact 39, KUBE-FORWARD', file: `${PROXY}/fixed-chains.ts`,
    search: "states: ['RELATED', 'ESTABLISHED'], negate: false }], target: ACCEPT }",
    replace: "states: ['RELATED'], negate: false }], target: ACCEPT }",
  },
  {
    name: 'a packet that is too big is sent', hits: 'fact 40', file: `${WALK}/output.ts`, search: "if (isTooLong && what === 'request') {",
    replace: "if (isTooLong && what === 'answer') {",
  },
  {
    name: 'a packet that is too big passes', hits: 'fact 40', file: `${WALK}/forward.ts`, search: 'before.dontFragment && ipLength(before) > mtu',
    replace: '!before.dontFragment && ipLength(before) > mtu',
  },
  { name: 'a packet that is too big leaves', hits: 'fact 40', file: `${WALK}/send-by.ts`, search: 'ipLength(skb.packet) > mtu', replace: 'ipLength(skb.packet) < 0' },
  {
    name: 'a link that was too narrow is forgotten at once', hits: 'what earlier flows leave', file: `${WALK}/deliver.ts`,
    search: 'host.learnPathMtu(quoted.destination, believedMtu(mtu));', replace: ';',
  },
  {
    name: 'a host that asks itself is seen at the address that was asked', hits: 'fact 20', file: `${WALK}/route-lookup.ts`,
    search: 'source: isOther ? LOOPBACK : address', replace: 'source: address',
  },
  { name: 'strict reverse paths let everybody in', hits: 'fact 41', file: `${WALK}/route-lookup.ts`, search: "return 'REVERSE_PATH';", replace: 'return null;' },
  {
    name: 'the mark is not set', hits: 'KUBE-MARK-MASQ', file: `${PROXY}/fixed-chains.ts`,
    search: "target: { kind: 'MARK', value: MASQUERADE_MARK, mask: MASQUERADE_MARK }",
    replace: "target: { kind: 'MARK', value: 0, mask: MASQUERADE_MARK }",
  },
  {
    name: 'what is not marked is masqueraded', hits: 'KUBE-POSTROUTING', file: `${PROXY}/fixed-chains.ts`,
    search: '  { matches: [hasMark(true)], target: RETURN },\n', replace: '',
  },
  {
    name: 'rules are run in the wrong order', hits: 'KUBE-SEP', file: `${PROXY}/endpoint-chain.ts`, search: '(this.#rules ??= this.#compile())',
    replace: '(this.#rules ??= this.#compile().toReversed())',
  },
  {
    name: 'the masquerade agent is not asked', hits: 'POSTROUTING', file: 'compile/masquerade/masquerade-agent.ts',
    search: "table === 'nat' && hook === 'POSTROUTING' ? POSTROUTING : NO_RULES", replace: 'NO_RULES',
  },
  {
    name: 'a pod reaches itself without masquerade', hits: 'KUBE-SEP', file: `${PROXY}/endpoint-chain.ts`,
    search: 'source: { value: hostCidr(this.#endpoint.ip), negate: false }, matches: about',
    replace: 'source: { value: hostCidr(this.#endpoint.ip), negate: true }, matches: about',
  },
  { name: 'DNAT keeps the port', hits: 'KUBE-SEP', file: `${PROXY}/endpoint-chain.ts`, search: 'port: this.#endpoint.port },', replace: 'port: null },' },
  {
    name: 'external traffic is not masqueraded', hits: 'KUBE-EXT', file: `${PROXY}/service-chains.ts`,
    search: 'rules.push({ matches: [comment(`masquerade traffic for ${names.servicePort} external destinations`)], target: TO_MASQUERADE });',
    replace: '',
  },
  {
    name: 'who comes from outside the pods is not masqueraded', hits: 'KUBE-SVC', file: `${PROXY}/service-chains.ts`,
    search: 'rules.push(servicePort.toClusterIp(TO_MASQUERADE, { value: localTraffic, negate: true }))',
    replace: 'rules.push(servicePort.toClusterIp(TO_MASQUERADE, { value: localTraffic, negate: false }))',
  },
  {
    name: 'the source ranges are turned round', hits: 'KUBE-FW', file: `${PROXY}/service-chains.ts`,
    search: 'source: { value, negate: false }, matches: [about], target', replace: 'source: { value, negate: true }, matches: [about], target',
  },
  {
    name: 'internalTrafficPolicy Local takes any endpoint', hits: 'KUBE-SVL', file: `${PROXY}/service-port-rules.ts`,
    search: "if (kind === 'clusterIP') return isInternalPolicyLocal(this.service) ? this.names.localChain : this.names.clusterChain;",
    replace: "if (kind === 'clusterIP') return this.names.clusterChain;",
  },
  {
    name: 'node ports have no rules', hits: 'KUBE-NODEPORTS', file: `${PROXY}/service-port-rules.ts`,
    search: 'if (this.port.nodePort === 0 || !this.endpoints.hasAny) return null;', replace: 'if (this.port.nodePort !== 0) return null;',
  },
  { name: 'kube-proxy is not asked on the way out', hits: 'OUTPUT', file: `${PROXY}/fixed-chains.ts`, search: '    OUTPUT: PORTALS,\n', replace: '' },
  {
    name: 'localhost is open to others', hits: 'KUBE-FIREWALL', file: `${PROXY}/fixed-chains.ts`,
    search: "states: ['RELATED', 'ESTABLISHED', 'DNAT'], negate: true }],\n  target: DROP,",
    replace: "states: ['RELATED', 'ESTABLISHED', 'DNAT'], negate: false }],\n  target: DROP,",
  },
  { name: 'port forwards lead nowhere', hits: 'the gateway', file: 'compile/underlay/gateway-netfilter.ts', search: 'port: forward.toPort }', replace: 'port: null }' },
  {
    name: 'a bridge\'s device sees what is bridged past it', hits: 'fact 9', file: `${WALK}/bridge.ts`,
    search: '  transmit(walk, host, out, withPacket(frame, skb), skb);',
    replace: "  walk.capture(host, device.name, 'rx', frame, skb.packet.id);\n  transmit(walk, host, out, withPacket(frame, skb), skb);",
  },
  {
    name: 'nodes ask for pods on the node network', hits: 'fact 14', file: 'compile/cni/bridge.ts',
    search: "routeVia(podCIDR, node.internalIP, 'eth0', null,",
    replace: "({ ...routeVia(podCIDR, node.internalIP, 'eth0', null, ''), via: null }) ?? routeVia(podCIDR, node.internalIP, 'eth0', null,",
  },
  {
    name: 'errors come from the address that was asked for', hits: 'fact 28', file: `${WALK}/icmp-error.ts`,
    search: 'host.netns.localInterface(packet.destination) === null ? UNSPECIFIED : packet.destination', replace: 'packet.destination',
  },
  {
    name: 'a router tells of a better way', hits: 'fact 33', file: `${WALK}/forward.ts`, search: '  skb.packet = withTtl(before, before.ttl - 1);',
    replace: '  if (inDevice === route.device) icmpError(walk, host, skb, 5, 1);\n  skb.packet = withTtl(before, before.ttl - 1);',
  },
  {
    name: 'what is invalid passes', hits: 'fact 34, KUBE-FORWARD', file: `${PROXY}/fixed-chains.ts`,
    search: "states: ['INVALID'], negate: false }], target: DROP,", replace: "states: ['INVALID'], negate: true }], target: ACCEPT,",
  },
  {
    name: 'exceptions of an ipBlock count for nothing', hits: 'fact 36, KUBE-NWPLCY', file: `${POLICY}/rule-matches.ts`,
    search: 'subtractBlocks(block, peer.except)', replace: '[block]',
  },
  {
    name: 'the own node\'s processes need to be allowed', hits: 'fact 37, KUBE-POD-FW, KUBE-ROUTER-OUTPUT', file: `${POLICY}/pod-chain.ts`,
    search: 'if (inbound) rules.push(', replace: 'if (!inbound) rules.push(',
  },
  {
    name: 'what is routed passes no policies', hits: 'KUBE-ROUTER-FORWARD', file: `${POLICY}/policy-node.ts`,
    search: 'new DispatchChain(FORWARD_CHAIN, this, DIRECTIONS)', replace: 'new DispatchChain(FORWARD_CHAIN, this, [])',
  },
  {
    name: 'who receives is asked before who sends', hits: 'KUBE-ROUTER-FORWARD', file: `${POLICY}/policy-node.ts`,
    search: "readonly Direction[] = ['EGRESS', 'INGRESS'];", replace: "readonly Direction[] = ['INGRESS', 'EGRESS'];",
  },
  {
    name: 'pods may send to their node what they like', hits: 'KUBE-ROUTER-INPUT', file: `${POLICY}/policy-node.ts`,
    search: "new DispatchChain(INPUT_CHAIN, this, ['EGRESS'])", replace: 'new DispatchChain(INPUT_CHAIN, this, [])',
  },
  {
    name: 'policies come after kube-proxy', hits: 'KUBE-ROUTER-FORWARD', file: 'compile/netfilter/node-netfilter.ts',
    search: 'const all = [...(policies ? [networkPolicyProgram] : []), kubeProxyOf(settings),',
    replace: 'const all = [kubeProxyOf(settings), ...(policies ? [networkPolicyProgram] : []),',
  },
  {
    name: 'answers need to be allowed', hits: 'KUBE-POD-FW', file: `${POLICY}/pod-chain.ts`,
    search: "states: ['RELATED', 'ESTABLISHED'], negate: false }", replace: "states: ['RELATED'], negate: false }",
  },
  {
    name: 'a pod needs leave to reach itself', hits: 'KUBE-POD-FW', file: `${POLICY}/pod-chain.ts`,
    search: '{ ...(inbound ? { source: own } : { destination: own }), matches: [policyComment(\'a pod can not',
    replace: '{ ...(inbound ? { destination: own } : { source: own }), matches: [policyComment(\'a pod can not',
  },
  {
    name: 'what no policy allows passes', hits: 'KUBE-POD-FW', file: `${POLICY}/pod-chain.ts`, search: 'if (network.length > 0) {',
    replace: 'if (network.length > 9) {',
  },
  {
    name: 'what one pod\'s policies allow, the next one\'s need not', hits: 'KUBE-POD-FW', file: `${POLICY}/pod-chain.ts`,
    search: '    rules.push({ matches: [IS_DECIDED], target: FORGET });\n', replace: '',
  },
  {
    name: 'denied packets are lost where an error is asked for', hits: 'KUBE-POD-FW', file: `${POLICY}/denial.ts`,
    search: "networkPolicy.denyWith === 'REJECT' ? REJECT : DROP", replace: "networkPolicy.denyWith === 'REJECT' ? DROP : REJECT",
  },
  {
    name: 'a policy\'s port is any port', hits: 'KUBE-NWPLCY', file: `${POLICY}/policy-chain.ts`,
    search: 'if (ports && (ports.range.from > 0 || ports.range.to < 65535)) tests', replace: 'if (ports && ports.range.from > 65535) tests',
  },
  {
    name: 'a policy says nothing of UDP', hits: 'KUBE-NWPLCY', file: `${POLICY}/policy-chain.ts`,
    search: '...(ports && { protocol: ports.protocol })', replace: "...(ports && { protocol: 'TCP' as const })",
  },
  {
    name: 'an administrators\' policy only allows', hits: 'KUBE-ANPLCY', file: `${POLICY}/policy-chain.ts`,
    search: "if (action === 'DENY') return denial(", replace: "if (action === 'PASS') return denial(",
  },
  {
    name: 'what is passed on is allowed', hits: 'KUBE-ANPLCY', file: `${POLICY}/policy-chain.ts`, search: "action === 'ALLOW' ? ALLOW : PASS",
    replace: "action === 'DENY' ? PASS : ALLOW",
  },
  {
    name: 'the baseline is not asked', hits: 'KUBE-BNPLCY', file: `${POLICY}/pod-chain.ts`,
    search: 'return [...admin, ...(network.length > 0 ? network : baseline)];', replace: 'return [...admin, ...network];',
  },
  {
    name: 'host ports lead nowhere', hits: 'CNI-HOSTPORT-DNAT', file: `${PORTMAP}/portmap.ts`,
    search: "table === 'nat' && (hook === 'PREROUTING' || hook === 'OUTPUT') ? TO_TOP", replace: "table === 'nat' && hook === 'OUTPUT' ? TO_TOP",
  },
  {
    name: 'a pod that asks by its own host port is not masqueraded', hits: 'CNI-HOSTPORT-MASQ', file: `${PORTMAP}/portmap.ts`,
    search: "table === 'nat' && hook === 'POSTROUTING' ? TO_MASQUERADE", replace: "table === 'nat' && hook === 'INPUT' ? TO_MASQUERADE",
  },
  {
    name: 'host ports set no mark', hits: 'CNI-HOSTPORT-SETMARK', file: `${PORTMAP}/portmap.ts`,
    search: "target: { kind: 'MARK', value: MARK, mask: MARK }", replace: "target: { kind: 'MARK', value: 0, mask: MARK }",
  },
  {
    name: 'a host port keeps its number', hits: 'CNI-DN', file: `${PORTMAP}/pod-ports.ts`, search: 'address: pod.ip, port: containerPort }',
    replace: 'address: pod.ip, port: hostPort }',
  },
  {
    name: 'a host port is for every address', hits: 'CNI-DN', file: `${PORTMAP}/pod-ports.ts`, search: '...(hostIP !== undefined && {',
    replace: '...(hostIP === undefined && hostPort < 0 && {',
  },
  {
    name: 'a proxying load balancer connects to the service\'s port', hits: 'cloud-lb', file: 'services/traces/run-path.ts',
    search: 'destination: node.internalIP, destinationPort: nodePort,', replace: 'destination: node.internalIP, destinationPort: match.port.port,',
  },
  {
    name: 'a proxying load balancer passes on pings', hits: 'cloud-lb', file: 'services/traces/run-path.ts',
    search: "each.kind === 'loadBalancer' && each.port.port === port && each.port.protocol === request.protocol",
    replace: "each.kind === 'loadBalancer'",
  },
  {
    name: 'kube-proxy takes what is for a proxying load balancer', hits: 'cloud-lb', file: 'compile/kube-proxy/service-traffic.ts',
    search: "ipMode === 'VIP'", replace: "ipMode !== undefined",
  },
  {
    name: 'the gateway sends a proxied address to a node', hits: 'cloud-lb', file: `${UNDERLAY}/gateway.ts`,
    search: "if (ipModeOf(match.service, address) === 'Proxy') {", replace: "if (ipModeOf(match.service, address) === undefined) {",
  },
  {
    name: 'node ports work on every address', hits: 'KUBE-SERVICES', file: 'compile/kube-proxy/node-port-addresses.ts',
    search: 'filter((address) => this.matchAll ||', replace: 'filter((address) => address >= 0 ||',
  },
  {
    name: 'entries that were learned from a question are never checked', hits: 'fact 13', test: PUBLIC_RECORD, file: `${WALK}/probe-neighbours.ts`,
    search: 'DELAY_SECONDS = 5;', replace: 'DELAY_SECONDS = 500;',
  },
  {
    name: 'an announcement moves nothing', hits: 'fact 16', test: PUBLIC_RECORD, file: `${WALK}/arp.ts`,
    search: 'if (host.neighbour(device.name, arp.senderIp)) learnAsker(host, device, arp);', replace: '',
  },
  {
    name: 'a known client is forgotten', hits: 'KUBE-SVC', file: `${WALK}/match-rule.ts`,
    search: "if (match.kind === 'recentSet') host.rememberRecent(", replace: "if (match.kind === 'recentCheck') host.rememberRecent(",
  },
  { name: 'a taken port is taken twice', hits: 'fact 19', file: `${WALK}/free-source.ts`, search: 'if (isFree(kept)) return kept;', replace: 'return kept;' },
  {
    name: 'who was asked for on a cut link is forgotten with whatever changes', hits: 'what changes leave', file: `${WALK}/forget-gone.ts`,
    search: '!unplugged.has(entry.device) ? [entry] : [];', replace: '!unplugged.has(entry.device) ? [] : [];',
  },
  {
    name: 'a link that goes down takes no neighbours with it', hits: 'what changes leave', file: `${WALK}/forget-gone.ts`,
    search: 'if (isUp(entry.device)) return [sinceDown ? known : entry];', replace: 'if (entry.device) return [sinceDown ? known : entry];',
  },
  {
    name: 'a pod that is made anew knows what was open', hits: 'what changes leave', file: `${WALK}/deliver.ts`,
    search: "const isKnown = !isData || host.socketOf(packet) !== undefined;", replace: 'const isKnown = true;',
  },
  {
    name: 'an acknowledgement that nobody knows is not reset', hits: 'what changes leave', file: `${WALK}/deliver.ts`,
    search: "(packet.flags === 'ACK' && !host.socketOf(packet))", replace: "(packet.flags === 'RST-ACK' && !host.socketOf(packet))",
  },
  {
    name: 'kube-proxy leaves connections to endpoints that are gone', hits: 'what changes leave', file: 'compile/kube-proxy/stale-connections.ts',
    search: "if (original.protocol !== 'UDP') return false;", replace: "if (original.protocol !== 'TCP') return false;",
  },
  {
    name: 'nobody in the network of another host is asked for by the host of the trace', hits: 'isp', file: `${UNDERLAY}/isp.ts`,
    search: 'return [...plan.internetHosts.keys()].find((each) => contains(network, each));', replace: 'return undefined;',
  },
  {
    name: 'the router has an address towards the host of the trace alone', hits: 'isp', file: `${UNDERLAY}/isp.ts`,
    search: 'address === routerAddressFor(other) ? nameOfOther(other) : own', replace: 'address === routerAddressFor(other) ? own : own',
  },
  {
    name: 'the internet forgets a host when another asks', hits: 'isp', file: 'services/traces/run-path.ts',
    search: 'namedAsIn(question.network, live.tables)', replace: 'live.tables',
  },
];
