"""Models of many architectures, as headers: see ``sparse_gguf``.

The shapes of tensors are those that llama.cpp's ``src/models/*.cpp`` asks for.
"""

from collections.abc import Callable

from tests.support.sparse_gguf import VOCABULARY, Metadata, Model, Tensors

_CONTEXT = 131_072


def base(layers: int, width: int, feed_forward: int, **more: object) -> Metadata:
    return {
        "context_length": _CONTEXT,
        "embedding_length": width,
        "block_count": layers,
        "feed_forward_length": feed_forward,
        "attention.layer_norm_rms_epsilon": 1e-5,
        **more,  # type: ignore[dict-item]
    }


def attention(heads: int, kv_heads: int, size: int) -> Metadata:
    return {
        "attention.head_count": heads,
        "attention.head_count_kv": kv_heads,
        "attention.key_length": size,
        "attention.value_length": size,
        "rope.dimension_count": size,
    }


def ends(width: int, *, tied: bool = False) -> Tensors:
    tensors: Tensors = {
        "token_embd.weight": (width, VOCABULARY),
        "output_norm.weight": (width,),
    }
    return tensors if tied else tensors | {"output.weight": (width, VOCABULARY)}


def attention_tensors(block: str, width: int, heads: int, kv_heads: int, size: int) -> Tensors:
    return {
        f"{block}.attn_norm.weight": (width,),
        f"{block}.attn_q.weight": (width, heads * size),
        f"{block}.attn_k.weight": (width, kv_heads * size),
        f"{block}.attn_v.weight": (width, kv_heads * size),
        f"{block}.attn_output.weight": (heads * size, width),
        f"{block}.ffn_norm.weight": (width,),
    }


def dense(block: str, width: int, feed_forward: int) -> Tensors:
    return {
        f"{block}.ffn_gate.weight": (width, feed_forward),
        f"{block}.ffn_up.weight": (width, feed_forward),
        f"{block}.ffn_down.weight": (feed_forward, width),
    }


def experts_of(block: str, width: int, feed_forward: int, experts: int) -> Tensors:
    return {
        f"{block}.ffn_gate_inp.weight": (width, experts),
        f"{block}.ffn_gate_exps.weight": (width, feed_forward, experts),
        f"{block}.ffn_up_exps.weight": (width, feed_forward, experts),
        f"{block}.ffn_down_exps.weight": (feed_forward, width, experts),
    }


def blocks(layers: int, one: Callable[[str, int], Tensors]) -> Tensors:
    tensors: Tensors = {}
    for number in range(layers):
        tensors |= one(f"blk.{number}", number)
    return tensors


def llama(
    layers: int = 16, width: int = 2048, heads: int = 32, kv_heads: int = 8, ff: int = 5632
) -> Model:
    """Every layer keeps keys and values of the whole context."""
    size = width // heads
    return (
        "llama",
        base(layers, width, ff) | attention(heads, kv_heads, size),
        ends(width)
        | blocks(
            layers,
            lambda block, _: (
                attention_tensors(block, width, heads, kv_heads, size) | dense(block, width, ff)
            ),
        ),
    )


def llama_without_some_attention(layers: int = 16, width: int = 2048, ff: int = 4096) -> Model:
    """``deci``: heads differ between layers, and some layers have none."""
    kv_heads = [0 if number % 3 == 1 else 2 + 2 * (number % 2) for number in range(layers)]
    heads = [32 if count else 0 for count in kv_heads]
    size = width // 32

    def one(block: str, number: int) -> Tensors:
        tensors = dense(block, width, ff) | {f"{block}.ffn_norm.weight": (width,)}
        if kv_heads[number]:
            tensors |= attention_tensors(block, width, 32, kv_heads[number], size)
        return tensors

    header = base(layers, width, ff) | attention(1, 1, size)
    header |= {"attention.head_count": heads, "attention.head_count_kv": kv_heads}
    return "deci", header, ends(width) | blocks(layers, one)


def mixtral(layers: int = 8, width: int = 1024, experts: int = 8, ff: int = 2048) -> Model:
    """A llama whose feed-forward is a choice of experts."""
    heads, kv_heads, size = 16, 4, width // 16
    return (
        "llama",
        base(layers, width, ff, expert_count=experts, expert_used_count=2)
        | attention(heads, kv_heads, size),
        ends(width)
        | blocks(
            layers,
            lambda block, _: (
                attention_tensors(block, width, heads, kv_heads, size)
                | experts_of(block, width, ff, experts)
            ),
        ),
    )


