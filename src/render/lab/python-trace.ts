import { PYTHON_CAPTURE } from './python-capture.js';
import { PYTHON_CLIENTS } from './python-clients.js';
import { PYTHON_COMMON } from './python-common.js';
import { PYTHON_STATE } from './python-state.js';

/**
 * Sends real packets and tells what became of them. The machines are read from the variable MACHINES, a line each
 * (namespace, id), and what proxies connect to from RELAYS (id, address, port, address and port of the backend).
 * Arguments: a flow in words; or `--json`, and flows from stdin as JSON, a line each, with an answer of a line each.
 *
 * With `--json` what follows a question and its answer on a TCP connection is held back where it begins, so that tables
 * and counters are read while they hold those two alone, and the data that the flow asks for. A proxy therefore never
 * takes a connection: what it would connect to is asked from its machine instead.
 */
export const PYTHON_TRACE = `${PYTHON_COMMON}${PYTHON_CAPTURE}${PYTHON_STATE}${PYTHON_CLIENTS}${String.raw`
QUIET, LIMIT, SETTLE = 0.35, 0.95, 0.02  # seconds; a SYN is sent again after one
LOCKED = 1.1  # for a second a new place of a neighbour is not taken for wrong (locktime)
RESOLVED = 2.0  # by then every question has been answered, or given up
RELAYS = {}  # what a proxy asks for whoever has connected to it
for line in os.environ["RELAYS"].splitlines():
    proxy, address, port, to, to_port = line.split(" ")
    RELAYS[address, int(port)] = {"from": proxy, "to": to, "port": int(to_port)}

