"""Keeps tests on this machine: any socket that leaves loopback is refused, with a reason.

An audit hook sees every connection that Python's own sockets make, whoever makes it. It cannot be
taken out again, so it is put in once for the whole run. Child processes and uvloop's own sockets
are out of its sight.
"""

import ipaddress
import sys
from typing import Any

_LOCAL_NAMES = {None, "", "localhost", b"localhost"}


class LeftTheMachine(BaseException):
    """Not an ``Exception``, so that no code under test can swallow it."""


def install() -> None:
    """Put the hook in. Only raises for events that would leave the machine."""
    sys.addaudithook(_refuse_the_outside)


def is_local(host: str | bytes | None) -> bool:
    """Whether a host, as given to ``connect`` or ``getaddrinfo``, is this machine's loopback."""
    if host in _LOCAL_NAMES:
        return True
    text = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _refuse_the_outside(event: str, arguments: tuple[Any, ...]) -> None:
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None
    elif event == "socket.getaddrinfo":
        host = arguments[0]
    else:
        return
    if not is_local(host):
        raise LeftTheMachine(f"tests may reach loopback and Unix sockets only, not {host!r}")
