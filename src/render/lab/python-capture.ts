/**
 * Captures frames as they were: with one memory-mapped ring for each namespace, on all interfaces, not promiscuous. An
 * ordinary packet socket returns the shared buffer later, when it may have been rewritten; a ring copies at once.
 *
 * @source Linux `Documentation/networking/packet_mmap.rst`, TPACKET_V2
 */
export const PYTHON_CAPTURE = String.raw`
import mmap

FRAME, FRAMES = 2048, 1024

class Ring:
    def __init__(self, namespace, who):
        self.who, self.at = who, 0
        enter(namespace)
        self.names = dict(socket.if_nameindex())
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
        self.socket.setsockopt(263, 10, 1)  # PACKET_VERSION: TPACKET_V2
        self.socket.setsockopt(263, 5, struct.pack("IIII", 65536, FRAME * FRAMES // 65536, FRAME, FRAMES))  # PACKET_RX_RING
        self.map = mmap.mmap(self.socket.fileno(), FRAME * FRAMES)

    def take(self):
        "Everything that has come in since: (time, who, interface, is sent, bytes)."
        found = []
        while True:
            start = self.at * FRAME
            status, _, length, mac, _, seconds, nanoseconds = struct.unpack_from("IIIHHII", self.map, start)
            if not status & 1:
                return found
            index, _, kind = struct.unpack_from("iHB", self.map, start + 32 + 4)
            found.append(((seconds, nanoseconds), self.who, self.names.get(index, str(index)), kind == 4, bytes(self.map[start + mac:start + mac + length])))
            struct.pack_into("I", self.map, start, 0)
            self.at = (self.at + 1) % FRAMES

def mac(raw):
    return ":".join("%02x" % byte for byte in raw)

FLAGS = ((2, "SYN"), (4, "RST"), (1, "FIN"), (8, "PSH"), (16, "ACK"))

def read_ip(data):
    "An IPv4 packet: its header, what follows, and a key that no NAT changes."
    size, ident, ttl, protocol = (data[0] & 15) * 4, struct.unpack_from("!H", data, 4)[0], data[8], data[9]
    ends = {"src": socket.inet_ntoa(data[12:16]), "dst": socket.inet_ntoa(data[16:20])}
    rest = data[size:struct.unpack_from("!H", data, 2)[0]]
    if protocol == 6:
        sport, dport, seq, ack, _, flags = struct.unpack_from("!HHIIBB", rest)
        names = [name for bit, name in FLAGS if flags & bit]
        return {"ip": {**ends, "ttl": ttl, "protocol": "TCP"}, "l4": {"sport": sport, "dport": dport, "flags": names}, "key": "tcp %d %d %s" % (seq, ack, names)}
    if protocol == 17:
        sport, dport = struct.unpack_from("!HH", rest)
        return {"ip": {**ends, "ttl": ttl, "protocol": "UDP"}, "l4": {"sport": sport, "dport": dport}, "key": "udp %d %s" % (ident, rest[8:40].hex())}
    if protocol != 1:
        return {"ip": {**ends, "ttl": ttl, "protocol": str(protocol)}, "key": "%d %d" % (protocol, ident)}
    kind, code = rest[0], rest[1]
    packet = {"ip": {**ends, "ttl": ttl, "protocol": "ICMP"}, "icmp": {"type": kind, "code": code}, "key": "icmp %d %d %d %s" % (kind, code, ident, rest[8:24].hex())}
    if kind in (0, 8):
        packet["id"] = struct.unpack_from("!H", rest, 4)[0]
    else:
        packet["key"] = "icmp %d %d %d" % (kind, code, ident)
        packet["inner"] = read_quoted(rest[8:])
    return packet

def read_quoted(data):
    protocol, rest = data[9], data[(data[0] & 15) * 4:]
    name = {1: "ICMP", 6: "TCP", 17: "UDP"}.get(protocol, str(protocol))
    ends = {"src": socket.inet_ntoa(data[12:16]), "dst": socket.inet_ntoa(data[16:20]), "protocol": name}
    ports = dict(zip(("sport", "dport"), struct.unpack_from("!HH", rest))) if protocol in (6, 17) else None
    return {"ip": ends, "l4": ports}

def read_frame(when, who, device, is_sent, data):
    frame = {"time": when[0] * 10**9 + when[1], "netns": who, "interface": device, "direction": "tx" if is_sent else "rx"}
    kind = struct.unpack_from("!H", data, 12)[0]
    frame["eth"] = {"src": mac(data[6:12]), "dst": mac(data[0:6]), "type": {0x800: "IPv4", 0x806: "ARP"}.get(kind, hex(kind))}
    if kind == 0x806:
        op, arp = struct.unpack_from("!H", data, 20)[0], data[22:42]
        sender = {"sha": mac(arp[0:6]), "spa": socket.inet_ntoa(arp[6:10])}
        target = {"tha": mac(arp[10:16]), "tpa": socket.inet_ntoa(arp[16:20])}
        frame["arp"] = {"op": {1: "request", 2: "reply"}.get(op, str(op)), **sender, **target}
        frame["key"] = "arp %d %s" % (op, arp.hex())
    elif kind == 0x800:
        frame.update(read_ip(data[14:]))
    else:
        frame["key"] = data.hex()
    return frame
`;
