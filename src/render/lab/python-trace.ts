import { PYTHON_CAPTURE } from './python-capture.js';
import { PYTHON_COMMON } from './python-common.js';
import { PYTHON_STATE } from './python-state.js';

/**
 * Sends real packets and tells what became of them. The machines are read from the variable MACHINES, a line each
 * (namespace, id), and what proxies connect to from RELAYS (id, address, port, address and port of the backend). Arguments: a flow in words; or `--json`, and flows from stdin as JSON, a line each, with an answer
 * of a line each.
 *
 * With `--json` what follows a question and its answer on a TCP connection is held back where it begins, so that tables
 * and counters are read while they hold those two alone, and the data that the flow asks for. A proxy therefore never
 * takes a connection: what it would connect to is asked from its machine instead.
 */
export const PYTHON_TRACE = `${PYTHON_COMMON}${PYTHON_CAPTURE}${PYTHON_STATE}${String.raw`
import errno, fcntl

QUIET, LIMIT, SETTLE = 0.35, 0.95, 0.02  # seconds; a SYN is sent again after one
RESOLVED = 2.0  # by then every question has been answered, or given up
RELAYS = {}  # what a proxy asks for whoever has connected to it
for line in os.environ["RELAYS"].splitlines():
    proxy, address, port, to, to_port = line.split(" ")
    RELAYS[address, int(port)] = {"from": proxy, "to": to, "port": int(to_port)}
OUTCOMES = {errno.ECONNREFUSED: "refused", errno.EHOSTUNREACH: "host-unreachable", errno.ENETUNREACH: "net-unreachable", errno.EMSGSIZE: "message-too-long", errno.EINVAL: "invalid-argument", errno.ECONNRESET: "reset"}

def checksum(data):
    data += bytes(len(data) % 2)
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return struct.pack("!H", 0xFFFF - total)

