"""Templates from the hub cache: which file counts, what is refused, and when it is read again."""

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bodhi.chat_templates import seen_file
from bodhi.chat_templates.repository import MAX_CONFIG_BYTES, read_repository_template
from bodhi.chat_templates.size import MAX_TEMPLATE_BYTES
from bodhi.errors import TemplateMissing, TemplateUnusable
from tests.support.fixtures import shared_fixtures
from tests.support.hub import place_in_hub

REPO = "owner/model"
CONFIG = "tokenizer_config.json"
JINJA = "chat_template.jinja"


class Hub:
    """A hub cache under construction, with one repository that ``refs/main`` points into."""

    def __init__(self, root: Path) -> None:
        self.cache = root / "hub"
        self.folder = self.cache / "models--owner--model"
        self._source = root / "source"

    def put(self, filename: str, content: bytes | str, *, snapshot: str = "abc") -> Path:
        """A file as the hub client leaves it: a link to a blob, and the ref."""
        self._source.write_bytes(content.encode() if isinstance(content, str) else content)
        refs = {"main": snapshot}
        return place_in_hub(self.cache, REPO, filename, self._source, snapshot=snapshot, refs=refs)

    def put_config(self, chat_template: Any) -> Path:
        return self.put(CONFIG, json.dumps({"chat_template": chat_template}))

    def read(self) -> str:
        return read_repository_template(REPO, self.cache)


@pytest.fixture
def hub(tmp_path: Path) -> Hub:
    return Hub(tmp_path)


def test_the_text_comes_from_the_tokenizer_configuration(hub: Hub) -> None:
    hub.put_config("{{ one }}")
    assert hub.read() == "{{ one }}"


def test_the_jinja_file_wins_over_the_configuration(hub: Hub) -> None:
    hub.put_config("{{ config }}")
    hub.put(JINJA, "{{ jinja }}\n")
    assert hub.read() == "{{ jinja }}\n"


def test_of_named_templates_the_default_is_taken_wherever_it_stands(hub: Hub) -> None:
    hub.put_config(
        [{"name": "tool_use", "template": "{{ t }}"}, {"name": "default", "template": "{{ d }}"}]
    )
    assert hub.read() == "{{ d }}"


def test_the_only_named_template_is_taken_whatever_its_name(hub: Hub) -> None:
    hub.put_config([{"name": "rag", "template": "{{ r }}"}])
    assert hub.read() == "{{ r }}"


def test_several_named_templates_without_a_default_are_not_guessed_between(hub: Hub) -> None:
    hub.put_config([{"name": "rag", "template": "a"}, {"name": "tool_use", "template": "b"}])
    with pytest.raises(TemplateUnusable, match="none is named default"):
        hub.read()


@pytest.mark.parametrize(
    "repo", ["TinyLlama/TinyLlama-1.1B-Chat-v1.0", "CohereForAI/c4ai-command-r-plus"]
)
def test_published_configurations_are_read(repo: str, tmp_path: Path) -> None:
    source = shared_fixtures() / "tokenizer-configs" / repo / CONFIG
    place_in_hub(tmp_path, repo, CONFIG, source, refs={"main": "main"})
    declared = json.loads(source.read_text())["chat_template"]
    wanted = declared if isinstance(declared, str) else declared[0]["template"]
    assert read_repository_template(repo, tmp_path) == wanted


def test_the_snapshot_is_the_one_that_main_names(hub: Hub) -> None:
    hub.put(JINJA, "{{ old }}", snapshot="aaa")
    hub.put(JINJA, "{{ new }}", snapshot="bbb")
    assert hub.read() == "{{ new }}"
    (hub.folder / "refs" / "main").write_text("aaa\n")
    assert hub.read() == "{{ old }}"


def test_without_a_ref_the_snapshot_changed_last_is_taken(hub: Hub) -> None:
    for name, age in (("bbb", 1), ("aaa", 2)):
        placed = hub.put(JINJA, name, snapshot=name)
        os.utime(placed.parent, (age, age))
    (hub.folder / "refs" / "main").unlink()
    assert hub.read() == "aaa"


