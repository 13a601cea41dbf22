"""The least of HTTP that it takes to talk to an engine: one request, one connection."""

import asyncio
import json
from typing import Any

from bodhi.engine.contract import Address, UnixAddress


async def ask(
    address: Address, path: str, body: Any = None, *, api_key: str | None = None
) -> tuple[int, bytes]:
    """Status and body. Raises OSError or EOFError (IncompleteReadError) if the engine goes away."""
    if isinstance(address, UnixAddress):
        reader, writer = await asyncio.open_unix_connection(str(address.path))
    else:
        reader, writer = await asyncio.open_connection(address.host, address.port)
    payload = b"" if body is None else json.dumps(body).encode()
    lines = [
        f"{'GET' if body is None else 'POST'} {path} HTTP/1.1",
        "Host: engine",
        "Connection: close",
        "Content-Type: application/json",
        f"Content-Length: {len(payload)}",
    ]
    if api_key:
        lines.append(f"Authorization: Bearer {api_key}")
    try:
        writer.write("\r\n".join([*lines, "", ""]).encode() + payload)
        head = await reader.readuntil(b"\r\n\r\n")
        return int(head.split()[1]), await reader.read()
    finally:
        writer.close()


def chat(text: str = "hello", *, max_tokens: int = 4) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": text}], "max_tokens": max_tokens}