class Client:
    "One socket that asks one question; poll() says what it has learned, or None."
    def __init__(self, flow):
        self.flow, self.outcome, self.origin = flow, None, None
        kind = {"tcp": socket.SOCK_STREAM, "udp": socket.SOCK_DGRAM, "icmp": socket.SOCK_RAW}[flow["protocol"]]
        self.socket = socket.socket(socket.AF_INET, kind, 1 if kind == socket.SOCK_RAW else 0)
        self.socket.setblocking(False)
        self.socket.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, flow.get("ttl", 64))
        if kind == socket.SOCK_STREAM:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        if kind != socket.SOCK_STREAM:
            self.socket.setsockopt(socket.IPPROTO_IP, 10, 0 if flow.get("dontFragment") is False else 2)  # IP_MTU_DISCOVER
        try:
            if flow.get("source") or flow.get("sourcePort"):
                self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                self.socket.bind((flow.get("source") or "0.0.0.0", 0 if kind == socket.SOCK_RAW else flow.get("sourcePort", 0)))
            self.send(kind)
        except (BlockingIOError, PermissionError):
            pass  # a packet that an own rule stops is lost; an error may still come
        except OSError as error:
            self.outcome = OUTCOMES.get(error.errno, os.strerror(error.errno))

    def send(self, kind):
        token = os.urandom(24)
        payload = (token * (self.flow.get("payloadBytes", 0) // 24 + 1))[:self.flow.get("payloadBytes", 0)]
        if kind == socket.SOCK_RAW:
            self.socket.setsockopt(socket.IPPROTO_IP, 11, 1)  # IP_RECVERR
            self.id = self.flow.get("sourcePort") or int.from_bytes(token[:2], "big") | 1
            body = struct.pack("!HH", self.id, 1) + (payload or token)
            self.socket.connect((self.flow["to"], 0))
            self.socket.send(b"\x08\0" + checksum(b"\x08\0\0\0" + body) + body)
        else:
            self.socket.connect((self.flow["to"], self.flow["port"]))
            if kind == socket.SOCK_DGRAM:
                self.socket.send(payload)

    def hear(self, frames):
        return frames

    def poll(self):
        if self.outcome is None:
            try:
                self.read()
            except BlockingIOError:
                pass
            except OSError as error:
                self.outcome = OUTCOMES.get(error.errno, os.strerror(error.errno))
                if self.flow["protocol"] == "tcp":
                    self.socket.close()  # not every error keeps it from sending again
        return self.outcome

    def read(self):
        if self.flow["protocol"] == "tcp":
            if select.select([], [self.socket], [], 0)[1]:
                error = self.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                if error:
                    raise OSError(error, "")
                self.outcome = "connected"
                if self.flow.get("payloadBytes"):
                    self.socket.send(bytes(self.flow["payloadBytes"]))
        elif self.flow["protocol"] == "udp":
            self.socket.recv(65536)
            self.outcome = "answered"
        else:
            self.read_echo()

    def read_echo(self):
        try:
            _, info, _, _ = self.socket.recvmsg(2048, 512, 0x2000)  # MSG_ERRQUEUE
            for _, kind, raw in info:
                if kind == 11:
                    self.origin = socket.inet_ntoa(raw[20:24])
                    raise OSError(struct.unpack_from("=I", raw)[0], "")
        except BlockingIOError:
            pass
        data, origin = self.socket.recvfrom(65536)
        if data[20] == 0 and struct.unpack_from("!H", data, 24)[0] == self.id:
            self.outcome, self.origin = "echo-reply", origin[0]

class Segment:
    "What a client says on a connection that it has open. The socket ends with it, and nobody is told: who hears nothing would say it again."
    def __init__(self, client, flow):
        self.flow, self.outcome, self.origin, self.socket = flow, None, None, client.socket
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # what went before was not acknowledged
        self.socket.send(bytes(flow["payloadBytes"]))

    def hear(self, frames):
        return frames

    def poll(self):
        if self.outcome is None:
            error = self.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            if error:
                self.outcome = OUTCOMES.get(error, os.strerror(error))
            elif not struct.unpack("=i", fcntl.ioctl(self.socket, 0x5411, bytes(4)))[0]:  # SIOCOUTQ: all of it was acknowledged
                self.outcome = "connected"
        return self.outcome

    def end(self):
        self.socket.setsockopt(socket.IPPROTO_TCP, 19, 1)  # TCP_REPAIR: closes without a word
        self.socket.close()

class Arrival:
    "A packet that comes in by a machine's eth0 from somewhere outside, in a frame of the gateway's. What goes back to its source goes no further than the wire."
    def __init__(self, flow, lab):
        self.flow, self.outcome, self.origin = flow, None, None
        machine, outside = lab.by_id[flow["from"]], lab.by_id["fabric"]
        device, gateway = machine.link_named("eth0"), lab.by_id["gateway"].link_named("eth0")
        self.source, self.who = socket.inet_aton(flow["arrives"]), flow["from"]
        self.port = outside.names[machine.other_end("eth0")]
        enter(outside.name)
        for words in (["icmp"], [flow["protocol"], "--ip-dport", str(flow.get("sourcePort"))])[:1 if flow["protocol"] == "icmp" else 2]:
            self.bridge("-A", "FORWARD", "-i", self.port, "-p", "IPv4", "--ip-dst", flow["arrives"], "--ip-proto", *words, "-j", "DROP")
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
        self.socket.bind((self.port, 0))
        self.frame = device[1] + gateway[1] + b"\x08\0" + self.packet()
        try:
            self.socket.send(self.frame)
        except OSError:
            pass  # the cable is cut

    def bridge(self, *words):
        subprocess.run(["ebtables", *words], check=True)

    def packet(self):
        flow, data = self.flow, os.urandom(self.flow.get("payloadBytes", 0))
        protocol = {"tcp": 6, "udp": 17, "icmp": 1}[flow["protocol"]]
        ends = self.source + socket.inet_aton(flow["to"])
        if protocol == 1:
            body = struct.pack("!HH", flow.get("sourcePort", 1), 1) + data
            body = b"\x08\0" + checksum(b"\x08\0\0\0" + body) + body
        else:
            ports = struct.pack("!HH", flow["sourcePort"], flow["port"])
            head, tail = (ports + os.urandom(4) + bytes(4) + b"\x50\x02\xff\xff", b"\0\0") if protocol == 6 else (ports + struct.pack("!H", 8 + len(data)), data)
            body = head + checksum(ends + struct.pack("!HH", protocol, len(head) + 2 + len(tail)) + head + b"\0\0" + tail) + tail
        head = struct.pack("!BBH", 0x45, 0, 20 + len(body)) + os.urandom(2) + struct.pack("!HBB", 0 if flow.get("dontFragment") is False else 0x4000, flow.get("ttl", 64), protocol)
        return head + checksum(head + b"\0\0" + ends) + ends + body

    def poll(self):
        return self.outcome

    def hear(self, frames):
        "Those of the cluster: what was put on the wire, and what stays on it, are not."
        kept = []
        for frame in frames:
            _, who, device, is_sent, data = frame
            is_back = data[12:14] == b"\x08\0" and data[30:34] == self.source and self.is_mine(read_ip(data[14:]))
            if who == self.who and device == "eth0" and is_sent and is_back:
                self.outcome = self.outcome or self.told(read_ip(data[14:]))
            if not (who == "fabric" and device == self.port and (data == self.frame if is_sent else is_back)):
                kept.append(frame)
        return kept

    def is_mine(self, packet):
        return packet["ip"]["protocol"] == "ICMP" or (packet["ip"]["protocol"].lower(), packet["l4"]["dport"]) == (self.flow["protocol"], self.flow["sourcePort"])

    def told(self, packet):
        if "l4" in packet:
            return "answered" if packet["ip"]["protocol"] == "UDP" else "refused" if "RST" in packet["l4"]["flags"] else "connected"
        self.origin = packet["ip"]["src"]
        outcome = {(0, 0): "echo-reply", (3, 3): "refused", (3, 4): "message-too-long", (3, 0): "net-unreachable"}.get((packet["icmp"]["type"], packet["icmp"]["code"]), "host-unreachable")
        return None if self.flow["protocol"] == "udp" and outcome.endswith("able") else outcome  # such a socket hears of nothing else

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
                neighbours.append([namespace.who, namespace.names[index], socket.inet_ntoa(address), mac(lladdr) if lladdr and state not in (1, 32) else None, NEIGHBOUR_STATES.get(state, str(state))])
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
    for namespace in lab.namespaces:  # nobody waits seconds for ARP to fail, and nothing is sent again, not into the next flow either
        for device in ["default"] + [name for _, name in namespace.links]:
            namespace.write("/proc/sys/net/ipv4/neigh/%s/retrans_time_ms" % device, "150")
            for name in ("base_reachable_time", "delay_first_probe_time"):  # no time passes between flows
                namespace.write("/proc/sys/net/ipv4/neigh/%s/%s" % (device, name), "600")
        namespace.write("/proc/sys/net/ipv4/tcp_synack_retries", "0")
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
