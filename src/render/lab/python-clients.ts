/**
 * The clients of a lab: sockets, open connections, and packets that come in from outside. `poll` returns the result
 * of the request, or None; `hear` gets the lab's frames, and returns those of the cluster.
 */
export const PYTHON_CLIENTS = String.raw`
import errno, fcntl

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
            try:
                self.socket.recv(1)
            except BlockingIOError:
                pass
            except OSError as error:
                self.outcome = OUTCOMES.get(error.errno, os.strerror(error.errno))
                return self.outcome
            if not struct.unpack("=i", fcntl.ioctl(self.socket, 0x5411, bytes(4)))[0]:  # SIOCOUTQ: all of it was acknowledged
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
`;