def qwen3moe(layers: int = 12, width: int = 1024, experts: int = 32, ff: int = 384) -> Model:
    """Experts, and heads that are wider than the embedding divided by their number."""
    heads, kv_heads, size = 16, 4, 128
    return (
        "qwen3moe",
        base(
            layers,
            width,
            4 * ff,
            expert_count=experts,
            expert_used_count=4,
            expert_feed_forward_length=ff,
        )
        | attention(heads, kv_heads, size),
        ends(width)
        | blocks(
            layers,
            lambda block, _: (
                attention_tensors(block, width, heads, kv_heads, size)
                | experts_of(block, width, ff, experts)
                | {f"{block}.attn_{part}_norm.weight": (size,) for part in "qk"}
            ),
        ),
    )


def gemma(
    generation: int = 3,
    layers: int = 26,
    window: int = 1024,
    pattern: int | list[bool] | None = None,
) -> Model:
    """Sliding windows: every second layer of gemma 2, five of six of gemma 3."""
    width, heads, kv_heads, size, ff = 1152, 4, 1, 256, 6912
    header = base(layers, width, ff) | attention(heads, kv_heads, size)
    header["attention.sliding_window"] = window
    if pattern is not None:
        header["attention.sliding_window_pattern"] = pattern

    def one(block: str, _: int) -> Tensors:
        tensors = attention_tensors(block, width, heads, kv_heads, size)
        tensors |= dense(block, width, ff)
        tensors |= {f"{block}.post_{part}_norm.weight": (width,) for part in ("attention", "ffw")}
        if generation == 3:
            tensors |= {f"{block}.attn_{part}_norm.weight": (size,) for part in "qk"}
        return tensors

    return f"gemma{generation}", header, ends(width, tied=True) | blocks(layers, one)


def gpt_oss(layers: int = 12, width: int = 1024, experts: int = 16, ff: int = 512) -> Model:
    """A short sliding window in every second layer, beside experts."""
    heads, kv_heads, size = 16, 4, 64
    header = base(layers, width, ff, expert_count=experts, expert_used_count=4)
    header |= {"expert_feed_forward_length": ff, "attention.sliding_window": 128}

    def one(block: str, _: int) -> Tensors:
        tensors = attention_tensors(block, width, heads, kv_heads, size)
        del tensors[f"{block}.ffn_norm.weight"]
        return (
            tensors
            | experts_of(block, width, ff, experts)
            | {
                f"{block}.post_attention_norm.weight": (width,),
                f"{block}.attn_sinks.weight": (heads,),
                f"{block}.attn_q.bias": (heads * size,),
                f"{block}.attn_k.bias": (kv_heads * size,),
                f"{block}.attn_v.bias": (kv_heads * size,),
                f"{block}.attn_output.bias": (width,),
                f"{block}.ffn_gate_inp.bias": (experts,),
                f"{block}.ffn_gate_exps.bias": (ff, experts),
                f"{block}.ffn_up_exps.bias": (ff, experts),
                f"{block}.ffn_down_exps.bias": (width, experts),
            }
        )

    header |= attention(heads, kv_heads, size)
    return "gpt-oss", header, ends(width) | blocks(layers, one)


def deepseek2(layers: int = 16, width: int = 2048, experts: int = 8, ff: int = 512) -> Model:
    """Latent attention (MLA): one compressed row per token and layer, and no values."""
    heads, q_rank, kv_rank, rope, nope, value = 16, 512, 512, 64, 128, 128
    header = base(layers, width, 4 * ff, expert_count=experts, expert_used_count=2)
    header |= attention(heads, 1, kv_rank + rope)
    header |= {
        "rope.dimension_count": rope,
        "attention.value_length": kv_rank,
        "attention.key_length_mla": nope + rope,
        "attention.value_length_mla": value,
        "attention.q_lora_rank": q_rank,
        "attention.kv_lora_rank": kv_rank,
        "expert_feed_forward_length": ff,
        "expert_shared_count": 1,
        "leading_dense_block_count": 1,
    }

    def one(block: str, number: int) -> Tensors:
        tensors: Tensors = {
            f"{block}.attn_norm.weight": (width,),
            f"{block}.attn_q_a_norm.weight": (q_rank,),
            f"{block}.attn_kv_a_norm.weight": (kv_rank,),
            f"{block}.attn_q_a.weight": (width, q_rank),
            f"{block}.attn_q_b.weight": (q_rank, heads * (nope + rope)),
            f"{block}.attn_kv_a_mqa.weight": (width, kv_rank + rope),
            f"{block}.attn_k_b.weight": (nope, kv_rank, heads),
            f"{block}.attn_v_b.weight": (kv_rank, value, heads),
            f"{block}.attn_output.weight": (heads * value, width),
            f"{block}.ffn_norm.weight": (width,),
        }
        if number == 0:
            return tensors | dense(block, width, 4 * ff)
        shared = {
            name.replace(".weight", "_shexp.weight"): shape
            for name, shape in dense(block, width, ff).items()
        }
        return tensors | experts_of(block, width, ff, experts) | shared

    return "deepseek2", header, ends(width) | blocks(layers, one)


