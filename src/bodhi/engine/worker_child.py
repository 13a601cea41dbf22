"""The gateway's end of an embedded worker: what it is told, and the lines in which it reports."""

import asyncio
import json
import re
from contextlib import suppress
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

from bodhi.engine.child import STOP_GRACE_S, ChildProcess
from bodhi.engine.contract import Address, EngineExit, TcpAddress, UnixAddress
from bodhi.errors import EngineLoadFailed

_REPORT_BYTES = 64 << 10
_LIBRARY = re.compile(r"\blib[\w+-]+\.so[.\d]*")


class WorkerChild(ChildProcess):
    """A process of ``worker.py``: reads one line from us, reports on standard output."""

    def __init__(
        self,
        model_path: Path,
        *,
        socket: Path | None,
        api_key: str | None,
        stop_grace_s: float = STOP_GRACE_S,
    ) -> None:
        super().__init__(model_path, socket=socket, api_key=api_key, stop_grace_s=stop_grace_s)
        self._socket = socket
        self._is_reading = True
        self._report: dict[str, str] = {}  # the last one
        self._report_rest = b""

    def send_config(self, config: bytes) -> None:
        """Write the one line that the worker waits for; the pipe stays open while we live."""
        stdin = self._connected().get_pipe_transport(0)
        cast(asyncio.WriteTransport, stdin).write(config + b"\n")

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        if fd == 1 and self._is_reading:
            self._read_report(data)
        else:
            super().pipe_data_received(fd, data)

    def load_error(self, exit_: EngineExit) -> EngineLoadFailed:
        """The reason that it reported, or else how it ended."""
        detail = self._report.get("detail", "")
        match self._report.get("reason"):
            case "import":
                return library_missing(detail)
            case "settings":
                return EngineLoadFailed(f"The engine does not take its settings ({detail}).")
            case _:
                return super().load_error(exit_)

    def _read_report(self, data: bytes) -> None:
        *lines, rest = (self._report_rest + data).split(b"\n")
        self._report_rest = rest[-_REPORT_BYTES:]
        for line in lines:
            if line.startswith(b"{"):  # a library may print anything there, and much of it
                with suppress(ValueError):
                    self._take_report(json.loads(line))

    def _take_report(self, report: object) -> None:
        if not isinstance(report, dict):
            return
        self._report = {str(key): str(value) for key, value in report.items()}
        address = self._reported_address()
        if self._report.get("event") == "ready" and address is not None:
            self._is_reading = False
            self.become_ready(address)

    def _reported_address(self) -> Address | None:
        if self._socket is not None:
            return UnixAddress(self._socket)
        where = urlsplit(self._report.get("address", ""))
        if where.hostname is None or where.port is None:
            return None
        return TcpAddress(where.hostname, where.port)


def library_missing(detail: str) -> EngineLoadFailed:
    """``detail`` is the text of the ImportError; only a library's name is taken from it."""
    found = _LIBRARY.search(detail)
    what = f"{found[0]} is missing" if found else "its installation is incomplete"
    remedy = (
        "Run: apt-get install libgomp1"
        if "libgomp" in detail
        else "Run: pip install --force-reinstall xllamacpp"
    )
    return EngineLoadFailed(f"The engine library cannot be loaded: {what}.", remedy=remedy)