class Lab:
    def __init__(self, machines):
        self.namespaces = [Namespace(name, who) for name, who in machines]
        self.by_id = {namespace.who: namespace for namespace in self.namespaces}
        self.rings = [Ring(name, who) for name, who in machines]
        self.counters, self.open, self.spoken = [], [], False
        enter(self.namespaces[0].name)
        self.log = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.log.setblocking(False)
        self.log.bind("\0" + self.namespaces[0].name + "/served")

    def frames(self):
        return [frame for ring in self.rings for frame in ring.take()]

    def run(self, flow):
        state = flow.get("state")  # FRESH: the first of several that leave each other their tables; KEPT: a later one
        self.close(("udp", "icmp") if state == "KEPT" else ("tcp", "udp", "icmp"))  # an open connection is part of what is left
        for namespace in self.namespaces if state != "KEPT" and self.spoken else []:  # its server was not told of the end
            enter(namespace.name)
            subprocess.run(["ss", "-K", "-t", "state", "connected"], stdout=subprocess.DEVNULL)
        self.spoken = state == "KEPT" and self.spoken
        if "cut" in flow:
            self.plug(flow["cut"])
        if "kept" in flow:
            self.follow(flow["kept"])
        for namespace in self.namespaces if state != "KEPT" else []:
            if flow.get("neighbours") != "WARM":
                namespace.forget_neighbours()
            namespace.forget_connections()
        open_one = self.open_one(flow) if state == "KEPT" else None
        for namespace in self.namespaces if open_one else []:
            let_acknowledge(namespace, "-I")
        if "announcement" in flow:
            self.announce(**flow["announcement"])
        before = [counters.read() for counters in self.counters]
        self.frames()
        self.served()
        frames, held = [], self.half_open()
        clients = [self.send(flow, frames, open_one)]
        backend = RELAYS.get((flow["to"], flow.get("port"))) if flow["protocol"] == "tcp" else None
        for following in flow.get("next", []) + ([{**backend, "protocol": "tcp"}] if backend else []):
            if clients[-1].outcome in ("connected", "answered"):
                clients.append(self.send(following, frames))
        client = next((each for each in clients if each.flow.get("decides")), clients[0])
        for namespace in self.namespaces if open_one else []:
            let_acknowledge(namespace, "-D")
        answer = {"outcome": client.outcome or "timeout", "from": client.origin, "served": [row for row in self.half_open() if row not in held] + self.served()}
        answer.update(self.tables())
        answer["rules"] = [rule for counters, earlier in zip(self.counters, before) for rule in counters.since(earlier)]
        answer["frames"] = [read_frame(*frame) for frame in sorted(frames)]
        self.spoken = self.spoken or open_one is not None
        self.open = [each for each in self.open if each is not open_one] + ([] if open_one else clients)
        if state is None:
            self.close()
        return answer

    def announce(self, node, ip):
        "The node says out of its eth0, to everybody, that the address is its own."
        enter(self.by_id["node:" + node].name)
        with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0) as link:
            link.bind(("eth0", 0))
            own, address = link.getsockname()[4], socket.inet_aton(ip)
            link.send(b"\xff" * 6 + own + b"\x08\x06\0\1\x08\0\6\4\0\1" + own + address + bytes(6) + address)
        time.sleep(LOCKED)

    def open_one(self, flow):
        "The client that has this very connection open."
        same = lambda each: all(each.flow.get(key) == flow.get(key) for key in ("from", "source", "to", "port", "sourcePort"))
        return next((each for each in self.open if flow["protocol"] == "tcp" and each.outcome == "connected" and "arrives" not in each.flow and same(each)), None)

    def follow(self, kept):
        "The cluster has changed: rules and interfaces are others, and kube-proxy has deleted all connections over UDP but these."
        self.counters = [Counters(namespace) for namespace in self.namespaces if namespace.has_rules]
        for namespace, ring in zip(self.namespaces, self.rings):
            enter(namespace.name)
            namespace.links = socket.if_nameindex()
            namespace.names.update(namespace.links)
            ring.names.update(namespace.links)
            namespace.keep_neighbours()
        for node in self.namespaces:
            if node.who.startswith("node:"):
                node.forget_datagrams([line.split(" ")[2:] for line in kept if line.split(" ")[0] == node.who])

    def plug(self, cut):
        "Plugs in the cables of all nodes but these, at the switch."
        outside = self.by_id["fabric"]
        for node in self.namespaces:
            if not node.who.startswith("node:") or node.is_plugged("eth0") == (node.who[5:] not in cut):
                continue
            enter(outside.name)
            subprocess.run(["ip", "link", "set", outside.names[node.other_end("eth0")], "down" if node.is_plugged("eth0") else "up"], check=True)
            while node.is_plugged("eth0") != (node.who[5:] not in cut):
                time.sleep(0.01)  # the other end hears of it within a second

    def close(self, kinds=("tcp", "udp", "icmp")):
        for client in self.open:
            if client.flow["protocol"] in kinds:
                client.socket.close()
        self.open = [client for client in self.open if client.flow["protocol"] not in kinds]

    def send(self, flow, frames, open_one=None):
        "Asks, and waits until nothing more becomes of it."
        enter(self.by_id[flow["from"]].name)
        client = Segment(open_one, flow) if open_one else Arrival(flow, self) if "arrives" in flow else Client(flow)
        begin = last = time.monotonic()
        asks = False
        while True:
            known = client.outcome
            learned = client.poll() != known
            new = client.hear(self.frames())  # after the client has looked: what it was told by is among them
            frames += new
            now = time.monotonic()
            last = now if new or learned else last
            if now - begin > LIMIT and client.outcome is None:
                if not open_one:
                    client.socket.close()  # before it sends again
                client.outcome = "timeout"
            quiet = QUIET if client.outcome is None else SETTLE
            if now - last > quiet:
                asked, asks = asks, self.asks()
                if now - begin > LIMIT + RESOLVED or not (asks or asked):
                    break
                last = now - quiet + SETTLE  # when a question is given up, an error follows
            time.sleep(0.002)
        if open_one:
            client.end()
        elif client.outcome is None:
            client.socket.close()
        if "arrives" in flow:
            enter(self.by_id["fabric"].name)
            client.bridge("-F", "FORWARD")
        return client

    def asks(self):
        "Does anybody wait for an answer to ARP?"
        return any(state == 1 for namespace in self.namespaces for _, _, _, state in namespace.neighbours())

    def served(self):
        found = []
        while True:
            try:
                found.append(json.loads(self.log.recv(4096)))
            except BlockingIOError:
                return found

    def half_open(self):
        "Connections that a server has answered: the client's third packet is held back."
        found = []
        for namespace in self.namespaces:
            for line in namespace.read("tcp")[1:]:
                words = line.split()
                if words[3] == "03":  # SYN_RECV
                    ends = ["%s:%d" % (socket.inet_ntoa(bytes.fromhex(end[:8])[::-1]), int(end[9:], 16)) for end in words[1:3]]
                    found.append(["tcp", namespace.who, ends[1], ends[0]])
        return found

    def tables(self):
        conntrack, neighbours, fdb = [], [], []
        for namespace in self.namespaces:
            if namespace.has_rules:
                conntrack += [[namespace.who, line] for line in namespace.read("nf_conntrack")]
            for index, address, lladdr, state in namespace.neighbours():
                known = mac(lladdr) if lladdr and state not in (1, 32) else None
                neighbours.append([namespace.who, namespace.names[index], socket.inet_ntoa(address), known, NEIGHBOUR_STATES.get(state, str(state))])
            for address, index, master in namespace.fdb():
                fdb.append([namespace.who, mac(address), namespace.names[index], namespace.names[master]])
        return {"conntrack": conntrack, "neighbours": neighbours, "fdb": fdb}

