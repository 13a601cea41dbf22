"""Special tokens are found in a prompt, whoever's they are."""

import pytest

from bodhi.chat_templates.special import special_spans


def marked(prompt: str, *tokens: str) -> list[str]:
    return [prompt[begin:end] for begin, end in special_spans(prompt, *tokens)]


@pytest.mark.parametrize(
    ("prompt", "found"),
    [
        ("<|im_start|>user\nHi<|im_end|>", ["<|im_start|>", "<|im_end|>"]),
        ("<s>[INST] <<SYS>>\na\n<</SYS>>[/INST]</s>",
         ["<s>", "[INST]", "<<SYS>>", "<</SYS>>", "[/INST]", "</s>"]),
        ("<bos><start_of_turn>user", ["<bos>", "<start_of_turn>"]),
        ("<\uff5cUser\uff5c>Hi", ["<\uff5cUser\uff5c>"]),
        ("1 < 2 | 3 > [x] <|a b|> <p>[A]", []),
    ],
)  # fmt: skip
def test_the_markers_of_the_families_are_found(prompt: str, found: list[str]) -> None:
    assert marked(prompt) == found


def test_a_known_token_is_found_whatever_it_looks_like_and_the_longest_first() -> None:
    assert marked("a.*END.*b", "", ".*", ".*END.*") == [".*END.*"]
