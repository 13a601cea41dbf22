"""How a connection to an engine is opened, and what a request on it is addressed to."""

import asyncio
from collections.abc import Callable

from bodhi.engine.contract import Address, RemoteAddress, UnixAddress

# How long a connection may take; a remote's name and TLS are part of it.
CONNECT_S = 10.0
_AGAIN_S = 0.005
_OUR_BASE = "/v1"
_USUAL_PORTS = {True: 443, False: 80}  # with TLS, and without


async def connect(
    loop: asyncio.AbstractEventLoop, protocol: Callable[[], asyncio.BaseProtocol], address: Address
) -> asyncio.Transport:
    """Connect ``protocol()``. Raises OSError; TimeoutError and ssl.SSLError are such."""
    if isinstance(address, UnixAddress):
        return await _connect_here(loop, protocol, str(address.path))
    if isinstance(address, RemoteAddress):
        async with asyncio.timeout(CONNECT_S):
            found = await loop.create_connection(
                protocol, address.host, address.port, ssl=address.tls
            )
            return found[0]
    return (await loop.create_connection(protocol, address.host, address.port))[0]


async def _connect_here(
    loop: asyncio.AbstractEventLoop, protocol: Callable[[], asyncio.BaseProtocol], path: str
) -> asyncio.Transport:
    """Connect, again and again while as many wait to be let in as an engine has room for.

    llama.cpp has room for five, and callers may come at once.
    """
    end = loop.time() + CONNECT_S
    while True:
        try:
            return (await loop.create_unix_connection(protocol, path))[0]
        except BlockingIOError:
            if loop.time() > end:
                raise
        await asyncio.sleep(_AGAIN_S)


def target(address: Address, path: str) -> tuple[str, str]:
    """The request target and the Host header for ``path`` (``/v1/...``) at ``address``."""
    if not isinstance(address, RemoteAddress):
        return path, "engine"
    host = f"[{address.host}]" if ":" in address.host else address.host
    if address.port != _USUAL_PORTS[address.tls is not None]:
        host = f"{host}:{address.port}"
    return address.base_path + path.removeprefix(_OUR_BASE), host
