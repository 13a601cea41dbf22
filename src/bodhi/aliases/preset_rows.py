"""The presets that come with Bodhi: rows of data. Pure.

None sets temperature and top_p together; contexts are those that most machines bear.
"""

from bodhi.aliases.preset import Preset

PRESETS = (
    Preset(
        "chat",
        "Chat",
        "Talk and everyday questions: some variety, and the engine's own samplers.",
        request_params={"temperature": 0.7},
    ),
    Preset(
        "coding",
        "Coding",
        "Programs: little chance, because most other tokens are wrong; room for a file or two.",
        context_params={"n_ctx": 16_384},
        request_params={"temperature": 0.2},
    ),
    Preset(
        "agent",
        "Agent",
        "Calls of tools in a loop: little chance, long context, what was read before is reused.",
        context_params={"n_ctx": 16_384, "cache_reuse": 256},
        request_params={"temperature": 0.3},
    ),
    Preset(
        "reasoning",
        "Reasoning",
        "Models that think first: published at 0.6; they loop when nothing is left to chance.",
        context_params={"n_ctx": 16_384},
        request_params={"temperature": 0.6},
    ),
    Preset(
        "rag",
        "RAG",
        "Answers from given texts: close to them, with room for many, shared ones read once.",
        context_params={"n_ctx": 16_384, "cache_reuse": 256},
        request_params={"temperature": 0.1},
    ),
    Preset(
        "creative",
        "Creative",
        "Stories and ideas: full chance, without the tail of unlikely tokens.",
        request_params={"temperature": 1.0, "min_p": 0.1},
    ),
    Preset(
        "long-context",
        "Long context",
        "All of the context that was trained, its cache at half the size; needs much memory.",
        context_params={
            "n_ctx": 0,
            "flash_attn": "on",
            "cache_type_k": "q8_0",
            "cache_type_v": "q8_0",
        },
    ),
    Preset(
        "fast",
        "Fast",
        "Quick short answers: a small context and an end.",
        context_params={"n_ctx": 4096, "flash_attn": "on"},
        request_params={"max_tokens": 512},
    ),
    Preset(
        "small-footprint",
        "Small footprint",
        "As little memory as possible: small context and batches, a cache at half the size.",
        context_params={
            "n_ctx": 2048,
            "batch_size": 512,
            "ubatch_size": 128,
            "flash_attn": "on",
            "cache_type_k": "q8_0",
            "cache_type_v": "q8_0",
            "cache_ram": 0,
        },
    ),
    Preset(
        "deterministic",
        "Deterministic",
        "The same answer each time, whatever the caller says: no chance, and one request at a "
        "time, because sums depend on who else is in the batch.",
        context_params={"n_parallel": 1},
        request_params={"temperature": 0},
        request_policy={"temperature": "enforce"},
    ),
)
