"""Hypothesis strategies: plain values, and YAML documents as people write them."""

from typing import TypeAlias

from hypothesis import strategies as st

from bodhi.params.values import Json, JsonObject

Draw: TypeAlias = st.DrawFn

# Texts that YAML 1.1 or a careless writer would turn into something else.
TRICKY = (
    "no on Off y 12:30 1e5 1_000 0o17 0x1F 007 08 .inf -.INF .nan ~ null True +1 1. .5 = << --- ..."
    " - ? : -a :a ?a a: #a a#b & * ! | > ' \" % @ ` [ ] { } , <|eot_id|> 2020-01-01 1.2.3 0b1 1e400"
).split(" ")

texts = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        [*TRICKY, "", " ", "a: b", "a #b", "- a", "l1\nl2", "l1\n\n l2\n", "\n", " x\ny", "\ta"]
    ),
    st.text(alphabet="-?:,[]{}#&*!|>'\"%@` \t\n\r\\ax01.~<+_=\x85\u2028\ufeff", max_size=8),
)
scalars = st.none() | st.booleans() | st.integers(-(2**63), 2**64) | st.floats() | texts
values: st.SearchStrategy[Json] = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)
mappings: st.SearchStrategy[JsonObject] = st.dictionaries(texts, values, max_size=5)

_KEYS = ("a", "b", "stop", "n_ctx", "'q k'", '"d"', "007", "x-y", "é")
# "~" stands for the indentation of the line the value begins on.
_INLINE = (
    *("1", "x", "null", "", "1e5", "no", "<|a|>", "'s q'", '"d\\n"', "2.5", "{}", "[]", "[1, 2]"),
    *("{p: 1, q: [x, 'y']}", "[p: 1, z]", "{k, l: }", "[x, y, ]", '{"j": [1]}'),
)
_SPREAD = (
    *("multi\n~  line", "'sq\n~  two'", "{p: 1,\n~ q: 2 # c\n~ }", "[\n~  a,\n~  b,\n~ ]"),
    *(
        "|\n~  t1\n~  t2",
        "|-\n~  t1\n\n~  t2",
        "|+ # hc\n~  t1\n\n",
        ">\n~   f1\n~   f2",
        "|2\n~    i",
    ),
)
_COMMENTS = ("", "", "", " # c", "   # trailing: x")
_BETWEEN = ("", "", "", "", "\n", "# own line\n", "      # odd\n")


def _value(draw: Draw, depth: int, column: int) -> str:
    """What follows ``key:`` or ``-``, with the line break at its end."""
    kinds = ("inline", "inline", "spread", "mapping", "list") if depth < 3 else ("inline", "spread")
    kind = draw(st.sampled_from(kinds))
    if kind == "inline":
        text = draw(st.sampled_from(_INLINE))
        return (f" {text}" if text else "") + draw(st.sampled_from(_COMMENTS)) + "\n"
    if kind == "spread":
        return " " + draw(st.sampled_from(_SPREAD)).replace("~", " " * column) + "\n"
    comment = draw(st.sampled_from(_COMMENTS))
    if kind == "mapping":
        return f"{comment}\n" + _mapping(
            draw, depth + 1, column + draw(st.sampled_from((1, 2, 2, 4, 7)))
        )
    return f"{comment}\n" + _list(draw, depth + 1, column + draw(st.sampled_from((0, 2, 3))))


def _mapping(draw: Draw, depth: int, column: int) -> str:
    keys = draw(st.lists(st.sampled_from(_KEYS), min_size=1, max_size=4, unique=True))
    lines = [f"{' ' * column}{key}:{_value(draw, depth, column)}" for key in keys]
    return "".join(draw(st.sampled_from(_BETWEEN)) + line for line in lines)


def _list(draw: Draw, depth: int, column: int) -> str:
    return "".join(
        draw(st.sampled_from(_BETWEEN)) + _item(draw, depth, column)
        for _ in range(draw(st.integers(1, 3)))
    )


def _item(draw: Draw, depth: int, column: int) -> str:
    dash = " " * column + "-"
    kind = draw(st.sampled_from(("value", "value", "mapping", "list") if depth < 3 else ("value",)))
    if kind == "value":
        return dash + _value(draw, 3, column)
    inner = (_mapping if kind == "mapping" else _list)(draw, depth + 1, column + 2)
    indentation = " " * (column + 2)
    if inner.startswith(indentation) and inner[column + 2] not in " #":
        return f"{dash} {inner[column + 2 :]}"
    return f"{dash}\n{inner}"


@st.composite
def documents(draw: Draw) -> str:
    """A mapping with comments, odd indentation, every style of value, and odd ends."""
    head = draw(st.sampled_from(("", "", "# head\n", "---\n", "--- # x\n")))
    text = head + _mapping(draw, 0, draw(st.sampled_from((0, 0, 0, 2))))
    text += draw(st.sampled_from(("", "", "# eof\n", "\n\n", "...\n")))
    if draw(st.integers(0, 3)) == 0:
        text = text.removesuffix("\n")
    if draw(st.integers(0, 2)) == 0:
        text = text.replace("\n", "\r\n")
    return "\ufeff" + text if draw(st.integers(0, 4)) == 0 else text
