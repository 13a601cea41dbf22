"""More architectures as headers: hybrids of attention and states, and one more kind of windows."""

from tests.support.sparse_gguf import Model, Tensors
from tests.support.sparse_models import (
    attention,
    attention_tensors,
    base,
    blocks,
    dense,
    ends,
    experts_of,
    ssm,
)


def lfm2(layers: int = 16, width: int = 2048, ff: int = 8192) -> Model:
    """Most layers remember a few tokens by a convolution; six attend."""
    heads, size = 32, 64
    kv_heads = [8 if number in {2, 5, 8, 10, 12, 14} else 0 for number in range(layers)]

    def one(block: str, number: int) -> Tensors:
        if kv_heads[number]:
            own = attention_tensors(block, width, heads, 8, size)
            own |= {f"{block}.attn_{part}_norm.weight": (size,) for part in "qk"}
        else:
            own = {
                f"{block}.attn_norm.weight": (width,),
                f"{block}.ffn_norm.weight": (width,),
                f"{block}.shortconv.conv.weight": (3, width),
                f"{block}.shortconv.in_proj.weight": (width, 3 * width),
                f"{block}.shortconv.out_proj.weight": (width, width),
            }
        return own | dense(block, width, ff)

    header = base(layers, width, ff) | attention(heads, 8, size)
    header |= {"attention.head_count_kv": kv_heads, "shortconv.l_cache": 3}
    tensors = ends(width, tied=True)
    tensors["token_embd_norm.weight"] = tensors.pop("output_norm.weight")
    return "lfm2", header, tensors | blocks(layers, one)


def qwen3next(layers: int = 16, width: int = 1024, experts: int = 32, ff: int = 256) -> Model:
    """Every fourth layer attends, the others are gated delta nets with large states."""
    heads, kv_heads, size = 16, 2, 256
    state, groups, rank = 128, 8, 16
    keys, values = state * groups, state * rank
    header = base(layers, width, 4 * ff, expert_count=experts, expert_used_count=4)
    header |= attention(heads, kv_heads, size) | ssm(values // 2, state, rank, groups)
    header |= {
        "expert_feed_forward_length": ff,
        "expert_shared_feed_forward_length": ff,
        "rope.dimension_count": 64,
    }

    def one(block: str, number: int) -> Tensors:
        if number % 4 == 3:
            own = attention_tensors(block, width, heads, kv_heads, size)
            own[f"{block}.attn_q.weight"] = (width, 2 * heads * size)
            own |= {f"{block}.attn_{part}_norm.weight": (size,) for part in "qk"}
            del own[f"{block}.ffn_norm.weight"]
        else:
            own = {
                f"{block}.attn_norm.weight": (width,),
                f"{block}.attn_qkv.weight": (width, 2 * keys + values),
                f"{block}.attn_gate.weight": (width, values),
                f"{block}.ssm_conv1d.weight": (4, 2 * keys + values),
                f"{block}.ssm_dt.bias": (rank,),
                f"{block}.ssm_a": (rank,),
                f"{block}.ssm_ba.weight": (width, 2 * rank),
                f"{block}.ssm_norm.weight": (state,),
                f"{block}.ssm_out.weight": (values, width),
            }
        shared = {
            name.replace(".weight", "_shexp.weight"): shape
            for name, shape in dense(block, width, ff).items()
        }
        shared[f"{block}.ffn_gate_inp_shexp.weight"] = (width,)
        shared[f"{block}.post_attention_norm.weight"] = (width,)
        return own | experts_of(block, width, ff, experts) | shared

    return "qwen3next", header, ends(width) | blocks(layers, one)


def granite_hybrid(layers: int = 20, width: int = 1536, ff: int = 4096) -> Model:
    """One layer in ten attends, the others are those of Mamba 2."""
    heads, kv_heads, size, state, groups, rank = 12, 4, 128, 128, 1, 48
    inner = 2 * width
    convolved = inner + 2 * groups * state
    attends = [kv_heads if number % 10 == 5 else 0 for number in range(layers)]

    def one(block: str, number: int) -> Tensors:
        if attends[number]:
            own = attention_tensors(block, width, heads, kv_heads, size)
        else:
            own = {
                f"{block}.attn_norm.weight": (width,),
                f"{block}.ffn_norm.weight": (width,),
                f"{block}.ssm_in.weight": (width, inner + convolved + rank),
                f"{block}.ssm_conv1d.weight": (4, convolved),
                f"{block}.ssm_conv1d.bias": (convolved,),
                f"{block}.ssm_dt.bias": (rank,),
                f"{block}.ssm_a": (1, rank),
                f"{block}.ssm_d": (1, rank),
                f"{block}.ssm_norm.weight": (inner // groups, groups),
                f"{block}.ssm_out.weight": (inner, width),
            }
        return own | dense(block, width, ff)

    header = base(layers, width, ff) | attention(heads, kv_heads, size)
    header |= ssm(width, state, rank, groups) | {"attention.head_count_kv": attends}
    return "granitehybrid", header, ends(width) | blocks(layers, one)


def cohere2(layers: int = 16, width: int = 2048, ff: int = 5632) -> Model:
    """Three of four layers have a sliding window, by the architecture's own rule."""
    heads, kv_heads, size = 16, 4, 128

    def one(block: str, _: int) -> Tensors:
        own = attention_tensors(block, width, heads, kv_heads, size)
        del own[f"{block}.ffn_norm.weight"]
        return own | dense(block, width, ff)

    header = base(layers, width, ff) | attention(heads, kv_heads, size)
    header |= {
        "attention.sliding_window": 4096,
        "attention.layer_norm_epsilon": 1e-5,
        "logit_scale": 0.25,
    }
    return "cohere2", header, ends(width, tied=True) | blocks(layers, one)
