"""What is kept of an engine's output, and what of it people may read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bodhi.engine.output import LINE_OVERHEAD_BYTES, LOG_LINES, SHOWN_LINES, LogLine, OutputRing

_FIRST_CAUSE = (
    b"0.00.003.669 E llama_model_load: error loading model: tensor 'blk.0.attn_q.weight' data is"
    b" not within the file bounds, model is corrupted or incomplete"
)


def _ring(*lines: bytes, ready: bool = False) -> OutputRing:
    ring = OutputRing()
    if ready:
        ring.mark_ready()
    for line in lines:
        ring.feed(line + b"\n")
    return ring


@given(st.lists(st.binary(max_size=20)), st.lists(st.integers(1, 9), min_size=1))
def test_lines_do_not_depend_on_where_the_pipe_was_cut(
    pieces: list[bytes], sizes: list[int]
) -> None:
    data = b"\n".join(pieces)
    whole, cut = OutputRing(), OutputRing()
    whole.feed(data)
    position = turn = 0
    while position < len(data):
        size = sizes[turn % len(sizes)]
        cut.feed(data[position : position + size])
        position, turn = position + size, turn + 1
    assert cut.lines() == whole.lines()
    assert cut.total_bytes == len(data)


def test_a_line_without_end_keeps_only_its_beginning() -> None:
    ring = OutputRing(line_bytes=100)
    for _ in range(50):
        ring.feed(b"x" * 10)
    ring.feed(b"\nnext")
    assert ring.lines() == (b"x" * 100, b"next")


@pytest.mark.parametrize("line", [b"", b"a", b"a" * 1000])
def test_a_flood_is_bounded_and_the_newest_lines_stay(line: bytes) -> None:
    ring = OutputRing(ring_bytes=10_000)
    ring.feed((line + b"\n") * 10_000 + b"last\n")
    kept = ring.lines()
    assert kept[-1] == b"last"
    assert sum(len(text) + LINE_OVERHEAD_BYTES for text in kept) <= 10_000
    assert ring.total_bytes == 10_000 * (len(line) + 1) + 5


def test_the_cause_of_a_failed_load_is_shown() -> None:
    (line,) = _ring(b"0.00.003 I srv init: loading", _FIRST_CAUSE).public_lines()
    assert line.encode() == _FIRST_CAUSE.partition(b" E ")[2]


def test_a_failed_assertion_is_shown_without_the_builder_s_folders() -> None:
    line = b"/workspace/thirdparty/llama.cpp/src/model.cpp:1356: GGML_ASSERT(n_layer > 0) failed"
    assert _ring(line).public_lines() == ("GGML_ASSERT(n_layer > 0) failed",)
    assert _ring(line, ready=True).public_lines() == ("GGML_ASSERT(n_layer > 0) failed",)


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        (b"failed to load model, '/home/me/my models/a/x.gguf'", "'x.gguf'"),
        (b"failed to load model from /home/me/my models/a/x.gguf", "from x.gguf"),
        (b"could not open:/etc/secret/y.gguf", "open:y.gguf"),
        (rb"failed at C:\Users\me\z.gguf", "at z.gguf"),
        (b"see https://github.com/ggml-org and/or --ui/--no-ui", "https://github.com/ggml-org and"),
    ],
)
def test_folders_are_cut_out_of_what_is_shown(line: bytes, shown: str) -> None:
    (text,) = _ring(b"0.01 E srv: " + line).public_lines("/home/me/my models/a")
    assert shown in text
    assert "home" not in text
    assert "Users" not in text
    assert "etc" not in text


PROMPT = "my secret illness"


@pytest.mark.parametrize(
    "line",
    [
        f"0.05 E srv operator(): got exception: Missing 'role' in message: {PROMPT}",
        f'0.05 W srv: bad {{"content":"{PROMPT}"}}',
        f"{PROMPT}",
        f"  what():  {PROMPT}",
        f"GGML_ASSERT({PROMPT}) failed",
        f"x GGML_ASSERT({PROMPT}) failed",
        f"0.05 E srv: a.cpp:12: GGML_ASSERT({PROMPT}) failed",
        f"CUDA error: {PROMPT}!",
        f"terminate called after throwing an instance of '{PROMPT}'",
    ],
)
def test_what_is_printed_after_ready_shows_no_text_that_a_client_sent(line: str) -> None:
    assert _ring(line.encode(), ready=True).public_lines() == ()


def test_the_check_for_prompt_text_could_fail() -> None:
    """The same kind of line is shown while no client can have sent anything."""
    assert PROMPT in _ring(f"0.05 E srv: {PROMPT}".encode()).public_lines()[0]


def test_a_line_begun_before_ready_and_ended_after_it_counts_as_later() -> None:
    ring = OutputRing()
    ring.feed(b"0.05 E srv: be")
    ring.mark_ready()
    ring.feed(b"gun\n")
    assert ring.public_lines() == ()


def test_terminal_controls_are_taken_out_and_the_number_of_lines_is_bounded() -> None:
    ring = _ring(*(b"0.1 E a\x1b[31m\x07 line %d" % number for number in range(100)))
    shown = ring.public_lines()
    assert len(shown) == SHOWN_LINES
    assert shown[-1] == "a [31m line 99"


LOAD = [
    b"0.00.003.043 I srv          init: loading model",
    b"0.00.003.116 I srv    load_model: loading model '/home/me/models/x.gguf'",
    b"what a template prints of its example",
    b"0.00.030.858 I srv          init: listening on unix:///tmp/bodhi-d9y6whdl/abc.sock",
]
PROMPT_FIGURES = (
    b"0.05 I slot print_timing: id  0 | task 0 | prompt eval time =       4.24 ms /     4 tokens"
    b" (    1.06 ms per token,   944.29 tokens per second)"
)
FIGURES = [
    b"0.05 I slot launch_slot_: id  0 | task 0 | processing task, is_child = 0",
    PROMPT_FIGURES,
    b"0.05 I slot print_timing: id  0 | task 0 |       total time =       4.85 ms /     8 tokens",
    b"0.05 I slot      release: id  0 | task 0 | stop processing: n_tokens = 7, truncated = 0",
]


def _served(*lines: bytes) -> OutputRing:
    ring = _ring(*LOAD)
    ring.mark_ready()
    for line in lines:
        ring.feed(line + b"\n")
    return ring


def test_a_log_has_the_load_and_the_figures_of_each_request() -> None:
    log = _served(*FIGURES).log(0, "/home/me/models")
    assert [line.text for line in log] == [
        "I srv init: loading model",
        "I srv load_model: loading model 'x.gguf'",
        "I srv init: listening on its socket",
        "processing task, is_child = 0",
        "prompt eval time = 4.24 ms / 4 tokens ( 1.06 ms per token, 944.29 tokens per second)",
        "total time = 4.85 ms / 8 tokens",
        "stop processing: n_tokens = 7, truncated = 0",
    ]
    assert [line.number for line in log] == [1, 2, 4, 5, 6, 7, 8]


def test_the_last_word_of_a_load_is_in_the_log_though_the_engine_answered_before_it_was_read() -> (
    None
):
    said = b"0.00.030.700 I srv          init: model loaded"
    assert [line.text for line in _served(said).log(3)] == [
        "I srv init: listening on its socket",
        "I srv init: model loaded",
    ]


def test_an_error_quotes_none_of_that() -> None:
    assert _served(*FIGURES).public_lines() == ()


def test_a_log_is_followed_by_its_numbers_even_when_the_ring_has_moved_on() -> None:
    ring = OutputRing(ring_bytes=10_000)
    ring.mark_ready()
    for number in range(1, 1000):
        ring.feed(FIGURES[2] + b"\n")
        assert ring.log(number - 1) == (LogLine(number, "total time = 4.85 ms / 8 tokens"),)
    assert ring.log(999) == ring.log(5000) == ()
    assert 1 < len(ring.log(0)) < 100


def test_a_line_is_in_the_log_when_it_is_complete() -> None:
    ring = _served()
    ring.feed(FIGURES[2][:-6])
    assert ring.log(4) == ()
    ring.feed(FIGURES[2][-6:] + b"\n")
    assert [line.number for line in ring.log(4)] == [5]


def test_only_the_newest_lines_are_looked_at() -> None:
    ring = _served(*[FIGURES[0]] * (LOG_LINES + 5))
    assert len(ring.log(0)) == LOG_LINES


@pytest.mark.parametrize(
    "line",
    [
        f"0.05 I slot launch_slot_: id  0 | task 0 | {PROMPT}",
        f"0.05 I slot launch_slot_: id  0 | task 0 | processing task, is_child = 0 {PROMPT}",
        f"0.05 I slot print_timing: id  0 | task 0 | total time = 4 ms / {PROMPT} tokens",
        f"0.05 I srv  init: {PROMPT}",
        f"0.05 E srv  init: {PROMPT}",
        f"{PROMPT}",
    ],
)
def test_no_log_has_text_that_a_client_sent(line: str) -> None:
    assert _served(line.encode()).log(4) == ()
    early = _ring(line.encode()).log(0)
    assert bool(early) == line.startswith("0.05")  # the positive control
