"""How a connection to an engine is opened, and what a request on it is addressed to."""

import asyncio
from collections.abc import Callable

from bodhi.engine.contract import Address, RemoteAddress, UnixAddress

# For a remote: its name, the connection and TLS together.
CONNECT_S = 10.0
_OUR_BASE = "/v1"
_USUAL_PORTS = {True: 443, False: 80}  # with TLS, and without


async def connect(
    loop: asyncio.AbstractEventLoop, protocol: Callable[[], asyncio.BaseProtocol], address: Address
) -> asyncio.Transport:
    """Connect ``protocol()``. Raises OSError; TimeoutError and ssl.SSLError are such."""
    if isinstance(address, UnixAddress):
        return (await loop.create_unix_connection(protocol, str(address.path)))[0]
    if isinstance(address, RemoteAddress):
        async with asyncio.timeout(CONNECT_S):
            found = await loop.create_connection(
                protocol, address.host, address.port, ssl=address.tls
            )
            return found[0]
    return (await loop.create_connection(protocol, address.host, address.port))[0]


def target(address: Address, path: str) -> tuple[str, str]:
    """The request target and the Host header for ``path`` (``/v1/...``) at ``address``."""
    if not isinstance(address, RemoteAddress):
        return path, "engine"
    host = f"[{address.host}]" if ":" in address.host else address.host
    if address.port != _USUAL_PORTS[address.tls is not None]:
        host = f"{host}:{address.port}"
    return address.base_path + path.removeprefix(_OUR_BASE), host
