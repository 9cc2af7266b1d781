import { PYTHON_COMMON } from './python-common.js';

/**
 * Listens for every machine of the lab in one process. Reads a line each from stdin, `NAMESPACE KIND …`:
 * `tcp ADDRESS PORT WHO`, `udp ADDRESS PORT WHO`, `relay ADDRESS PORT TO-ADDRESS TO-PORT`, `arp INTERFACE ADDRESS`.
 * TCP clients are told who answered and what address they were seen with; a datagram is sent back as it came.
 * Returns when everything listens; what is left behind lives in the first argument's namespace, and is found there.
 */
export const PYTHON_SERVE = `${PYTHON_COMMON}${String.raw`
LOG, SILENCE = ("\0" + sys.argv[1] + name for name in ("/served", "/silence"))
IP_PKTINFO = 8
import signal
handlers = {}
log = None

def served(kind, who, client, local):
    try:
        log.sendto(json.dumps([kind, who, "%s:%d" % client, "%s:%d" % local]).encode(), LOG)
    except OSError:
        pass  # nobody is listening to the log

def is_silent():
    "Does somebody want connections whose servers hear and acknowledge, and say nothing?"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as asking:
        return asking.connect_ex(SILENCE) == 0

def tcp(address, port, who):
    server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind((address, int(port)))
    server.listen(4096)
    def accept():
        client, peer = server.accept()
        served("tcp", who, peer, client.getsockname())
        client.settimeout(1)
        if not is_silent():
            client.sendall(("%s saw %s:%d\n" % (who, peer[0], peer[1])).encode())
            client.shutdown(socket.SHUT_WR)
        handlers[client] = lambda: hear_out(client)
    return server, accept

def hear_out(client):
    "Whoever closes with something unread resets the connection."
    try:
        if client.recv(65536):
            return
    except OSError:
        pass
    del handlers[client]
    client.close()

def udp(address, port, who):
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.setsockopt(socket.IPPROTO_IP, IP_PKTINFO, 1)
    server.bind((address, int(port)))
    def answer():
        data, info, _, peer = server.recvmsg(65536, 256)
        # The answer comes from the address that was asked, whatever the route would pick.
        to = next(raw[8:12] for _, kind, raw in info if kind == IP_PKTINFO)
        served("udp", who, peer, (socket.inet_ntoa(to), int(port)))
        try:
            server.sendmsg([data], [(socket.IPPROTO_IP, IP_PKTINFO, struct.pack("=I4s4s", 0, to, bytes(4)))], 0, peer)
        except OSError:
            pass
    return server, answer

def relay(address, port, to_address, to_port):
    server, _ = tcp(address, port, "")
    home = namespace
    def accept():
        client, _ = server.accept()
        if os.fork() > 0:
            client.close()
            return
        try:
            enter(home)
            carry(client, socket.create_connection((to_address, int(to_port)), 5))
        finally:
            os._exit(0)
    return server, accept

def carry(client, backend):
    "Passes on what either says until one of them ends; the other is reset then."
    for end in (client, backend):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    while True:
        for end in select.select([client, backend], [], [])[0]:
            data = end.recv(65536)
            if not data:
                return
            (backend if end is client else client).sendall(data)

def arp(device, address):
    link = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x0806))
    link.bind((device, 0x0806))
    mac, own = link.getsockname()[4], socket.inet_aton(address)
    def answer():
        frame, origin = link.recvfrom(1514)
        if origin[2] == 4 or frame[20:22] != b"\0\1" or frame[38:42] != own:
            return
        link.send(frame[6:12] + mac + b"\x08\x06" + frame[14:20] + b"\0\2" + mac + own + frame[22:32])
    return link, answer

for line in sys.stdin.read().splitlines():
    namespace, kind, *words = line.split(" ")
    enter(namespace)
    try:
        end, handler = {"tcp": tcp, "udp": udp, "relay": relay, "arp": arp}[kind](*words)
    except OSError as error:
        sys.exit("%s: %s: %s" % (namespace, " ".join([kind] + words), error))
    handlers[end] = handler

ready, done = os.pipe()
if os.fork() > 0:
    os.close(done)
    sys.exit(0 if os.read(ready, 1) else "the listeners ended at once")
os.setsid()
enter(sys.argv[1])
log = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
null = os.open(os.devnull, os.O_RDWR)
for descriptor in (0, 1, 2):
    os.dup2(null, descriptor)
os.write(done, b".")
os.close(done)
signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for relays
while handlers:
    for end in select.select(list(handlers), [], [])[0]:
        try:
            handlers[end]()
        except OSError:
            pass
`}`;
