"""The dry run of the real engine, and what becomes of a worker that does not do as expected."""

import json
import sys
from pathlib import Path

import psutil
import pytest

from bodhi.engine.dry_run import DryRuns, Share
from bodhi.errors import (
    EngineLoadFailed,
    EngineLoadTimeout,
    ModelFileMissing,
    ParameterInvalid,
)
from tests.engine.factories import make_spec
from tests.support import sparse_models
from tests.support.sparse_gguf import write_sparse_model

pytestmark = pytest.mark.anyio

MIB = 1 << 20
HEADER = "common_memory_breakdown_print: | memory breakdown [MiB] | total  free  self  model |"
DEVICES = f"""
0.00.1 I {HEADER}
0.00.1 I common_memory_breakdown_print: |   - CUDA0 (H200, with a name) | 143771 = 142000 + (1174 =   1021 +  132 +  21) +   -3 |
0.00.1 I common_memory_breakdown_print: |   - Host                      |            55 =  50 +    2 +   3    |
0.00.1 I common_memory_breakdown_print: |   - CPU_REPACK                |             7 =   7 +    0 +   0    |
0.00.1 I common_params_fit: done
0.00.1 I common_memory_breakdown_print: |   - Host                      |          9955 = 9950 +    2 +   3    |
"""  # noqa: E501


def worker(script: str) -> tuple[str, ...]:
    """A process in the worker's place, told the same line of configuration."""
    return (sys.executable, "-c", f"import json, sys, time, pathlib\n{script}")


