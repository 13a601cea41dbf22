"""One connection of a caller: HTTP/1.1 by httptools, read strictly and with limited patience.

What could be read in two ways is refused here, before any application sees it: targets that name
a host, trailers, bodies behind an upgrade, heads without end. One request is served at a time, and
what arrives too slowly is given up, so that a caller who never finishes holds nothing for long.
"""

import asyncio
import logging
import math
from itertools import chain
from typing import Any, ClassVar, cast
from urllib.parse import unquote

import httptools
import uvicorn
from uvicorn.server import ServerState

from bodhi.errors import BodhiError, InvalidInput, RequestTooSlow
from bodhi.http.asgi import HANG_UP, ON_LEAVE, App, Scope
from bodhi.http.errors import Headers, as_bodhi_error, error_body, error_headers
from bodhi.http.exchange import STATUS_LINES, Exchange, header_lines

log = logging.getLogger("bodhi.http")

_LARGEST_HEAD = 32 * 1024
_FRAGMENT = ord("#")
_OFFER_HEADERS = (b"upgrade", b"http2-settings", b"connection")
_ASGI = {"version": "3.0", "spec_version": "2.3"}


class Connection(asyncio.Protocol):
    """A protocol for uvicorn's server, which accepts, counts and ends connections.

    Refusals are answered in the one envelope, and the connection is closed. ``due`` is when the
    connection is given up unless more comes, by the clock of the event loop; the server looks once
    a second, which costs less than a timer for every request.
    """

    head_s: ClassVar[float] = 10.0
    body_s: ClassVar[float] = 10.0  # how long a body may pause ...
    body_bytes_per_s: ClassVar[float] = 1024.0  # ... while it keeps at least this pace
    idle_s: ClassVar[float] = 75.0

    def __init__(
        self,
        config: uvicorn.Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        del app_state
        self._app = cast("App", config.loaded_app)
        self._server_state = server_state
        self._loop = _loop or asyncio.get_running_loop()
        self._parser = httptools.HttpRequestParser(self)
        self._transport: asyncio.Transport
        self._exchange: Exchange | None = None
        self._is_paused = False
        self._in_head = self._in_body = False
        self._received = 0  # bytes of what brought the head, while it has not ended
        self._target = b""
        self._headers: Headers = []
        self._server_fields: Headers = []
        self._server_lines = b""
        self.draining: asyncio.Future[None] | None = None
        self.due = math.inf

    # What the server calls

    def close_late(self) -> None:
        """Give up a caller from whom something is overdue; silence between requests needs no word.

        While reading is paused, it is we who are slow.
        """
        if self._is_paused:
            return
        if self._in_head or self._in_body:
            self._refuse(RequestTooSlow("The request did not arrive in time."))
        self._transport.close()

    def shutdown(self) -> None:
        """Close as soon as the answer that is on its way is out."""
        if self._exchange is None or self._exchange.done:
            self._transport.close()
        else:
            self._exchange.keep_alive = False

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # Not an isinstance check: uvloop's transports have no base class in common with asyncio's.
        self._transport = cast("asyncio.Transport", transport)
        self._server_state.connections.add(self)  # type: ignore[arg-type]
        self._server = transport.get_extra_info("sockname")
        self._client = transport.get_extra_info("peername")
        self.due = self._loop.time() + self.head_s

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self._server_state.connections.discard(self)
        if self._exchange is not None:
            self._exchange.leave()
        self.resume_writing()

    def pause_writing(self) -> None:
        self.draining = self._loop.create_future()

    def resume_writing(self) -> None:
        if self.draining is not None:
            self.draining.set_result(None)
            self.draining = None

    def data_received(self, data: bytes) -> None:
        self._received += len(data)
        try:
            self._parser.feed_data(data)
            if self._in_head:
                # The parser keeps a header that does not end, and tells nobody until it does.
                _check_head(self._received)
            else:
                self._received = 0
        except httptools.HttpParserUpgrade as stopped:
            self._read_on_without_upgrade(data[stopped.args[0] :])
        except httptools.HttpParserError as error:
            # httptools hands what a callback of ours raised over as the context.
            ours = error.__context__
            self._refuse(ours if isinstance(ours, BodhiError) else _malformed())
        except InvalidInput as error:
            self._refuse(error)

    # httptools callbacks

    def on_message_begin(self) -> None:
        if self._exchange is not None and not self._exchange.done:
            raise InvalidInput("The next request came before the last one was answered.")
        self._in_head = True
        self._target = b""
        self._headers = []
        self.due = self._loop.time() + self.head_s

    def on_url(self, url: bytes) -> None:
        self._target += url
        if not self._target.startswith(b"/") or _FRAGMENT in url:
            raise InvalidInput("The request target must be a path without a fragment.")

    def on_header(self, name: bytes, value: bytes) -> None:
        if not self._in_head:
            raise InvalidInput("Headers behind the body are not taken.")
        self._headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        if self._received > _LARGEST_HEAD:  # perhaps of the body that came along
            _check_head(len(self._target) + len(b"".join(chain.from_iterable(self._headers))))
        parser = self._parser
        version = parser.get_http_version()
        if version not in ("1.0", "1.1"):
            raise InvalidInput("The protocol must be HTTP/1.1.")
        if parser.should_upgrade():
            return  # what follows is not read here; see _read_on_without_upgrade
        _check_coding(self._headers)
        method = parser.get_method().decode("ascii")
        self._exchange = exchange = Exchange(
            self,
            method=method,
            version=version,
            keep_alive=version == "1.1" and parser.should_keep_alive(),
            expects_continue=(b"expect", b"100-continue") in self._headers,
        )
        self._in_head = False
        self._in_body = True
        self.due = self._loop.time() + self.body_s
        scope = self._scope(exchange, method, version)
        exchange.task = self._loop.create_task(self._serve(exchange, scope))
        self._server_state.tasks.add(exchange.task)

    def on_body(self, body: bytes) -> None:
        assert self._exchange is not None  # noqa: S101 - its head came first
        self._exchange.arrive(body)
        earned = self.due + len(body) / self.body_bytes_per_s
        self.due = min(earned, self._loop.time() + self.body_s)

    def on_message_complete(self) -> None:
        if self._parser.should_upgrade():
            return
        assert self._exchange is not None  # noqa: S101 - its head came first
        self._in_body = False
        self._exchange.end()
        self._wait_for_next()

    # What the exchange asks for

    def server_lines(self) -> bytes:
        """The date and what else every answer carries; the server makes the list every second."""
        fields = self._server_state.default_headers
        if fields is not self._server_fields:
            self._server_fields = fields
            self._server_lines = header_lines(fields)
        return self._server_lines

    def write(self, data: bytes) -> None:
        self._transport.write(data)

    def pause_reading(self) -> None:
        if not self._is_paused:
            self._is_paused = True
            self._transport.pause_reading()

    def resume_reading(self) -> None:
        if self._is_paused and not self._transport.is_closing():
            self._is_paused = False
            self._transport.resume_reading()

    def answered(self) -> None:
        self._server_state.total_requests += 1
        assert self._exchange is not None  # noqa: S101 - it is the caller
        if not self._exchange.keep_alive:
            self._transport.close()
        self.resume_reading()
        self._wait_for_next()

    # Parts

    def _scope(self, exchange: Exchange, method: str, version: str) -> Scope:
        raw_path, _, query = self._target.partition(b"?")
        path = raw_path.decode("latin-1")
        return {
            "type": "http",
            "asgi": _ASGI,
            "http_version": version,
            "scheme": "http",
            "server": self._server,
            "client": self._client,
            "method": method,
            "root_path": "",
            "path": unquote(path) if "%" in path else path,
            "raw_path": raw_path,
            "query_string": query,
            "headers": self._headers,
            ON_LEAVE: exchange.on_leave,
            HANG_UP: self._transport.abort,
        }

    def _read_on_without_upgrade(self, rest: bytes) -> None:
        """Take a request that offers another protocol for what it is without the offer.

        Common clients offer HTTP/2 with every request (RFC 9110, 7.8, lets a server ignore it), but
        the parser reads no body behind an offer: another one begins anew with the same head.
        """
        method = self._parser.get_method()
        fields = [field for field in self._headers if field[0] not in _OFFER_HEADERS]
        if any(
            name == b"connection" and b"close" in value.lower() for name, value in self._headers
        ):
            fields.append((b"connection", b"close"))
        head = b"%b %b HTTP/1.1\r\n%b\r\n" % (method, self._target, header_lines(fields))
        self._parser = httptools.HttpRequestParser(self)
        self.data_received(head + rest)

    async def _serve(self, exchange: Exchange, scope: Scope) -> None:
        error: Exception | None = None
        try:
            await self._app(scope, exchange.receive, exchange.send)
        except Exception as raised:
            error = raised
        finally:
            # Here and not by a callback of the task, which would cost one more turn of the loop.
            self._server_state.tasks.discard(exchange.task)
        if exchange.done or exchange.gone:
            return
        if error is not None or not exchange.started:
            problem = as_bodhi_error(error or RuntimeError("the application did not answer"))
        if not exchange.started:
            exchange.keep_alive = False
            self._write_error(problem)
        if self.draining is None:
            self._transport.close()
        else:  # which would wait for a caller who takes nothing
            self._transport.abort()

    def _write_error(self, error: BodhiError) -> None:
        body = error_body(error)
        fields = [*error_headers(error), (b"content-length", b"%d" % len(body))]
        lines = self.server_lines() + header_lines(fields) + b"connection: close\r\n\r\n"
        self.write(STATUS_LINES[error.status] + lines + body)

    def _wait_for_next(self) -> None:
        if not self._in_body:
            is_answered = self._exchange is not None and self._exchange.done
            self.due = self._loop.time() + self.idle_s if is_answered else math.inf

    def _refuse(self, error: BodhiError) -> None:
        """Answer and close, without ever putting a second answer into a first one."""
        exchange = self._exchange
        if exchange is not None and not exchange.done and not self._in_body:
            exchange.keep_alive = False  # what came before the nonsense is whole: it is answered
            return
        has_answer = self._in_body and exchange is not None and exchange.started
        if self._in_body and exchange is not None:
            exchange.leave()
        if not has_answer:
            self._write_error(error)
        self._transport.close()


def _check_head(size: int) -> None:
    if size > _LARGEST_HEAD:
        raise InvalidInput(f"The head of a request may have {_LARGEST_HEAD // 1024} KiB.")


def _check_coding(headers: Headers) -> None:
    """Refuse what the parser lets pass and others may read otherwise."""
    for name, value in headers:
        if name == b"transfer-encoding" and value.lower() != b"chunked":
            raise InvalidInput("The only transfer coding is chunked.")


def _malformed() -> InvalidInput:
    return InvalidInput("This is no request that HTTP/1.1 allows.")