def _mamba_tensors(block: str, width: int, state: int, rank: int) -> Tensors:
    inner = 2 * width
    return {
        f"{block}.attn_norm.weight": (width,),
        f"{block}.ssm_in.weight": (width, 2 * inner),
        f"{block}.ssm_conv1d.weight": (4, inner),
        f"{block}.ssm_conv1d.bias": (inner,),
        f"{block}.ssm_x.weight": (inner, rank + 2 * state),
        f"{block}.ssm_dt.weight": (rank, inner),
        f"{block}.ssm_dt.bias": (inner,),
        f"{block}.ssm_a": (state, inner),
        f"{block}.ssm_d": (inner,),
        f"{block}.ssm_out.weight": (inner, width),
    }


def ssm(width: int, state: int, rank: int, groups: int | None = None) -> Metadata:
    header: Metadata = {
        "ssm.conv_kernel": 4,
        "ssm.inner_size": 2 * width,
        "ssm.state_size": state,
        "ssm.time_step_rank": rank,
    }
    return header if groups is None else header | {"ssm.group_count": groups}


def mamba(layers: int = 48, width: int = 1536) -> Model:
    """No cache that grows with the context: a state per sequence and layer."""
    return (
        "mamba",
        base(layers, width, 0) | ssm(width, 16, 96) | {"attention.head_count": 0},
        ends(width) | blocks(layers, lambda block, _: _mamba_tensors(block, width, 16, 96)),
    )


def mamba2(layers: int = 48, width: int = 1536, state: int = 128, groups: int = 8) -> Model:
    """The same with a state that is many times larger."""
    inner, heads = 2 * width, 48
    convolved = inner + 2 * groups * state

    def one(block: str, _: int) -> Tensors:
        return {
            f"{block}.attn_norm.weight": (width,),
            f"{block}.ssm_in.weight": (width, inner + convolved + heads),
            f"{block}.ssm_conv1d.weight": (4, convolved),
            f"{block}.ssm_conv1d.bias": (convolved,),
            f"{block}.ssm_dt.bias": (heads,),
            f"{block}.ssm_a": (1, heads),
            f"{block}.ssm_d": (1, heads),
            f"{block}.ssm_norm.weight": (inner // groups, groups),
            f"{block}.ssm_out.weight": (inner, width),
        }

    header = base(layers, width, 0) | ssm(width, state, heads, groups)
    header["attention.head_count"] = 0
    return "mamba2", header, ends(width) | blocks(layers, one)


def jamba(layers: int = 16, width: int = 1024, ff: int = 4096) -> Model:
    """A hybrid: one layer in eight attends, the others keep a state."""
    heads, size = 16, 64
    kv_heads = [8 if number % 8 == 4 else 0 for number in range(layers)]

    def one(block: str, number: int) -> Tensors:
        if kv_heads[number]:
            own = attention_tensors(block, width, heads, 8, size)
        else:
            own = _mamba_tensors(block, width, 16, 64) | {
                f"{block}.ffn_norm.weight": (width,),
                f"{block}.ssm_dt_norm.weight": (64,),
                f"{block}.ssm_b_norm.weight": (16,),
                f"{block}.ssm_c_norm.weight": (16,),
            }
        return own | dense(block, width, ff)

    header = base(layers, width, ff) | ssm(width, 16, 64) | attention(heads, 8, size)
    header["attention.head_count_kv"] = kv_heads
    return "jamba", header, ends(width) | blocks(layers, one)


def bert(layers: int = 24, width: int = 1024, ff: int = 4096, context: int = 8192) -> Model:
    """An embedding model: nothing is kept between requests."""
    header = base(layers, width, ff) | attention(16, 16, width // 16)
    header |= {
        "context_length": context,
        "attention.causal": False,
        "attention.layer_norm_epsilon": 1e-12,
        "pooling_type": 1,
        "tokenizer.ggml.token_type_count": 2,
    }

    def one(block: str, _: int) -> Tensors:
        own = attention_tensors(block, width, 16, 16, width // 16)
        del own[f"{block}.attn_norm.weight"], own[f"{block}.ffn_norm.weight"]
        own |= {
            f"{block}.{norm}.{part}": (width,)
            for norm in ("attn_output_norm", "layer_output_norm")
            for part in ("weight", "bias")
        }
        return own | {
            f"{block}.ffn_up.weight": (width, ff),
            f"{block}.ffn_down.weight": (ff, width),
        }

    tensors: Tensors = {
        "token_embd.weight": (width, VOCABULARY),
        "token_types.weight": (width, 2),
        "position_embd.weight": (width, context),
        "token_embd_norm.weight": (width,),
        "token_embd_norm.bias": (width,),
    }
    return "bert", header, tensors | blocks(layers, one)
