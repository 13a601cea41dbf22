"""What a model keeps of the tokens it has read, layer by layer, from its header. Pure.

Retold from llama.cpp, of the release that comes with Bodhi: ``llama_hparams`` for widths,
``llama_model::create_memory`` for which layers keep what, and each architecture's
``load_arch_hparams`` for its sliding windows and recurrent layers. Where an architecture does
something of its own, ``exact`` is False and the shape is that of an ordinary transformer.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bodhi.model_files.architectures import KNOWN
from bodhi.model_files.header_keys import HeaderKeys

# llama.cpp's LLAMA_MAX_LAYERS; beyond it the engine does not refuse, it aborts.
MAX_LAYERS = 512

# They read a text at once and keep nothing: encoders, and models that write by diffusion.
_NOTHING_KEPT = frozenset(
    """
    bert clef dream eurobert gemma-embedding gemma-embedding2 jina-bert-v2 jina-bert-v3 llada
    llada-moe modern-bert neo-bert nomic-bert nomic-bert-moe rnd1 wavtokenizer-dec
    """.split()
)
_RECURRENT = frozenset("arwkv7 mamba mamba2 rwkv6 rwkv6qwen2 rwkv7".split())
# Hybrids: a layer without key-value heads keeps a state instead.
_STATE_WITHOUT_HEADS = frozenset(
    """
    bailingmoe3 granitehybrid jamba kimi-k3 kimi-linear lfm2 lfm2moe nemotron_h nemotron_h_moe
    plamo2
    """.split()
)
# Hybrids: all layers but every n-th keep a state, unless the header lists them.
_STATE_BY_INTERVAL: Mapping[str, int] = {
    "minimax-01": 8, "qwen35": 4, "qwen35moe": 4, "qwen3next": 4,
}  # fmt: skip
_LATENT = frozenset("bailingmoe3 deepseek2 deepseek2-ocr kimi-k3 kimi-linear mistral4".split())
# Memory of their own kind (indexers, compressed rows, shared or repeated layers): not retold.
_PECULIAR = frozenset(
    """
    deepseek32 deepseek4 dflash dots3note eagle3 gemma4-assistant glm-dsa glm5-next graniteswitch
    hrm_text hy_v4 minimax-m3 nanbeige pockettts qwen3tts qwen4exp t5 t5encoder
    """.split()
)


@dataclass(frozen=True, slots=True)
class _Windows:
    """Of each ``period`` layers the last sees everything, or the first if ``dense_first``.

    0: the header lists the layers. ``tokens`` is the window where the header gives none.
    """

    period: int
    dense_first: bool = False
    tokens: int = 0


_WINDOWS: Mapping[str, _Windows] = {
    "afmoe": _Windows(4),
    "cohere2": _Windows(4),
    "cohere2moe": _Windows(4, dense_first=True),
    "exaone-moe": _Windows(4),
    "exaone4": _Windows(4, tokens=4096),
    "gemma2": _Windows(2, tokens=4096),
    "gemma3": _Windows(6),
    "gemma3n": _Windows(5),
    "gemma4": _Windows(0),
    "gpt-oss": _Windows(2),
    "granite_swa": _Windows(0),
    "laguna": _Windows(4, dense_first=True),
    "llama4": _Windows(4, tokens=8192),
    "maple": _Windows(0),
    "mellum": _Windows(4),
    "mimo2": _Windows(0),
    "muse-glimmer": _Windows(4),
    "olmo2": _Windows(4),
    "plamo3": _Windows(8),
    "smallthinker": _Windows(4, dense_first=True),
    "spark2_5": _Windows(0),
    "step35": _Windows(0),
}
_EXAONE4_LAYERS_WITH_WINDOWS = 64
_GEMMA3N_LAYERS_WITH_CACHE = 20


@dataclass(frozen=True, slots=True)
class TokenRows:
    """What one token takes in some layers together, in values (not bytes)."""

    layers: int = 0
    keys: int = 0
    values: int = 0


@dataclass(frozen=True, slots=True)
class CacheShape:
    """What a model keeps: of every token, of the last ``window`` tokens, and of each sequence.

    ``widest`` is the most values of a token in any one layer: without flash attention the engine
    gives every layer as much. ``state`` counts the F32 values that recurrent layers keep of a
    sequence, however long it is. Unless ``exact``, the architecture has a memory of its own kind.
    """

    full: TokenRows = field(default_factory=TokenRows)
    windowed: TokenRows = field(default_factory=TokenRows)
    window: int = 0
    widest: int = 0
    state: int = 0
    exact: bool = True


def cache_shape(keys: HeaderKeys) -> CacheShape | None:
    """The shape for this header, or None where it does not say enough."""
    count = keys.own_count("block_count")
    if not 0 < count <= MAX_LAYERS:
        return None
    exact = keys.architecture in KNOWN - _PECULIAR
    if keys.architecture in _NOTHING_KEPT:
        return CacheShape(exact=exact)
    layers = _Layers(keys, count)
    state = layers.state_values() * sum(layers.recurrent)
    if keys.architecture in _RECURRENT:
        return CacheShape(state=state, exact=exact)
    if not layers.has_heads:
        return None
    window, is_windowed = layers.windows()
    everywhere = [not is_windowed[layer] for layer in range(count)]
    return CacheShape(
        full=layers.rows(everywhere, swa=False),
        windowed=layers.rows(is_windowed, swa=True),
        window=window,
        widest=layers.widest(is_windowed),
        state=state,
        exact=exact,
    )


class _Layers:
    """The questions that ``llama_hparams`` answers for each layer."""

    def __init__(self, keys: HeaderKeys, count: int) -> None:
        self._keys = keys
        self._count = count
        # Layers at the end that predict further tokens: no part of what is loaded for serving.
        self._trunk = max(0, count - keys.own_count("nextn_predict_layers"))
        heads = self._each("attention.head_count")
        self._heads = heads or (0,) * count
        self._kv_heads = self._each("attention.head_count_kv") or self._heads
        self._feed_forward = self._each("feed_forward_length") or (0,) * count
        self.recurrent = [
            layer < self._trunk and self._is_recurrent(layer) for layer in range(count)
        ]

    @property
    def has_heads(self) -> bool:
        return self._heads[0] > 0 and (self._width("key") is not None)

    def rows(self, chosen: list[bool], *, swa: bool) -> TokenRows:
        """Keys and values of the layers that are ``chosen`` and have a cache."""
        kept = [layer for layer in range(self._count) if chosen[layer] and self._attends(layer)]
        heads = sum(self._kv_heads[layer] for layer in kept)
        key, value = self._widths(swa)
        return TokenRows(len(kept), heads * key, 0 if self._is_latent else heads * value)

    def widest(self, is_windowed: list[bool]) -> int:
        if self._is_latent:
            return 0
        return max(
            heads * self._widths(swa)[1]
            for heads, swa in zip(self._kv_heads, is_windowed, strict=True)
        )

    def windows(self) -> tuple[int, list[bool]]:
        """The window in tokens, and which layers have it."""
        nothing = 0, [False] * self._count
        architecture = self._keys.architecture
        if architecture == "lfm2":
            window = self._keys.own_count("attention.sliding_window")
            return (window, [not is_r for is_r in self.recurrent]) if window else nothing
        rule = _WINDOWS.get(architecture)
        if rule is None:
            return nothing
        if architecture == "exaone4" and self._trunk != _EXAONE4_LAYERS_WITH_WINDOWS:
            return nothing
        window = self._keys.own_count("attention.sliding_window", rule.tokens)
        if architecture == "llama4" and window:
            window = rule.tokens  # chunks of this size, whatever the header says
        return (window, self._pattern(rule)) if window else nothing

    def state_values(self) -> int:
        """F32 values that one recurrent layer keeps of a sequence (``n_embd_r + n_embd_s``)."""
        own, embedding = self._keys.own_count, self._keys.own_count("embedding_length")
        if head := own("wkv.head_size"):
            return embedding * (own("token_shift_count", 2) + head)
        inner, state = own("ssm.inner_size"), own("ssm.state_size")
        kernel = own("ssm.conv_kernel")
        if cached := own("shortconv.l_cache"):
            return embedding * (cached - 1) + state * inner
        if head := own("kda.head_dim"):
            return head * self._heads[0] * (3 * (kernel - 1 if kernel else 3) + head)
        convolved = max(0, kernel - 1) * (inner + 2 * own("ssm.group_count") * state)
        if self._keys.architecture == "minimax-01":
            return convolved + (self._width("key") or 0) ** 2 * self._heads[0]
        return convolved + state * inner

    def _attends(self, layer: int) -> bool:
        """Whether it has a cache of its own."""
        architecture = self._keys.architecture
        if layer >= self._trunk > 0 and architecture not in _STATE_WITHOUT_HEADS:
            return False
        match architecture:
            case "gemma3n":
                return layer < _GEMMA3N_LAYERS_WITH_CACHE
            case "gemma4":
                return layer < self._count - self._keys.own_count("attention.shared_kv_layers")
            case "falcon-h1":
                return True
            case "nemotron_h" | "nemotron_h_moe" if self._feed_forward[layer]:
                return False
        return not self.recurrent[layer]

    def _is_recurrent(self, layer: int) -> bool:
        architecture = self._keys.architecture
        if architecture in _RECURRENT or architecture == "falcon-h1":
            return True
        if architecture in _STATE_WITHOUT_HEADS:
            is_feed_forward = architecture.startswith("nemotron") and self._feed_forward[layer] > 0
            return self._kv_heads[layer] == 0 and not is_feed_forward
        interval = _STATE_BY_INTERVAL.get(architecture)
        if interval is None:
            return False
        listed = self._keys.flags("attention.recurrent_layers")
        if len(listed) >= self._count:
            return listed[layer]
        return (layer + 1) % max(1, self._keys.own_count("full_attention_interval", interval)) != 0

    def _pattern(self, rule: _Windows) -> list[bool]:
        key = "attention.sliding_window_pattern"
        listed = self._keys.flags(key)
        if listed:
            return [layer < len(listed) and listed[layer] for layer in range(self._count)]
        period = self._keys.own_count(key, rule.period)
        dense = 0 if rule.dense_first else period - 1
        return [
            layer < self._trunk and (period == 0 or layer % period != dense)
            for layer in range(self._count)
        ]

    @property
    def _is_latent(self) -> bool:
        """MLA: one compressed row stands for keys and values both."""
        sizes = [self._keys.own_count(f"attention.{part}_length_mla") for part in ("key", "value")]
        return self._keys.architecture in _LATENT and all(sizes)

    def _widths(self, swa: bool) -> tuple[int, int]:
        key, value = self._width("key") or 0, self._width("value") or 0
        if not swa:
            return key, value
        own = self._keys.own_count
        return own("attention.key_length_swa", key), own("attention.value_length_swa", value)

    def _width(self, part: str) -> int | None:
        given = self._keys.own_count(f"attention.{part}_length")
        embedding = self._keys.own_count("embedding_length")
        return given or (embedding // self._heads[0] if self._heads[0] else 0) or None

    def _each(self, key: str) -> tuple[int, ...]:
        numbers = self._keys.per_layer(key)
        if len(numbers) == 1:
            numbers *= self._count
        if len(numbers) < self._count or min(numbers) < 0:
            return ()
        return numbers