def printing(text: str, *, then: str = "time.sleep(60)") -> tuple[str, ...]:
    return worker(f"sys.stdin.readline(); print({text!r}, file=sys.stderr, flush=True)\n{then}")


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A file for doubles, which do not open it."""
    path = tmp_path / "m.gguf"
    path.write_bytes(b"GGUF")
    return path


def children() -> set[int]:
    return {child.pid for child in psutil.Process().children(recursive=True)}


async def test_the_engine_says_what_a_load_would_take_and_ends(tmp_path: Path) -> None:
    before = children()
    path = tmp_path / "llama.gguf"
    write_sparse_model(path, sparse_models.llama())
    # Far more than any machine has: nothing of it is taken.
    found = await DryRuns().foresee(make_spec(model_path=path, n_ctx=4_000_000))
    assert found.weights // MIB == 864
    assert found.context // MIB == 4_000_000 // 256 * 8
    assert found.total > found.weights + found.context
    assert children() <= before


async def test_a_load_key_is_asked_for_once(model: Path, tmp_path: Path) -> None:
    starts = tmp_path / "starts"
    counting = worker(
        f"config = json.loads(sys.stdin.readline())\n"
        f"pathlib.Path({str(starts)!r}).open('a').write(str(config['settings']['n_ctx']) + ' ')\n"
        f"print({DEVICES!r}, file=sys.stderr, flush=True); time.sleep(60)"
    )
    dry_runs = DryRuns(program=counting)
    for n_ctx in (256, 512, 256, 512):
        await dry_runs.foresee(make_spec(model_path=model, n_ctx=n_ctx))
    assert starts.read_text() == "256 512 "


async def test_each_device_has_its_share(model: Path) -> None:
    found = await DryRuns(program=printing(DEVICES)).foresee(make_spec(model_path=model))
    assert found.shares == (
        Share("CUDA0", 1021 * MIB, 132 * MIB, 21 * MIB, 142000 * MIB),
        Share(None, 57 * MIB, 2 * MIB, 3 * MIB, None),
    )
    assert found.total == (1174 + 62) * MIB


async def test_a_worker_may_end_right_behind_its_table(model: Path) -> None:
    table = DEVICES.partition("0.00.1 I common_params_fit")[0]
    ending = DryRuns(program=printing(table, then=""))
    assert (await ending.foresee(make_spec(model_path=model))).weights == 1078 * MIB


@pytest.mark.parametrize("said", ["''", "'I nothing of the kind'", repr(HEADER), "'x' * 3_000_000"])
async def test_without_a_table_the_load_is_said_to_fail(model: Path, said: str) -> None:
    script = f"sys.stdin.readline(); print({said}, file=sys.stderr)"
    with pytest.raises(EngineLoadFailed, match=r"how much memory m\.gguf needs"):
        await DryRuns(program=worker(script)).foresee(make_spec(model_path=model))


async def test_a_worker_that_says_nothing_is_given_up_and_ended(model: Path) -> None:
    before = children()
    hanging = DryRuns(program=worker("time.sleep(600)"), timeout_s=0.2)
    with pytest.raises(EngineLoadTimeout):
        await hanging.foresee(make_spec(model_path=model))
    assert children() <= before


@pytest.mark.parametrize("flood", ["yes | tr -d '\\n' >&2", "yes >&2 & wait"])
async def test_a_worker_that_never_stops_talking_is_ended_too(model: Path, flood: str) -> None:
    before = children()
    talking = DryRuns(program=("sh", "-c", flood), timeout_s=1)
    with pytest.raises((EngineLoadFailed, EngineLoadTimeout)):
        await talking.foresee(make_spec(model_path=model))
    assert children() <= before


async def test_much_that_follows_the_table_keeps_nobody_waiting(model: Path) -> None:
    more = DEVICES + "x" * 20_000
    program = worker(
        f"sys.stdin.readline()\nwhile True: print({more!r} * 100, file=sys.stderr, flush=True)"
    )
    assert (await DryRuns(program=program).foresee(make_spec(model_path=model))).shares


async def test_a_failure_is_not_remembered(model: Path, tmp_path: Path) -> None:
    mark = tmp_path / "second"
    once = worker(
        f"sys.stdin.readline(); again = pathlib.Path({str(mark)!r})\n"
        f"if again.exists(): print({DEVICES!r}, file=sys.stderr, flush=True)\n"
        f"again.touch()"
    )
    dry_runs, spec = DryRuns(program=once), make_spec(model_path=model)
    with pytest.raises(EngineLoadFailed):
        await dry_runs.foresee(spec)
    assert (await dry_runs.foresee(spec)).shares


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits another process's memory")
async def test_states_that_are_allocated_even_so_stop_at_a_limit(tmp_path: Path) -> None:
    path = tmp_path / "mamba2.gguf"
    write_sparse_model(path, sparse_models.mamba2())
    spec = make_spec(model_path=path, slots=4)  # 300 MiB of states
    with pytest.raises(EngineLoadFailed):
        await DryRuns(memory_limit_bytes=256 * MIB).foresee(spec)
    assert (await DryRuns().foresee(spec)).context // MIB == 299


async def test_a_file_that_is_no_model_has_no_figures(model: Path) -> None:
    with pytest.raises(EngineLoadFailed):
        await DryRuns().foresee(make_spec(model_path=model))


async def test_what_cannot_be_asked_is_refused_before_a_process_starts(tmp_path: Path) -> None:
    never = DryRuns(program=("/nonexistent",))
    with pytest.raises(ModelFileMissing):
        await never.foresee(make_spec(model_path=tmp_path / "none.gguf"))
    there = tmp_path / "m.gguf"
    there.touch()
    with pytest.raises(ParameterInvalid):
        await never.foresee(make_spec(model_path=there, batch_size=1))
    with pytest.raises(EngineLoadFailed, match="could not be started"):
        await never.foresee(make_spec(model_path=there))


async def test_the_worker_is_told_to_lay_out_and_to_listen_to_nobody(
    model: Path, tmp_path: Path
) -> None:
    told = tmp_path / "told"
    listening = worker(
        f"line = sys.stdin.readline(); pathlib.Path({str(told)!r}).write_text(line)\n"
        f"print({DEVICES!r}, file=sys.stderr, flush=True)"
    )
    await DryRuns(program=listening).foresee(make_spec(model_path=model, n_ctx=512))
    config = json.loads(told.read_text())
    assert config["settings"]["fit_params"] is True
    assert config["settings"]["n_ctx"] == 512
    assert len(config["api_key"]) > 30
