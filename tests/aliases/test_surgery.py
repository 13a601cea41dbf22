"""Edits in place: the value changes, every other byte stays."""

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bodhi.aliases import lines
from bodhi.aliases.surgery import Path, set_value, unset
from bodhi.aliases.yaml12 import BOM, Mapping, Node, Sequence, load, parse, same_value
from bodhi.errors import AliasFileInvalid
from bodhi.params.values import Json
from tests.aliases.documents import documents, texts, values

ODD = """\
# my favourite
alias:   llama3:instruct   # the name
repo: "owner/model-GGUF"

filename: 'model.Q8_0.gguf'
context_params:
      # how much it remembers
      n_ctx:  4096 # tokens
      'n_keep': 24
request_params: {temperature: 0.7, stop: [a, "b"]} # in brackets
system: |  # kept
    You are kind.

    Be brief.

last: 1
"""

NEW_VALUES: st.SearchStrategy[Json] = st.one_of(
    st.sampled_from([5, 0.5, True, None, "no", "", "# x", "a: b", "l1\nl2\n", [], {}, [1, "b"]]),
    st.sampled_from(
        [{"k": {"z": [1, {"y": 2}]}}, ["m\nn"], ["<|a|>", "<|b|>"], {"a": 1, "new": 2}]
    ),
    texts,
)


def _paths(value: Json, path: Path = ()) -> list[Path]:
    """Every path that exists, and for each collection some that do not yet."""
    found: list[Path] = [path] if path else []
    if isinstance(value, dict):
        found += [(*path, "new"), (*path, "new", "deeper")]
        for key, item in value.items():
            found += _paths(item, (*path, key))
    elif isinstance(value, list):
        found.append((*path, len(value)))
        for index, item in enumerate(value):
            found += _paths(item, (*path, index))
    return found


def _model_set(root: Any, path: Path, value: Json) -> Any:
    """What setting means, on plain values."""
    if not path:
        return value
    step, rest = path[0], path[1:]
    holder: Any = root if root is not None else ({} if isinstance(step, str) else [])
    if isinstance(holder, list):
        items = [*holder, None] if step == len(holder) else list(holder)
        items[int(step)] = _model_set(items[int(step)], rest, value)
        return items
    return {**holder, step: _model_set(holder.get(step), rest, value)}


def _model_unset(root: Any, path: Path) -> Any:
    step = path[0]
    exists = step in root if isinstance(root, dict) else root is not None and int(step) < len(root)
    if not exists:
        return root
    if isinstance(root, list):
        index = int(step)
        inner = [] if len(path) == 1 else [_model_unset(root[index], path[1:])]
        return root[:index] + inner + root[index + 1 :]
    if len(path) == 1:
        return {key: item for key, item in root.items() if key != step}
    return {**root, step: _model_unset(root[step], path[1:])}


def _node_at(text: str, path: Path) -> tuple[Node, int]:
    """The deepest node on the path, and where its key or dash begins."""
    node: Node = parse(text)
    start = 0
    for step in path:
        if isinstance(node, Mapping) and (entry := node.find(str(step))):
            node, start = entry.value, entry.key.start
        elif isinstance(node, Sequence) and int(step) < len(node.items):
            start = lines.child_start(text, node, int(step))
            node = node.items[int(step)]
        else:
            break
    return node, start


def _untouched(text: str, path: Path) -> tuple[str, str]:
    """What stands above the line where the value (or what gets a new key) begins, and below."""
    body = text.removeprefix(BOM)
    node, start = _node_at(body, path)
    above = body[: lines.line_start(body, start)]
    return text[: len(text) - len(body)] + above, body[
        max(node.end, lines.next_line(body, lines.content_end(body, node))) :
    ]


def _with_comments_drawn_in(text: str) -> str:
    return re.sub(r"(?m)^[ \t]+#", "#", text)


@settings(max_examples=300)
@given(documents(), st.data())
def test_a_changed_value_is_the_only_change(text: str, data: st.DataObject) -> None:
    before = load(text)
    path = data.draw(st.sampled_from(_paths(before)))
    value = data.draw(NEW_VALUES | values)
    after = set_value(text, path, value)
    assert same_value(load(after), _model_set(load(text), path, value))
    above, below = _untouched(text, path)
    assert after.startswith(above)
    assert after.endswith(below)


