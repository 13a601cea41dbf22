"""LiteLLM's proxy beside Bodhi, in an environment of its own that is made once and kept.

It is the peer that many put before local engines. One worker, no database, no logging.
"""

import os
import subprocess
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.house import Running, free_port, program
from benchmarks.report import note

_WANTED = "litellm[proxy]"
_START_S = 120.0
_CONFIG = """\
model_list:
  - model_name: stub
    litellm_params:
      model: openai/stub
      api_base: http://127.0.0.1:{port}/v1
      api_key: none
litellm_settings:
  telemetry: false
"""


@contextmanager
def litellm(engine_port: int, *, core: int) -> Iterator[Running]:
    """The proxy in front of the engine at ``engine_port``, on one processor."""
    folder = _cache() / "litellm"
    python = folder / "bin" / "python"
    if not (folder / "complete").exists():
        _install(folder, python)
    config = _cache() / "litellm.yaml"
    config.write_text(_CONFIG.format(port=engine_port), encoding="utf-8")
    port = free_port()
    command = [str(folder / "bin" / "litellm"), "--config", str(config), "--port", str(port)]
    command += ["--host", "127.0.0.1", "--num_workers", "1"]
    variables = {
        "LITELLM_LOG": "ERROR",
        "NO_DOCS": "True",
        # Without a key it asks for none of a request, as Bodhi on loopback.
        "LITELLM_DANGEROUSLY_PERMIT_WEAK_OR_UNSET_MASTER_KEY": "true",
    }
    with program(
        command, port=port, path="/health/liveliness", core=core, variables=variables,
        start_s=_START_S,
    ) as running:  # fmt: skip
        version = subprocess.run(
            [python, "-c", "import importlib.metadata as m; print(m.version('litellm'))"],
            check=True, capture_output=True, text=True,
        )  # fmt: skip
        note(f"LiteLLM {version.stdout.strip()}, one worker")
        yield running


def _cache() -> Path:
    base = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    folder = base / "bodhi-bench"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _install(folder: Path, python: Path) -> None:
    note(f"installing {_WANTED} into {folder}, once")
    venv.create(folder, with_pip=True, clear=True)
    subprocess.run([python, "-m", "pip", "install", "--quiet", _WANTED], check=True)
    (folder / "complete").touch()
