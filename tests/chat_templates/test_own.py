"""The user's own templates: which files count, and that an edit is seen at once."""

import os
from pathlib import Path

import pytest

from bodhi.chat_templates.own import (
    OwnTemplate,
    is_own_name,
    own_names,
    own_templates,
    read_own_template,
)
from bodhi.chat_templates.size import MAX_TEMPLATE_BYTES
from bodhi.errors import TemplateMissing, TemplateUnusable


def put(folder: Path, name: str, content: str | bytes = "{{ x }}") -> Path:
    path = folder / f"{name}.jinja"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_an_edit_is_seen_at_once_even_of_equal_length_and_time(tmp_path: Path) -> None:
    path = put(tmp_path, "mine", "{{ one }}")
    assert read_own_template("mine", tmp_path) == "{{ one }}"
    before = path.stat()
    put(tmp_path, "mine", "{{ two }}")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert read_own_template("mine", tmp_path) == "{{ two }}"


def test_one_that_has_rested_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = put(tmp_path, "mine", "{{ one }}")
    os.utime(path, (1, 1))
    assert read_own_template("mine", tmp_path) == "{{ one }}"
    monkeypatch.setattr("bodhi.chat_templates.seen_file.SeenFile.read", None)
    assert read_own_template("mine", tmp_path) == "{{ one }}"


@pytest.mark.parametrize(
    "name",
    [
        *("", ".", "..", ".mine", "-mine", "a/b", "a\\b", "a..b", "mine.", "CON", "nul.txt"),
        *("a b", "ä", "a\n", "a\0", "x" * 65, "{{ x }}"),
    ],
)
def test_a_name_that_could_be_another_file_is_none(name: str) -> None:
    assert not is_own_name(name)
    assert is_own_name("My-template_2.1")


def test_every_file_is_listed_and_what_is_wrong_with_it(tmp_path: Path) -> None:
    put(tmp_path, "good", "{{ x }}")
    put(tmp_path, "huge", b"x" * (MAX_TEMPLATE_BYTES + 1))
    put(tmp_path, "bytes", b"\xff")
    put(tmp_path, "empty", "")
    put(tmp_path, "two words")
    put(tmp_path, ".hidden")
    (tmp_path / "notes.txt").write_text("no template")
    (tmp_path / "folder.jinja").mkdir()
    os.mkfifo(tmp_path / "pipe.jinja")
    (tmp_path / "loop.jinja").symlink_to("loop.jinja")
    (tmp_path / "lost.jinja").symlink_to("nowhere")
    listed = {one.name: one for one in own_templates(tmp_path)}
    assert listed.pop("good") == OwnTemplate("good", "{{ x }}")
    said = {name: str(one.problem).replace("Your template ", "") for name, one in listed.items()}
    assert said == {
        "bytes": "bytes is not UTF-8 text.",
        "empty": "empty is empty.",
        "folder": "folder cannot be read.",
        "huge": "huge is larger than 256 KiB.",
        "loop": "loop cannot be read.",
        "lost": "There is no file lost.jinja among your templates.",
        "pipe": "pipe is not a regular file.",
        "two words": "Its file has a name that no template can have.",
    }
    assert "two words" not in own_names(tmp_path)
    with pytest.raises(TemplateUnusable) as refusal:
        read_own_template("pipe", tmp_path)
    assert str(tmp_path) not in f"{refusal.value.message}{refusal.value.remedy}"


def test_a_link_is_followed_because_its_owner_put_it_there(tmp_path: Path) -> None:
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "mine.jinja").symlink_to(put(tmp_path, "elsewhere"))
    assert read_own_template("mine", folder) == "{{ x }}"


def test_a_home_without_the_folder_has_no_templates(tmp_path: Path) -> None:
    assert own_names(tmp_path / "none") == []
    with pytest.raises(TemplateMissing, match=r"no file mine\.jinja"):
        read_own_template("mine", tmp_path / "none")
