"""T20: nothing that an alias or a request says becomes an argument of the engine by itself."""

import json
import sys
from collections.abc import Callable, Container, Iterable, Iterator
from pathlib import Path

import orjson
import psutil
import pytest

from bodhi.aliases.reader import read_alias
from bodhi.engine.binary import BinaryLauncher
from bodhi.engine.flags import Placement, command_flags
from bodhi.engine.help_text import Build, read_build
from bodhi.engine.options import attributes
from bodhi.engine.runtime_dir import RuntimeDir
from bodhi.errors import BodhiError, ParameterInvalid
from bodhi.gateway.body import read_request
from bodhi.gateway.dialects import CHAT
from bodhi.params.engine_options import engine_options
from bodhi.params.merge import merge, request_recipe
from bodhi.params.parameter import Section
from bodhi.params.registry import PARAMETERS, SPELLINGS
from tests.aliases.samples import alias_text
from tests.engine.contract.kinds import PROGRAMS, Program
from tests.engine.contract.test_flags_of_programs import run
from tests.engine.factories import make_spec
from tests.support.fake_llama_server import Behaviour, help_text, write_fake_llama_server
from tests.threats.engine_flags import ALLOWED, DANGEROUS, UNKNOWN

NEW = read_build(help_text(Behaviour()), "")
PLACE = Placement("abc", Path("/m/model.gguf"), None, Path("/run/abc.sock"))
VALUES = ("1", "/etc/passwd", "--host")
SECTIONS = ("context_params", "request_params", "request_policy")

Argv = Callable[[str], list[str]]


def argv_of(text: str) -> list[str]:
    """The arguments of the engine of an alias file. Raises what refuses the alias."""
    alias = read_alias(text.encode(), stem="a")
    options = engine_options(alias.context_params, trained_context=4096, cores=2)
    assert NEW is not None
    return command_flags(options.reload, NEW, PLACE)


OURS = argv_of(alias_text("a"))


def spellings(flag: str, value: str) -> Iterator[str]:
    """An alias file with the flag in it, in every place and shape."""
    name = flag.lstrip("-")
    for written in {flag, name, name.replace("-", "_")}:
        for section in SECTIONS:
            yield alias_text("a", **{section: json.dumps({written: value})})
            yield alias_text("a", **{section: json.dumps({written: "enforce"})})
    for items in ([f"{flag} {value}"], [f"{flag}={value}"], [flag, value], [flag]):
        yield alias_text("a", context_params=json.dumps(items))
    for around in (["--ctx-size", f"512 {flag} {value}"], [f"--ctx-size 512 {flag}={value}"]):
        yield alias_text("a", context_params=json.dumps(around))
    yield alias_text("a", context_params=json.dumps({"cache_type_k": f"f16 {flag} {value}"}))
    yield alias_text("a", context_params=json.dumps({"device": f"{flag} {value}"}))
    yield alias_text("a", context_params=json.dumps(["--ctx-size 512", flag, value]))
    for key in ("server_args", "args", "extra_args", name, flag):
        yield alias_text("a", **{json.dumps(key): json.dumps(f"{flag} {value}")})
        yield alias_text("a", **{json.dumps(key): json.dumps([flag, value])})


def injected(flag: str, argv: Argv) -> list[str]:
    """Aliases with the flag that are neither refused as the caller's fault nor without effect."""
    found = []
    for value in VALUES:
        for text in spellings(flag, value):
            try:
                has_effect = argv(text) != OURS
            except BodhiError as error:
                has_effect = not 400 <= error.status < 500
            if has_effect:
                found.append(text)
    return found


def taken(flags: Iterable[str], known: Container[str] = SPELLINGS[Section.CONTEXT]) -> set[str]:
    """Those of the flags that name a parameter."""
    return {flag for flag in flags if flag.lstrip("-").replace("-", "_") in known}


@pytest.mark.threat("T20")
def test_a_dangerous_flag_is_refused_or_goes_nowhere() -> None:
    for flag in DANGEROUS:
        assert injected(flag, argv_of) == []
        for text in (f"{{{flag}: 1}}", f"['{flag} 1']", f"['{flag}', '1']"):
            with pytest.raises(BodhiError) as caught:
                argv_of(alias_text("a", context_params=text))
            assert 400 <= caught.value.status < 500


@pytest.mark.threat("T20")
def test_a_flag_that_no_parameter_stands_for_is_refused() -> None:
    assert len({*DANGEROUS, *UNKNOWN, *ALLOWED}) > 400
    for flag in UNKNOWN:
        for value in (json.dumps([flag, "1"]), json.dumps([f"{flag}=1"]), json.dumps({flag: 1})):
            with pytest.raises(BodhiError) as caught:
                argv_of(alias_text("a", context_params=value))
            assert 400 <= caught.value.status < 500