def describe(frame, begin):
    at = "%8.3f ms  %-28s %-3s" % ((frame["time"] - begin) / 1e6, frame["netns"] + " " + frame["interface"], frame["direction"])
    if "arp" in frame:
        arp = frame["arp"]
        what = "ARP who-has %s tell %s" % (arp["tpa"], arp["spa"]) if arp["op"] == "request" else "ARP %s is-at %s" % (arp["spa"], arp["sha"])
    elif "ip" in frame:
        ports, ip = frame.get("l4", {}), frame["ip"]
        end = lambda address, port: address + (":%d" % ports[port] if ports else "")
        what = "%s %s > %s ttl %d %s" % (ip["protocol"], end(ip["src"], "sport"), end(ip["dst"], "dport"), ip["ttl"], " ".join(ports.get("flags", [])))
        if "icmp" in frame:
            what += "type %d code %d" % (frame["icmp"]["type"], frame["icmp"]["code"])
    else:
        what = frame["eth"]["type"]
    return "%s  %s > %s  %s" % (at, frame["eth"]["src"], frame["eth"]["dst"], what)

lab = Lab([line.split("\t") for line in os.environ["MACHINES"].splitlines()])
if sys.argv[1:] == ["--json"]:
    for namespace in lab.namespaces:  # nothing is sent again, not into the next flow either
        namespace.keep_neighbours()
        namespace.write("/proc/sys/net/ipv4/tcp_synack_retries", "0")
        namespace.write("/proc/sys/net/ipv4/tcp_early_retrans", "0")
        namespace.write("/proc/sys/net/ipv4/tcp_rto_min_us", "100000000")
        namespace.write("/proc/sys/net/ipv4/icmp_ratemask", "0")  # a rate of 0 would keep errors about missing routes back for a second
        for name in ("tcp_timeout_close", "tcp_timeout_syn_sent", "tcp_timeout_syn_recv", "udp_timeout", "icmp_timeout"):
            namespace.write("/proc/sys/net/netfilter/nf_conntrack_" + name, "600")
    enter(lab.namespaces[0].name)
    silence = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    silence.bind("\0" + lab.namespaces[0].name + "/silence")
    lab.counters = [Counters(namespace) for namespace in lab.namespaces if namespace.has_rules]
    for namespace in lab.namespaces:
        hold(namespace)
    print("ready", flush=True)
    for line in sys.stdin:
        print(json.dumps(lab.run(json.loads(line))), flush=True)
else:
    QUIET = LIMIT = 4.0
    SETTLE = 0.3
    RELAYS.clear()  # nothing is held back: proxies connect themselves
    origin, protocol, to, *port = sys.argv[1:]
    answer = lab.run({"from": origin, "protocol": protocol, "to": to, "port": int(port[0]) if port else 0, "payloadBytes": 16, "state": "KEPT"})
    for frame in answer["frames"]:
        print(describe(frame, answer["frames"][0]["time"]))
    print("%s%s" % (answer["outcome"], " from " + answer["from"] if answer["from"] else ""))
`}`;
