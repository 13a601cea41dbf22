"""The way to the running server, for the commands that ask it instead of reading files."""

import http.client
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NoReturn, cast
from urllib.parse import urlsplit

from bodhi.cli.local import load_settings
from bodhi.errors import BodhiError, EngineProtocol, InvalidInput, ServerNotRunning

# Loading a large model comes before the first byte of an answer.
_PATIENCE_S = 900.0
_CONNECT_S = 10.0

# Where a server listens on every address, it is reached on this machine's own.
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - read, not bound


@dataclass(frozen=True, slots=True)
class Server:
    """Where a server answers, and the key it wants (None for none)."""

    host: str
    port: int
    key: str | None = None
    tls: bool = False

    @property
    def address(self) -> str:
        """As a person would type it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.tls else 'http'}://{host}:{self.port}"

    @contextmanager
    def ask(
        self, method: str, path: str, body: object = None
    ) -> Iterator[http.client.HTTPResponse]:
        """One request; the answer is open inside the block and its connection closed after it.

        Raises ServerNotRunning where nobody answers, else the error that the server sent.
        """
        kind = http.client.HTTPSConnection if self.tls else http.client.HTTPConnection
        connection = kind(self.host, self.port, timeout=_CONNECT_S)
        try:
            response = self._exchange(connection, method, path, body)
            if response.status >= 400:
                raise error_from(_parse(response.read()), response.status)
            yield response
        except (http.client.HTTPException, TimeoutError, ConnectionError) as error:
            raise EngineProtocol(
                f"The server on {self.address} broke off its answer.",
                remedy="Its own output says why.",
            ) from error
        finally:
            connection.close()

    def ask_json(self, method: str, path: str) -> Any:
        """The whole answer, parsed; None where it is empty."""
        with self.ask(method, path) as response:
            data = response.read()
        return _parse(data) if data else None

    def _exchange(
        self, connection: http.client.HTTPConnection, method: str, path: str, body: object
    ) -> http.client.HTTPResponse:
        headers = {"accept": "application/json"}
        if self.key is not None:
            headers["authorization"] = f"Bearer {self.key}"
        data = None
        if body is not None:
            headers["content-type"] = "application/json"
            data = json.dumps(body).encode()
        try:
            connection.connect()
        except OSError as error:
            raise ServerNotRunning(
                f"No server answers on {self.address}.",
                remedy="Start one with bodhi serve, or name another with --server.",
            ) from error
        connection.sock.settimeout(_PATIENCE_S)
        connection.request(method, path, body=data, headers=headers)
        return connection.getresponse()


def find_server(given: str | None) -> Server:
    """The server of ``--server``, of ``$BODHI_SERVER``, or the one that the settings describe.

    The key comes from ``$BODHI_API_KEY``. The one in the settings file is for the server that
    the same file describes, and is not shown to any other. Raises InvalidInput for an address
    that is none.
    """
    key = os.environ.get("BODHI_API_KEY") or None
    if address := given or os.environ.get("BODHI_SERVER"):
        return _parse_address(address, key)
    settings = load_settings()
    if settings.api_key is not None:
        key = settings.api_key.get_secret_value()
    return Server(_EVERYWHERE.get(settings.host, settings.host), settings.port, key)


def _parse_address(address: str, key: str | None) -> Server:
    try:
        parts = urlsplit(address if "://" in address else f"http://{address}")
        host, port = parts.hostname, parts.port
    except ValueError:
        _refuse_address()
    if not host or parts.scheme not in ("http", "https") or parts.path.strip("/"):
        _refuse_address()
    tls = parts.scheme == "https"
    return Server(host, port or (443 if tls else 80), key, tls)


def _refuse_address() -> NoReturn:
    raise InvalidInput(
        "The server's address cannot be read.", remedy="Write it like http://127.0.0.1:1135."
    )


def error_from(answer: Any, status: int) -> BodhiError:
    """The error in an OpenAI error envelope, of our own class where its code is one of ours."""
    envelope = answer.get("error") if isinstance(answer, dict) else None
    if not isinstance(envelope, dict) or not isinstance(envelope.get("message"), str):
        return EngineProtocol(
            f"The server answered with status {status} and no reason.",
            remedy="Is it a Bodhi server?",
        )
    remedy = envelope.get("remedy")
    remedy = remedy if isinstance(remedy, str) else None
    message = cast("str", envelope["message"])
    kind = _by_code(BodhiError).get(str(envelope.get("code")), BodhiError)
    # The envelope repeats the remedy in the message, for clients that show nothing else.
    return kind(message.removesuffix(remedy or "").rstrip(), remedy=remedy)


def _by_code(kind: type[BodhiError]) -> dict[str, type[BodhiError]]:
    found: dict[str, type[BodhiError]] = {}
    for below in kind.__subclasses__():
        found |= _by_code(below)
    # A subclass that shares its parent's code may want more than a message.
    return found | {kind.code: kind}


def _parse(data: bytes) -> Any:
    try:
        return json.loads(data)
    except ValueError:
        return None