def test_a_plain_copy_is_read_like_a_link(hub: Hub) -> None:
    placed = hub.put(JINJA, "{{ x }}")
    content = placed.read_bytes()
    placed.unlink()
    placed.write_bytes(content)
    assert hub.read() == "{{ x }}"


def test_a_hub_cache_that_is_itself_a_link_is_followed(hub: Hub, tmp_path: Path) -> None:
    hub.put(JINJA, "{{ x }}")
    linked = tmp_path / "linked"
    linked.symlink_to(hub.cache)
    assert read_repository_template(REPO, linked) == "{{ x }}"


@pytest.mark.parametrize("chat_template", [None, "", []])
def test_a_configuration_without_a_template_counts_as_missing(chat_template: Any, hub: Hub) -> None:
    hub.put_config(chat_template)
    with pytest.raises(TemplateMissing, match="owner/model was published without"):
        hub.read()


def test_a_cache_a_repository_or_a_snapshot_that_is_not_there_is_missing(hub: Hub) -> None:
    with pytest.raises(TemplateMissing, match="not in the hub cache"):
        hub.read()
    (hub.folder / "snapshots").mkdir(parents=True)
    with pytest.raises(TemplateMissing, match="not in the hub cache"):
        hub.read()
    hub.put("model.gguf", "x")
    with pytest.raises(TemplateMissing, match=r"has no tokenizer_config\.json"):
        hub.read()


def test_a_link_whose_blob_is_gone_is_missing(hub: Hub) -> None:
    hub.put_config("{{ x }}").resolve().unlink()
    with pytest.raises(TemplateMissing):
        hub.read()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "not valid JSON"),
        (b'{"chat_template": "', "not valid JSON"),
        (b"\xff\xfe", "not valid JSON"),
        (b'{"chat_template": "\xff"}', "not valid JSON"),
        (rb'{"chat_template": "\ud800"}', "not valid JSON"),
        (b"[" * 100_000, "not valid JSON"),
        (b"[]", "not a JSON object"),
        (b"null", "not a JSON object"),
        (b'{"chat_template": 1}', "neither a text nor a list"),
        (b'{"chat_template": {"default": "x"}}', "neither a text nor a list"),
        (b'{"chat_template": [{"name": "default", "template": 1}]}', "neither a text nor a list"),
    ],
)
def test_a_broken_configuration_is_refused_by_name(content: bytes, why: str, hub: Hub) -> None:
    hub.put(CONFIG, content)
    with pytest.raises(TemplateUnusable) as refusal:
        hub.read()
    assert refusal.value.message.startswith(f"{CONFIG} of the repository {REPO} ")
    assert why in refusal.value.message
    assert str(hub.cache) not in f"{refusal.value.message}{refusal.value.remedy}"


def test_a_jinja_file_that_is_not_text_is_refused(hub: Hub) -> None:
    hub.put(JINJA, b"\xff")
    with pytest.raises(TemplateUnusable, match="not UTF-8"):
        hub.read()


def test_files_may_be_as_large_as_the_limits_and_no_larger(hub: Hub) -> None:
    hub.put_config("x" * MAX_TEMPLATE_BYTES)
    assert len(hub.read()) == MAX_TEMPLATE_BYTES
    hub.put_config("x" * (MAX_TEMPLATE_BYTES + 1))
    with pytest.raises(TemplateUnusable, match="more than 256 KiB"):
        hub.read()
    hub.put(JINJA, "x" * (MAX_TEMPLATE_BYTES + 1))
    with pytest.raises(TemplateUnusable, match="larger than 256 KiB"):
        hub.read()


def test_a_huge_configuration_is_refused_unread(hub: Hub) -> None:
    placed = hub.put_config("{{ x }}")
    os.truncate(placed.resolve(), MAX_CONFIG_BYTES + 1)
    with pytest.raises(TemplateUnusable, match="larger than 16384 KiB"):
        hub.read()


