"""Which layers keep what, for architectures whose rules the dry run is not asked about."""

from collections.abc import Mapping

import pytest

from bodhi.model_files.architectures import KNOWN
from bodhi.model_files.cache_shape import CacheShape, TokenRows, cache_shape
from bodhi.model_files.gguf import Value
from bodhi.model_files.header_keys import HeaderKeys


def shape_of(architecture: str, own: Mapping[str, Value]) -> CacheShape | None:
    metadata = {f"{architecture}.{key}": value for key, value in own.items()}
    return cache_shape(HeaderKeys({"general.architecture": architecture, **metadata}))


def heads(layers: int, kv: Value, size: int = 128, **more: Value) -> dict[str, Value]:
    return {
        "block_count": layers,
        "embedding_length": 2048,
        "attention.head_count": 16,
        "attention.head_count_kv": kv,
        "attention.key_length": size,
        "attention.value_length": size,
    } | {key.replace("__", "."): value for key, value in more.items()}


def kept(shape: CacheShape | None) -> tuple[int, int, int, int]:
    assert shape is not None
    return shape.full.layers, shape.windowed.layers, shape.window, shape.state


def test_layers_that_predict_further_tokens_keep_nothing() -> None:
    shape = shape_of("glm4moe", heads(47, 8) | {"nextn_predict_layers": 1})
    assert shape == CacheShape(TokenRows(46, 46 * 8 * 128, 46 * 8 * 128), widest=1024)


def test_gemma3n_keeps_a_cache_in_its_first_twenty_layers() -> None:
    shape = shape_of("gemma3n", heads(35, 2, 256) | {"attention.sliding_window": 512})
    assert kept(shape) == (4, 16, 512, 0)


def test_gemma4_has_heads_of_another_size_in_its_sliding_layers() -> None:
    pattern = tuple(number % 6 != 5 for number in range(12))
    own = heads(12, 4, 512) | {
        "attention.sliding_window": 1024,
        "attention.sliding_window_pattern": pattern,
        "attention.key_length_swa": 256,
        "attention.value_length_swa": 256,
        "attention.shared_kv_layers": 2,
    }
    shape = shape_of("gemma4", own)
    assert shape is not None
    assert shape.full == TokenRows(1, 4 * 512, 4 * 512)
    assert shape.windowed == TokenRows(9, 9 * 4 * 256, 9 * 4 * 256)


@pytest.mark.parametrize(
    ("architecture", "layers", "full"),
    [("cohere2", 8, 2), ("smallthinker", 8, 2), ("plamo3", 8, 1), ("llama4", 8, 2)],
)
def test_one_layer_of_each_period_sees_everything(
    architecture: str, layers: int, full: int
) -> None:
    shape = shape_of(architecture, heads(layers, 8) | {"attention.sliding_window": 4096})
    window = 8192 if architecture == "llama4" else 4096
    assert kept(shape) == (full, layers - full, window, 0)


@pytest.mark.parametrize("architecture", ["gemma3", "smallthinker", "llama4", "olmo2"])
def test_a_window_of_nothing_is_none(architecture: str) -> None:
    assert kept(shape_of(architecture, heads(8, 8) | {"attention.sliding_window": 0}))[1] == 0


def test_a_window_that_the_engine_does_not_heed_changes_nothing() -> None:
    for architecture in ("llama", "phi3", "qwen2", "exaone4"):
        own = heads(8, 8) | {"attention.sliding_window": 512}
        assert kept(shape_of(architecture, own)) == (8, 0, 0, 0)


def test_qwen3next_attends_in_every_fourth_layer() -> None:
    own = heads(48, 2, 256) | {
        "ssm.conv_kernel": 4, "ssm.inner_size": 4096, "ssm.state_size": 128,
        "ssm.group_count": 16, "ssm.time_step_rank": 32,
    }  # fmt: skip
    state = 3 * (4096 + 2 * 16 * 128) + 128 * 4096
    assert kept(shape_of("qwen3next", own)) == (12, 0, 0, 36 * state)
    listed = tuple(number % 2 == 0 for number in range(48))
    assert kept(shape_of("qwen3next", own | {"attention.recurrent_layers": listed}))[0] == 24


def test_falcon_h1_attends_and_keeps_a_state_in_every_layer() -> None:
    own = heads(4, 2) | {"ssm.inner_size": 100, "ssm.state_size": 10, "ssm.conv_kernel": 1}
    assert kept(shape_of("falcon-h1", own)) == (4, 0, 0, 4 * 1000)


def test_nemotron_h_has_layers_that_only_feed_forward() -> None:
    own = heads(3, (0, 8, 0)) | {
        "feed_forward_length": (0, 0, 4096), "ssm.inner_size": 100, "ssm.state_size": 10,
    }  # fmt: skip
    assert kept(shape_of("nemotron_h", own)) == (1, 0, 0, 1000)


def test_lfm2_keeps_a_short_convolution() -> None:
    assert kept(shape_of("lfm2", heads(4, (0, 8, 0, 8)) | {"shortconv.l_cache": 3})) == (
        2, 0, 0, 2 * 2048 * 2,
    )  # fmt: skip


def test_rwkv_keeps_a_state_and_the_last_tokens() -> None:
    own: dict[str, Value] = {"block_count": 2, "embedding_length": 64, "wkv.head_size": 16}
    assert kept(shape_of("rwkv7", own)) == (0, 0, 0, 2 * 64 * (2 + 16))


def test_kimi_linear_keeps_states_and_latent_rows() -> None:
    own = heads(2, (0, 1), 576) | {
        "kda.head_dim": 128, "ssm.conv_kernel": 4,
        "attention.key_length_mla": 192, "attention.value_length_mla": 128,
    }  # fmt: skip
    shape = shape_of("kimi-linear", own)
    assert shape is not None
    assert shape.full == TokenRows(1, 576, 0)
    assert shape.state == 128 * 16 * (3 * 3 + 128)


def test_embedding_models_keep_nothing() -> None:
    assert kept(shape_of("nomic-bert", heads(12, 12))) == (0, 0, 0, 0)


@pytest.mark.parametrize("architecture", ["deepseek32", "t5", "minimax-m3", "unheard-of"])
def test_an_architecture_with_a_memory_of_its_own_is_said_to_be_one(architecture: str) -> None:
    shape = shape_of(architecture, heads(8, 8))
    assert shape is not None
    assert not shape.exact


@pytest.mark.parametrize(
    "own",
    [
        {},
        {"block_count": 0},
        {"block_count": 513, "attention.head_count": 8},
        {"block_count": 4},
        {"block_count": 4, "attention.head_count": 0},
        {"block_count": 4, "attention.head_count": (8, 8, -1, 8)},
        {"block_count": 4, "attention.head_count": 8, "embedding_length": -1},
    ],
)
def test_a_header_that_does_not_say_enough_has_no_shape(own: dict[str, Value]) -> None:
    assert shape_of("llama", own) is None


@pytest.mark.parametrize("architecture", sorted(KNOWN))
def test_no_architecture_is_stumbled_over(architecture: str) -> None:
    for layers in (1, 2, 64):
        shape = shape_of(architecture, heads(layers, 8) | {"nextn_predict_layers": layers + 1})
        assert shape is None or min(shape.full.keys, shape.windowed.keys, shape.state) >= 0