@pytest.mark.threat("T20")
@pytest.mark.parametrize("program", PROGRAMS, ids=str)
def test_of_all_flags_of_a_program_only_those_on_the_list_are_taken(
    program: Program, tmp_path: Path
) -> None:
    build = read_build(run(program.place(tmp_path), "--help").stdout, "")
    assert build is not None
    assert taken(build.options) <= ALLOWED
    flags = {flag for flag in build.options if flag.strip("-")}
    for flag in flags - ALLOWED:
        with pytest.raises(BodhiError):
            argv_of(alias_text("a", context_params=json.dumps([flag, "1"])))


@pytest.mark.threat("T20")
def test_the_registry_knows_no_flag_of_an_engine_that_is_not_on_the_list() -> None:
    assert taken({*DANGEROUS, *UNKNOWN, *ALLOWED}) == ALLOWED


@pytest.mark.threat("T20")
@pytest.mark.parametrize("key", sorted({row.key for row, _ in SPELLINGS[Section.CONTEXT].values()}))
@pytest.mark.parametrize("value", ["--host", "-m /etc/passwd", "1 --tools all", "-1\n--host"])
def test_no_text_that_could_be_a_flag_is_a_value(key: str, value: str) -> None:
    with pytest.raises(BodhiError):
        argv_of(alias_text("a", context_params=json.dumps({key: value})))


@pytest.mark.threat("T20")
def test_what_is_ours_comes_last_whatever_the_alias_says() -> None:
    argv = argv_of(alias_text("a", context_params="{n_ctx: 512, device: CUDA0, timeout: 5}"))
    assert argv != OURS
    assert argv[-6:] == ["--model", "/m/model.gguf", "--alias", "abc", "--host", "/run/abc.sock"]


@pytest.mark.threat("T20")
@pytest.mark.anyio
async def test_an_engines_process_has_exactly_these_arguments(
    tmp_path: Path, tiny_model: Path
) -> None:
    program = write_fake_llama_server(tmp_path / "llama-server")
    spec = make_spec(model_path=tiny_model, device="CUDA0", timeout=5)
    folder = RuntimeDir()
    try:
        place = Placement("abc", tiny_model, None, folder.path() / "abc.sock")
        launcher = BinaryLauncher(program)
        process = await launcher.launch(spec, engine_id="abc", runtime_dir=folder.path())
        try:
            await process.wait_ready()
            line = psutil.Process(process.pid).cmdline()
        finally:
            await process.stop()
    finally:
        folder.remove()
    assert NEW is not None
    interpreter = [sys.executable, "-I"]  # of the double, which is a script
    assert line == [*interpreter, str(program), *command_flags(spec.options, NEW, place)]


@pytest.mark.threat("T20")
def test_no_other_attribute_of_the_embedded_engine_is_set() -> None:
    names = {flag.lstrip("-").replace("-", "_") for flag in DANGEROUS + UNKNOWN}
    inner = {"model.path", "hostnames", "api_keys", "public_path", "__class__", "port.x", ""}
    for name in (names | inner) - PARAMETERS.keys():
        with pytest.raises(ParameterInvalid):
            attributes({name: 1})


@pytest.mark.threat("T20")
def test_no_flag_reaches_the_engine_by_a_request() -> None:
    body = {"model": "a", "messages": [{"role": "user", "content": "x"}]}
    spelled = {flag.lstrip("-").replace("-", "_") for flag in DANGEROUS} | {*DANGEROUS}
    # A request has a model, a seed and tools of its own; they are checked as such.
    theirs = {*SPELLINGS[Section.REQUEST], *CHAT.fields, *body}
    recipe = request_recipe({}, {}, {}, 4096, None)
    for name in spelled - theirs:
        request = read_request(orjson.dumps(body | {name: "1"}), CHAT.fields)
        merged = merge(request.params, recipe)
        assert name not in merged.params
        assert name not in request.content
        assert name in merged.dropped


@pytest.mark.planted("T20")
def test_a_launcher_that_splits_texts_into_flags_would_be_found() -> None:
    def careless(text: str) -> list[str]:
        alias = read_alias(text.encode(), stem="a")
        return [*OURS, *str(alias.extra.get("server_args", "")).split()]

    assert injected("--host", careless)
    assert injected("--tools", careless)


@pytest.mark.planted("T20")
def test_a_table_that_knows_too_much_would_be_found() -> None:
    assert taken({*DANGEROUS}, {*SPELLINGS[Section.CONTEXT], "rpc"}) == {"--rpc"}


def test_the_help_of_the_double_is_read() -> None:
    assert isinstance(NEW, Build)