@pytest.mark.parametrize("absolute", [True, False])
def test_a_link_out_of_the_cache_is_not_followed(absolute: bool, hub: Hub, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("{{ secret }}")
    placed = hub.put(JINJA, "{{ x }}")
    placed.unlink()
    placed.symlink_to(secret if absolute else os.path.relpath(secret, placed.parent))
    with pytest.raises(TemplateUnusable, match="leads out of the hub cache"):
        hub.read()


def test_a_repository_folder_that_is_a_link_out_is_not_followed(hub: Hub, tmp_path: Path) -> None:
    hub.put(JINJA, "{{ x }}")
    hub.folder.rename(tmp_path / "elsewhere")
    hub.folder.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(TemplateUnusable, match="leads out of the hub cache"):
        hub.read()


@pytest.mark.parametrize("target", ["../../../secret", "..", ".", "", "/etc", "a/b", "x" * 300])
def test_a_ref_names_one_snapshot_folder_and_nothing_else(target: str, hub: Hub) -> None:
    hub.put(JINJA, "{{ x }}")
    (hub.folder / "refs" / "main").write_text(target)
    with pytest.raises(TemplateUnusable, match=r"^refs/main of the repository owner/model "):
        hub.read()


def test_a_folder_a_pipe_and_a_loop_of_links_are_refused_at_once(hub: Hub) -> None:
    placed = hub.put(JINJA, "{{ x }}")
    placed.unlink()
    placed.mkdir()
    with pytest.raises(TemplateUnusable):
        hub.read()
    placed.rmdir()
    os.mkfifo(placed)
    with pytest.raises(TemplateUnusable, match="not a regular file"):
        hub.read()
    placed.unlink()
    placed.symlink_to(placed.name)
    with pytest.raises(TemplateUnusable, match="cannot be read"):
        hub.read()


def test_a_file_is_read_once_and_again_only_when_it_changed(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    really_open = seen_file._open_at_once

    def counting(path: str, flags: int) -> int:
        opened.append(Path(path).name)
        return really_open(path, flags)

    monkeypatch.setattr(seen_file, "_open_at_once", counting)
    hub.put_config("{{ one }}")
    assert [hub.read() for _ in range(5)] == ["{{ one }}"] * 5
    assert len(opened) == 2  # the ref and the configuration
    hub.put_config("{{ two }}")
    assert hub.read() == "{{ two }}"
    hub.put(JINJA, "{{ jinja }}")
    assert hub.read() == "{{ jinja }}"


def test_a_change_of_equal_length_is_seen(hub: Hub) -> None:
    placed = hub.put(JINJA, "{{ one }}").resolve()
    assert hub.read() == "{{ one }}"
    then = placed.stat().st_mtime_ns + 1
    placed.write_text("{{ two }}")
    os.utime(placed, ns=(then, then))
    assert hub.read() == "{{ two }}"


def test_a_refusal_is_not_remembered(hub: Hub) -> None:
    placed = hub.put(CONFIG, "{").resolve()
    before = placed.stat()
    with pytest.raises(TemplateUnusable):
        hub.read()
    placed.write_text('{"chat_template": "{{ mended }}"}')
    os.utime(placed, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert hub.read() == "{{ mended }}"


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["name", "template", "default"]), inner)
    ),
    max_leaves=8,
)


@pytest.fixture(scope="module")
def one_hub(tmp_path_factory: pytest.TempPathFactory) -> Hub:
    """A hub that all examples of a property share; each writes a new blob into it."""
    return Hub(tmp_path_factory.mktemp("one-hub"))


@settings(max_examples=60)
@given(content=st.binary(max_size=40) | json_values.map(lambda v: json.dumps(v).encode()))
def test_whatever_the_file_holds_gives_text_or_a_typed_error(content: bytes, one_hub: Hub) -> None:
    for whole in (content, b'{"chat_template": %s}' % content):
        one_hub.put(CONFIG, whole)
        with suppress(TemplateMissing, TemplateUnusable):
            assert one_hub.read()
