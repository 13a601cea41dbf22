"""The launcher of a llama-server binary: any build of llama.cpp that the machine's owner names."""

import asyncio
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from bodhi.engine.child import STOP_GRACE_S, ChildProcess
from bodhi.engine.contract import EngineSpec
from bodhi.engine.environment import engine_environment
from bodhi.engine.flags import Placement, check, command_flags
from bodhi.engine.help_text import Build
from bodhi.engine.model_path import require_file
from bodhi.engine.options import attributes
from bodhi.engine.probe import PROBE_TIMEOUT_S, Prober
from bodhi.engine.runtime_dir import require_private, socket_path
from bodhi.engine.server_child import ServerChild
from bodhi.errors import EngineLoadFailed, StartRefused

PROGRAM_NAME = "llama-server"
_WORKER = Path(__file__).with_name("worker.py")


def find_program(configured: Path | None) -> Path:
    """The configured program, or the one on PATH. Raises StartRefused where there is neither."""
    if sys.platform == "win32":  # an exec would give the program another process number
        raise StartRefused(
            "A program as engine does not work on Windows yet.",
            remedy="Set engine to embedded.",
        )
    if configured is not None:
        return configured.expanduser().absolute()
    found = shutil.which(PROGRAM_NAME)
    if found is None:
        raise StartRefused(
            f"The engine is set to binary, and there is no {PROGRAM_NAME} on PATH.",
            remedy="Set llama_server to its path, or engine to embedded.",
        )
    return Path(found).absolute()


class BinaryLauncher:
    """Starts ``program``. Must be used in the thread that lives as long as the server.

    See ``EmbeddedLauncher`` for the thread. ``environment`` None takes the server's own; what an
    engine gets of it is decided by an allow-list. Each program gets ``probe_timeout_s`` seconds to
    say what it can do.
    """

    def __init__(
        self,
        program: Path,
        *,
        environment: Mapping[str, str] | None = None,
        use_unix_sockets: bool = True,
        stop_grace_s: float = STOP_GRACE_S,
        probe_timeout_s: float = PROBE_TIMEOUT_S,
    ) -> None:
        self._program = program
        self._environment = engine_environment(os.environ if environment is None else environment)
        self._use_unix_sockets = use_unix_sockets
        self._stop_grace_s = stop_grace_s
        self._prober = Prober(program, self._environment, timeout_s=probe_timeout_s)

    async def prepare(self) -> Build:
        """Ask the program what it can do, so that ``check`` knows. Raises EngineLoadFailed."""
        return await self._prober.build()

    def check(self, spec: EngineSpec) -> None:
        """Raises UnsupportedByEngine or ParameterInvalid for what this program cannot do.

        As long as the file that is there now was not asked what it can do, only the values are
        looked at; ``launch`` asks it.
        """
        attributes({key: value for key, value in spec.options.items() if key != "device"})
        build = self._prober.known()
        if build is not None:
            check(spec, build)

    async def launch(self, spec: EngineSpec, *, engine_id: str, runtime_dir: Path) -> ChildProcess:
        """Start the program on ``spec`` and return while it loads.

        ``runtime_dir`` must be short and private; where a socket's path would be too long, or the
        build knows none, the engine listens on a loopback port with a random key instead. Raises
        EngineLoadFailed if the program cannot be used, ModelFileMissing, and what ``check`` raises.
        """
        build = await self._prober.build()
        check(spec, build)
        require_file(spec.model_path)
        require_private(runtime_dir)
        socket = self._socket(build, runtime_dir, engine_id)
        api_key = None if socket else secrets.token_urlsafe(32)
        template = _template_file(spec.template, runtime_dir / f"{engine_id}.jinja")
        place = Placement(engine_id, spec.model_path.absolute(), template, socket)
        child = ServerChild(
            spec.model_path,
            socket=socket,
            api_key=api_key,
            made_files=(template,) if template else (),
            stop_grace_s=self._stop_grace_s,
        )
        try:
            await self._start(child, command_flags(spec.options, build, place), runtime_dir)
        except EngineLoadFailed:
            if template:
                template.unlink()
            raise
        return child

    def _socket(self, build: Build, runtime_dir: Path, engine_id: str) -> Path | None:
        """Where it will listen; None for a port, which only a build with keys may have."""
        path = None
        if self._use_unix_sockets and build.speaks_unix:
            path = socket_path(runtime_dir, engine_id)
        if path is not None:
            path.unlink(missing_ok=True)  # a stale one makes the bind fail
        elif not build.takes_key:
            raise EngineLoadFailed(
                f"The engine program {self._program.name} is too old: its port could be used by "
                "everybody on this machine.",
                remedy="Use a newer llama-server.",
            )
        return path

    async def _start(self, child: ServerChild, arguments: list[str], runtime_dir: Path) -> None:
        # By the environment, because everybody can read a command line.
        key = {"LLAMA_API_KEY": child.api_key} if child.api_key else {}
        try:
            await asyncio.get_running_loop().subprocess_exec(
                lambda: child,
                *(sys.executable, "-I", _WORKER, str(os.getpid()), self._program, *arguments),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=self._environment | key,
                cwd=runtime_dir,
                start_new_session=True,
            )
        except OSError as error:
            raise EngineLoadFailed(
                f"The engine's process could not be started ({error.strerror})."
            ) from error


def _template_file(text: str | None, path: Path) -> Path | None:
    """Where the template lies for the program: it is too long for an argument, and private."""
    if text is None:
        return None
    try:
        path.touch(mode=0o600)
        path.write_text(text, encoding="utf-8", errors="replace")
    except OSError as error:
        raise EngineLoadFailed(
            f"The chat template could not be handed to the engine ({error.strerror})."
        ) from error
    return path