@settings(max_examples=200)
@given(documents(), st.data())
def test_a_removed_value_is_the_only_change(text: str, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(_paths(load(text))))
    after = unset(text, path)
    assert same_value(load(after), _model_unset(load(text), path))
    above, below = _untouched(text, path[:-1] if len(path) > 1 else path)
    assert after.startswith(above)
    # Under a block of text, a comment that is indented like it would become part of it.
    assert _with_comments_drawn_in(after).endswith(_with_comments_drawn_in(below))


@given(documents(), st.data())
def test_setting_what_is_there_changes_no_byte(text: str, data: st.DataObject) -> None:
    before: Any = load(text)
    path = data.draw(st.sampled_from([p for p in _paths(before) if "new" not in p]))
    try:
        value = before
        for step in path:
            value = value[step]
    except IndexError:
        return
    assert set_value(text, path, value) == text


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("path", "value", "old", "new"),
    [
        (
            ("alias",),
            "other",
            "alias:   llama3:instruct   # the name",
            "alias:   other   # the name",
        ),
        (("repo",), "a/b", 'repo: "owner/model-GGUF"', 'repo: "a/b"'),
        (("filename",), "it's", "filename: 'model.Q8_0.gguf'", "filename: 'it''s'"),
        (("context_params", "n_ctx"), 8192, "n_ctx:  4096 # tokens", "n_ctx:  8192 # tokens"),
        (("context_params", "n_keep"), -1, "'n_keep': 24", "'n_keep': -1"),
        (("request_params", "temperature"), 1, "{temperature: 0.7,", "{temperature: 1,"),
        (("request_params", "stop", 0), "x, y", '[a, "b"]', '["x, y", "b"]'),
        (("request_params", "stop"), ["a", "b", "c"], '[a, "b"]}', '[a, "b", c]}'),
        (("request_params", "seed"), 7, '"b"]} #', '"b"], seed: 7} #'),
        (("last",), None, "last: 1", "last: null"),
    ],
)
def test_one_value_is_one_line_of_an_oddly_written_file(
    newline: str, path: Path, value: Json, old: str, new: str
) -> None:
    text = ODD.replace("\n", newline)
    assert text.count(old) == 1
    assert set_value(text, path, value) == text.replace(old, new)


@pytest.mark.parametrize(
    ("text", "path", "value", "after"),
    [
        ("a: 1\nb: 2", ("c",), 3, "a: 1\nb: 2\nc: 3"),
        ("a: 1\nb: 2\n\n# end\n", ("c",), 3, "a: 1\nb: 2\nc: 3\n\n# end\n"),
        ("a:\n    x: 1 # c\nb: 2\n", ("a", "y"), 3, "a:\n    x: 1 # c\n    y: 3\nb: 2\n"),
        ("a: {}\n", ("a", "y"), 3, "a: {y: 3}\n"),
        ("a:\n- |\n  t", ("a", 1), 3, "a:\n- |-\n  t\n- 3"),
        ("a:\n- >+2\n    t", ("a", 1), 3, "a:\n- >2-\n    t\n- 3"),
        ("a: # c\nb: 2\n", ("a", "y"), 3, "a: # c\n  y: 3\nb: 2\n"),
        ("a: 1\n", ("p", "q"), ["x"], "a: 1\np:\n  q:\n    - x\n"),
        ("a: 1 # c\n", ("a",), "l1\nl2\n", "a: | # c\n  l1\n  l2\n"),
        ("a: | # c\n  l1\n  l2\nb: 2\n", ("a",), 5, "a: 5 # c\nb: 2\n"),
        ("a: |\n  x\n", ("a",), "l1\nl2", "a: |-\n  l1\n  l2\n"),
        ("a: 1 # c\n", ("a",), {"k": [1]}, "a: # c\n  k:\n    - 1\n"),
        ("a: # c\n  - 1\n  # d\n  - 2\nb: 3\n", ("a",), "x", "a: x # c\nb: 3\n"),
        ("a:\n- 1 # one\n- 2 # two\n", ("a",), [1, 2, 3], "a:\n- 1 # one\n- 2 # two\n- 3\n"),
        ("a:\n- 1 # one\n- 2 # two\n", ("a",), [2], "a:\n- 2 # two\n"),
        ("a:\n- 1 # one\n- 3\n", ("a", 1), 2, "a:\n- 1 # one\n- 2\n"),
        ("a:\n- 1 # one\n- 3\n", ("a",), [1, 2, 3], "a:\n- 1 # one\n- 2\n- 3\n"),
        ("a: |+\n  x\n\n\n", ("b",), 1, "a: |+\n  x\n\n\nb: 1\n"),
        ("a: |\n  x", ("b",), 1, "b: 1\na: |\n  x"),
        ("- k: 1\n", (0, "l"), 2, "- k: 1\n  l: 2\n"),
        ("a: [p: 1]\n", ("a", 0, "q"), 2, "a: [{p: 1, q: 2}]\n"),
        ("# only a comment\n", ("a",), 1, "# only a comment\na: 1\n"),
        ("\ufeffa: 1\n", ("a",), 2, "\ufeffa: 2\n"),
    ],
)
def test_what_is_added_takes_the_style_of_its_place(
    text: str, path: Path, value: Json, after: str
) -> None:
    assert set_value(text, path, value) == after


