"""The launcher of the embedded engine: xllamacpp in a child process (see worker.py)."""

import asyncio
import json
import os
import secrets
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal, TypeAlias

from bodhi.engine import options
from bodhi.engine.child import STOP_GRACE_S, ChildProcess
from bodhi.engine.contract import EngineSpec
from bodhi.engine.environment import engine_environment
from bodhi.engine.model_path import require_file
from bodhi.engine.runtime_dir import require_private, socket_path
from bodhi.engine.worker_child import WorkerChild
from bodhi.errors import EngineLoadFailed

Transport: TypeAlias = Literal["unix", "tcp"]

# The program of every embedded engine, run by its path.
WORKER = Path(__file__).with_name("worker.py")


class EmbeddedLauncher:
    """Starts workers. Must be used in the thread that lives as long as the server.

    The kernel ties a child to the *thread* that started it: from a thread that ends, the engine
    would end with it. ``program`` replaces the worker's command line in tests; ``use_prctl`` False
    leaves the end of standard input as the only tie, as on macOS.
    """

    def __init__(
        self,
        *,
        transport: Transport = "tcp" if sys.platform == "win32" else "unix",
        use_prctl: bool = True,
        environment: Mapping[str, str] | None = None,
        program: Sequence[str] | None = None,
        stop_grace_s: float = STOP_GRACE_S,
    ) -> None:
        self._transport = transport
        self._use_prctl = use_prctl
        self._environment = engine_environment(os.environ if environment is None else environment)
        self._program = tuple(program or (sys.executable, "-I", str(WORKER)))
        self._stop_grace_s = stop_grace_s

    def check(self, spec: EngineSpec) -> None:
        """Raises UnsupportedByEngine or ParameterInvalid for what this engine cannot do."""
        options.check_supported(spec.options)

    async def launch(self, spec: EngineSpec, *, engine_id: str, runtime_dir: Path) -> ChildProcess:
        """Start a worker on ``spec`` and return while it loads.

        ``runtime_dir`` must be short and private; where a socket's path would be too long, the
        engine listens on a loopback port with a random key instead. Raises EngineLoadFailed if no
        process can be started, ModelFileMissing, and ParameterInvalid for settings that the engine
        would not survive.
        """
        settings = options.attributes(spec.options)
        require_file(spec.model_path)
        require_private(runtime_dir)
        socket = socket_path(runtime_dir, engine_id) if self._transport == "unix" else None
        if socket is not None:
            socket.unlink(missing_ok=True)  # a stale one makes the bind fail
        api_key = None if socket else secrets.token_urlsafe(32)
        config = {
            "parent_pid": os.getpid(),
            "prctl": self._use_prctl,
            "name": engine_id,
            "model": str(spec.model_path.absolute()),
            "template": spec.template,
            "socket": str(socket) if socket else None,
            "api_key": api_key,
            "settings": settings,
        }
        child = WorkerChild(
            spec.model_path, socket=socket, api_key=api_key, stop_grace_s=self._stop_grace_s
        )
        await self._start(child, runtime_dir)
        child.send_config(json.dumps(config).encode())
        return child

    async def _start(self, child: WorkerChild, runtime_dir: Path) -> None:
        try:
            await asyncio.get_running_loop().subprocess_exec(
                lambda: child,
                *self._program,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=self._environment,
                cwd=runtime_dir,
                start_new_session=True,
            )
        except OSError as error:
            raise EngineLoadFailed(
                f"The engine's process could not be started ({error.strerror})."
            ) from error
