"""Specifications and supervisors with everything filled in that a test does not care about."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from bodhi.engine.contract import EngineSpec, Launcher, Remote
from bodhi.engine.load_key import load_key
from bodhi.engine.remote import remote_spec
from bodhi.engine.supervisor import Supervisor
from bodhi.params.values import Json

MIB = 1 << 20


def make_spec(
    name: str = "model",
    *,
    slots: int = 1,
    memory_bytes: int = 0,
    size_bytes: int = 0,
    model_path: Path | None = None,
    template: str | None = None,
    **options: Json,
) -> EngineSpec:
    """A specification whose load key follows from all the rest."""
    path = model_path or Path(f"/models/{name}.gguf")
    given: dict[str, Json] = {"n_ctx": 256, "n_threads": 1, "n_parallel": slots, **options}
    return EngineSpec(
        model_path=path,
        identity=name,
        size_bytes=size_bytes,
        options=given,
        template=template,
        load_key=load_key(str(path), given, template),
        memory_bytes=memory_bytes,
    )


def make_remote_spec(remote: Remote, **options: Json) -> EngineSpec:
    """The specification of the way to a remote, with options that it must not have."""
    spec = remote_spec(remote)
    return replace(spec, options={**spec.options, **options})


def make_supervisor(
    launcher: Launcher,
    *,
    kind: type[Supervisor] = Supervisor,
    max_engines: int = 3,
    max_queue: int = 1000,
    idle_unload_s: float = 0,
    load_timeout_s: float = 60,
    free_memory: Callable[[], int] | None = None,
) -> Supervisor:
    return kind(
        launcher,
        max_engines=max_engines,
        max_queue=max_queue,
        idle_unload_s=idle_unload_s,
        load_timeout_s=load_timeout_s,
        free_memory=free_memory,
    )