@pytest.mark.parametrize(
    ("text", "path", "after"),
    [
        ("a: 1 # c\nb: 2\n", ("a",), "b: 2\n"),
        ("a: 1\n# about b\nb: 2\n", ("b",), "a: 1\n# about b\n"),
        ("a:\n  x: 1\nb: 2\n", ("a", "x"), "a: {}\nb: 2\n"),
        ("a:\n  - 1\n", ("a", 0), "a: []\n"),
        ("a: {x: 1, y: 2}\n", ("a", "x"), "a: {y: 2}\n"),
        ("a: {x: 1, y: 2, }\n", ("a", "y"), "a: {x: 1, }\n"),
        ("a: {x: 1,}\n", ("a", "x"), "a: {}\n"),
        ("- k: 1\n  l: 2\n", (0, "k"), "- l: 2\n"),
        ("a: |+\n  x\nb: 1\n\nc: 2\n", ("b",), "a: |+\n  x\nc: 2\n"),
        ("a: |\n  x\nb: 1\n    # d\nc: 2\n", ("b",), "a: |\n  x\n# d\nc: 2\n"),
        ("a: |\n  x\nb: 1\n\n   # d\n # e\n", ("b",), "a: |\n  x\n\n# d\n# e\n"),
        ("a:\n  - |\n    x\n  - 1\n    # d\n  - 2\n", ("a", 1), "a:\n  - |\n    x\n  # d\n  - 2\n"),
        ("a: 1\n", ("a",), "{}\n"),
        ("a: 1\n", ("z",), "a: 1\n"),
        ("a: 1\n", ("z", "y"), "a: 1\n"),
    ],
)
def test_what_is_removed_leaves_a_whole_document(text: str, path: Path, after: str) -> None:
    assert unset(text, path) == after


@pytest.mark.parametrize(
    ("text", "path", "reason"),
    [
        ("a: 1\n", ("a", "b"), "should be a mapping"),
        ("a: {b: 1}\n", ("a", 0), "should be a list"),
        ("a: [1]\n", ("a", 3), "should be a list"),
        ("a: [1]\n", ("a", -1), "should be a list"),
        ("a: [1\n", ("a",), "not valid YAML"),
        ("? a\n: 1\n", ("a", "b"), "should be a mapping"),
    ],
)
def test_an_edit_that_cannot_be_is_refused(text: str, path: Path, reason: str) -> None:
    with pytest.raises(AliasFileInvalid, match=reason):
        set_value(text, path, 5)


def test_an_edit_never_grows_a_file_past_its_limits() -> None:
    text = "a: 1\nb: " + "x" * (256 * 1024 - 20) + "\n"
    with pytest.raises(AliasFileInvalid, match="limits"):
        set_value(text, ("a",), "y" * 100)


def test_a_long_list_is_changed_in_one_go() -> None:
    text = "a:\n" + "  - 1\n" * 2000
    assert load(set_value(text, ("a",), [2] * 2000)) == {"a": [2] * 2000}
    assert load(set_value(text, ("a",), [2])) == {"a": [2]}


def test_text_of_several_lines_is_added_above_a_comment_that_is_indented_deeper() -> None:
    text = "a:\r\n- 1\r\n      # odd\r\nb: 1"
    after = set_value(text, ("a", 1), "l1\nl2\n")
    assert load(after) == {"a": [1, "l1\nl2\n"], "b": 1}
    assert after.startswith("a:\r\n- 1\r\n")
    assert after.endswith("      # odd\r\nb: 1")
