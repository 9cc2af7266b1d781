/**
 * The caches of the lab's namespaces over netlink and /proc: read after a flow, emptied before a cold one. In one
 * process, because a tool started for each table of each namespace takes longer than the flow.
 *
 * @source Linux `rtnetlink(7)`, `nfnetlink_conntrack.h`
 */
export const PYTHON_STATE = String.raw`
class Netlink:
    def __init__(self, protocol):
        self.socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, protocol)
        self.socket.bind((0, 0))

    def ask(self, kind, flags, body):
        "The bodies of all answers."
        self.socket.send(struct.pack("=IHHII", 16 + len(body), kind, flags | 1, 1, 0) + body)
        answers = []
        while True:
            data = self.socket.recv(1 << 18)
            while len(data) >= 16:
                length, kind = struct.unpack_from("=IH", data)
                if kind in (2, 3):  # error or acknowledgement, done
                    return answers
                answers.append(data[16:length])
                data = data[(length + 3) & ~3:]

def attribute(kind, body):
    return struct.pack("=HH", 4 + len(body), kind) + body + bytes(-len(body) % 4)

def attributes(data):
    found = {}
    while len(data) >= 4:
        length, kind = struct.unpack_from("=HH", data)
        found[kind & 0x3FFF] = data[4:length]
        data = data[(length + 3) & ~3:]
    return found

def elements(data):
    while len(data) >= 4:
        length, _ = struct.unpack_from("=HH", data)
        yield data[4:length]
        data = data[(length + 3) & ~3:]

NEIGHBOUR_STATES = {1: "INCOMPLETE", 2: "REACHABLE", 4: "STALE", 8: "DELAY", 16: "PROBE", 32: "FAILED", 128: "PERMANENT"}

class Namespace:
    def __init__(self, name, who):
        self.name, self.who = name, who
        enter(name)
        self.links = socket.if_nameindex()
        self.names = dict(self.links)
        self.route = Netlink(0)
        self.bridges = [index for index, _ in self.links if self.is_bridge(index)]
        self.netfilter = Netlink(12)
        self.has_rules = any(line.strip() for line in self.read("ip_tables_names")) or self.rules() != []

    def link(self, index):
        "What is said of an interface, by IFLA_… numbers; nothing where it is gone."
        found = self.route.ask(18, 4, struct.pack("=BxHiII", 0, 0, index, 0, 0))  # RTM_GETLINK
        return attributes(found[0][16:]) if found else {}

    def link_named(self, name):
        return self.link(next(index for index, each in self.links if each == name))

    def other_end(self, name):
        return struct.unpack("=i", self.link_named(name)[5])[0]

    def is_plugged(self, name):
        return self.link_named(name)[16] == b"\6"  # IFLA_OPERSTATE: IF_OPER_UP

    def is_bridge(self, index):
        return b"bridge\0" in attributes(self.link(index).get(18, b"")).get(1, b"")

    def read(self, name):
        "A table in /proc/net, as this namespace has it."
        enter(self.name)
        try:
            with open("/proc/thread-self/net/" + name) as table:
                return table.read().splitlines()
        except FileNotFoundError:
            return []

    def write(self, path, text):
        enter(self.name)
        if os.path.exists(path):
            with open(path, "w") as table:
                table.write(text)

    def rules(self):
        "iptables-save with counters, started in this namespace."
        enter(self.name)
        return subprocess.run(["iptables-save", "-c"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout.splitlines()

    def neighbours(self):
        for body in self.route.ask(30, 0x300, struct.pack("=BxxxiHBB", socket.AF_INET, 0, 0, 0, 0)):  # RTM_GETNEIGH
            index, state = struct.unpack_from("=iH", body, 4)
            found = attributes(body[12:])
            if state != 64:  # NOARP
                yield index, found[1], found.get(2), state

    def fdb(self):
        for body in self.route.ask(30, 0x300, struct.pack("=BxxxiHBB", 7, 0, 0, 0, 0)):
            index, state = struct.unpack_from("=iH", body, 4)
            found = attributes(body[12:])
            if 9 in found and not state & 0xC0:  # of a bridge, and learned
                yield found[2], index, struct.unpack("=i", found[9])[0]

    def forget_neighbours(self):
        for index, address, _, _ in list(self.neighbours()):
            self.route.ask(29, 4, struct.pack("=BxxxiHBB", socket.AF_INET, index, 0, 0, 0) + attribute(1, address))  # RTM_DELNEIGH
        for index in self.bridges:
            flush = attribute(18, attribute(1, b"bridge\0") + attribute(2, attribute(24, b"")))  # IFLA_BR_FDB_FLUSH
            self.route.ask(16, 4, struct.pack("=BxHiII", 0, 0, index, 0, 0) + flush)
        self.write("/proc/sys/net/ipv4/route/flush", "1")

    def keep_neighbours(self):
        "No time passes between flows, and nobody waits seconds for ARP to fail."
        for _, device in self.links:
            self.write("/proc/sys/net/ipv4/neigh/%s/retrans_time_ms" % device, "150")
            for name in ("base_reachable_time", "delay_first_probe_time"):
                self.write("/proc/sys/net/ipv4/neigh/%s/%s" % (device, name), "600")

    def forget_connections(self):
        if self.has_rules:
            self.netfilter.ask(0x102, 4, struct.pack("=BBH", socket.AF_INET, 0, 0))  # IPCTNL_MSG_CT_DELETE
            enter(self.name)
            recent = "/proc/thread-self/net/xt_recent"
            for table in os.listdir(recent) if os.path.isdir(recent) else []:
                self.write(recent + "/" + table, "/")

    def forget_datagrams(self, kept):
        "Connections over UDP but those that begin from and to these ends."
        for line in self.read("nf_conntrack"):
            words = line.split()
            ends = dict(word.split("=") for word in reversed(words) if "=" in word)  # of each the first
            if words[2] == "udp" and ["%(src)s:%(sport)s" % ends, "%(dst)s:%(dport)s" % ends] not in kept:
                addresses = attribute(1, socket.inet_aton(ends["src"])) + attribute(2, socket.inet_aton(ends["dst"]))
                ports = attribute(1, b"\x11") + attribute(2, struct.pack("!H", int(ends["sport"]))) + attribute(3, struct.pack("!H", int(ends["dport"])))
                original = attribute(0x8001, attribute(0x8001, addresses) + attribute(0x8002, ports))  # CTA_TUPLE_ORIG
                self.netfilter.ask(0x102, 4, struct.pack("=BBH", socket.AF_INET, 0, 0) + original)

class Counters:
    "How many packets each rule has matched. Rules are listed once by iptables-save, and counted over netlink."
    def __init__(self, namespace):
        self.namespace, self.rules = namespace, {}
        table = ""
        for line in namespace.rules():
            if line.startswith("*"):
                table = line[1:]
            elif line.startswith("["):
                rule = line.split("] ", 1)[1]
                self.rules.setdefault((table, rule.split(" ")[1]), []).append(rule)

    def read(self):
        "Packets by (table, chain, position)."
        found, position = {}, {}
        for body in self.namespace.netfilter.ask(0xA07, 0x300, struct.pack("=BBH", socket.AF_INET, 0, 0)):  # NFT_MSG_GETRULE
            rule = attributes(body[4:])
            key = (rule[1][:-1].decode(), rule[2][:-1].decode())
            position[key] = position.get(key, -1) + 1
            for expression in elements(rule[4]):
                named = attributes(expression)
                if named[1] == b"counter\0":
                    found[key + (position[key],)] = struct.unpack(">Q", attributes(named[2])[2])[0]
        return found

    def since(self, before):
        for (table, chain, position), packets in self.read().items():
            rules = self.rules.get((table, chain))
            if rules and packets > before.get((table, chain, position), 0) and HOLD not in rules[position]:
                yield [self.namespace.who, table, rules[position], packets - before.get((table, chain, position), 0)]

# Rules of this name keep back what would follow a question and its answer: acknowledgements, and whatever else a server
# says (ephemeral ports are its clients'). What a client itself sends on a connection goes on.
HOLD = "packetwalk-hold"
HELD = ("--tcp-flags SYN,RST,PSH,FIN NONE", "--sport 0:32767 --tcp-flags SYN,RST NONE")
HOLD_RULES = "*raw\n%s\nCOMMIT\n" % "\n".join("-A OUTPUT -p tcp -m tcp %s -m comment --comment %s -j DROP" % (flags, HOLD) for flags in HELD)

def let_acknowledge(namespace, change):
    "Lets pure acknowledgements go (-I), or holds them back again (-D)."
    enter(namespace.name)
    subprocess.run(["iptables", "-t", "raw", change, "OUTPUT", "-p", "tcp", "--tcp-flags", "SYN,RST,PSH,FIN,ACK", "ACK", "-m", "comment", "--comment", HOLD, "-j", "ACCEPT"], check=True)

def hold(namespace):
    enter(namespace.name)
    subprocess.run(["iptables-restore", "--noflush"], input=HOLD_RULES, text=True, check=True)
`;
