"""One alias in every shape that was ever published is one alias, one engine, one explanation."""

from dataclasses import replace
from pathlib import Path

import pytest

from bodhi.aliases.model import Alias, AliasSource
from bodhi.aliases.reader import read_alias
from bodhi.aliases.recipe import recipe_of
from bodhi.aliases.resolve import Resolution, resolve
from bodhi.chat_templates.sources import TemplatePlaces, choose_template
from bodhi.gateway.serving import Serving, build_serving
from bodhi.model_files.index import ModelIndex
from bodhi.model_files.model import ModelFacts, ModelFile
from bodhi.params.explain import Explained, explain
from tests.aliases.samples import open_store, write_file
from tests.support.fixtures import shared_fixtures
from tests.support.hub import place_in_hub
from tests.support.tiny_gguf import write_tiny_gguf

# The specification's own file.
SPECIFIED = """\
alias: llama3:instruct
repo: QuantFactory/Meta-Llama-3-8B-Instruct-GGUF
filename: Meta-Llama-3-8B-Instruct.Q8_0.gguf
chat_template: llama3
snapshot: 5007652f7a641fe7170e0bad4f63839419bd9213
context_params:
  n_keep: 24
request_params:
  stop:
    - <|start_header_id|>
    - <|end_header_id|>
    - <|eot_id|>
"""
AS_TOKENS = SPECIFIED.replace("  n_keep: 24", "  - --n-keep\n  - '24'")
AS_ONE_WORD = SPECIFIED.replace("  n_keep: 24", "  - --n-keep=24")
PUBLISHED = ("llama3--instruct.yaml", "llama3--instruct.flags.yaml")


def read(text: str | bytes) -> Alias:
    """The recipe; keys that mean nothing here are not part of it."""
    data = text if isinstance(text, bytes) else text.encode()
    return replace(read_alias(data, stem="llama3--instruct"), extra={})


def load_key(alias: Alias) -> str:
    path = Path("/models/llama.gguf")
    model = ModelFile(
        id="a/b:Q8_0", repo=alias.repo, filename=alias.filename, quantization="Q8_0",
        snapshot=alias.snapshot, path=path, real_path=path, identity="1", size_bytes=1,
        modified_at=0.0, facts=ModelFacts("llama", context_length=8192),
    )  # fmt: skip
    template = choose_template(alias.chat_template, TemplatePlaces(path, path))
    resolution = Resolution(alias.name, AliasSource.USER, alias, model, 1)
    return build_serving(resolution, template, cores=4).spec.load_key


def explained(alias: Alias) -> list[Explained]:
    return explain(recipe_of(alias, None, cores=4))


@pytest.mark.parametrize("text", [AS_TOKENS, AS_ONE_WORD])
def test_flags_in_one_word_or_two_mean_what_the_specified_file_means(text: str) -> None:
    same_for_all(read(text))


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_published_files_mean_what_the_specified_file_means(name: str) -> None:
    same_for_all(read((shared_fixtures() / "aliases" / name).read_bytes()))


def same_for_all(alias: Alias) -> None:
    specified = read(SPECIFIED)
    assert alias == specified
    assert load_key(alias) == load_key(specified)
    assert explained(alias) == explained(specified)


@pytest.fixture
def hub(tmp_path: Path) -> Path:
    """The model that all of them name, under its snapshot; its author recommends samplers."""
    file = tmp_path / "llama.gguf"
    write_tiny_gguf(file, ctx=8192, metadata={"general.sampling.temp": 0.6})
    specified = read(SPECIFIED)
    assert specified.snapshot
    place_in_hub(
        tmp_path / "hub", specified.repo, specified.filename, file, snapshot=specified.snapshot
    )
    return tmp_path / "hub"


def served(home: Path, hub: Path, text: bytes) -> tuple[Serving, list[Explained]]:
    """What a home that holds this file alone makes of a request for the alias."""
    write_file(home, "llama3--instruct", text)
    found = resolve("llama3:instruct", open_store(home), ModelIndex(hub).scan())
    template = choose_template(found.alias.chat_template, TemplatePlaces(hub, home))
    serving = build_serving(found, template, cores=4)
    return serving, explain(recipe_of(found.alias, found.model, cores=4))


def test_the_three_published_shapes_are_served_alike_from_their_files(
    tmp_path: Path, hub: Path
) -> None:
    files = [SPECIFIED.encode()]
    files += [(shared_fixtures() / "aliases" / name).read_bytes() for name in PUBLISHED]
    (serving, told), *others = [
        served(tmp_path / f"home-{number}", hub, text) for number, text in enumerate(files)
    ]
    assert len(others) == 2
    for other, told_of_other in others:
        assert other.spec == serving.spec
        assert other.spec.load_key == serving.spec.load_key
        assert other.recipe == serving.recipe
        assert told_of_other == told
    by_key = {one.row.key: one for one in told}
    assert (by_key["n_keep"].value, by_key["n_keep"].layer) == (24, "alias default")
    assert (by_key["temperature"].value, by_key["temperature"].layer) == (0.6, "model file")
    assert by_key["n_ctx"].value == 8192
    assert by_key["stop"].value == ["<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"]


def test_another_value_in_one_of_them_would_be_another_explanation() -> None:
    other = read(AS_ONE_WORD.replace("24", "25"))
    assert explained(other) != explained(read(SPECIFIED))
    wider = read(AS_ONE_WORD.replace("--n-keep=24", "--ctx-size=4096"))
    assert load_key(wider) != load_key(read(SPECIFIED))
