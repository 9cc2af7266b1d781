/** The common beginning of the lab script's Python programs: how to enter a namespace. */
export const PYTHON_COMMON = String.raw`
import ctypes, json, os, select, socket, struct, subprocess, sys, time

LIBC = ctypes.CDLL(None, use_errno=True)

def enter(namespace):
    "Makes this thread's sockets those of a namespace."
    with open("/var/run/netns/" + namespace) as handle:
        if LIBC.setns(handle.fileno(), 0x40000000) != 0:
            raise OSError(ctypes.get_errno(), "setns " + namespace)
`;
