"""Rules: what an engine is started with. Pure."""

from bodhi.params.registry import PARAMETERS
from bodhi.params.rules.limits import SHARE
from bodhi.params.rules.rule import Rule, Severity, any_set, unset

_QUANTIZED = ("q8_0", "q4_0", "q4_1", "iq4_nl", "q5_0", "q5_1")
_FOUR_BITS = ("q4_0", "q4_1", "iq4_nl")
_GPU_DETAILS = ("split_mode", "main_gpu", "tensor_split", "n_cpu_moe")
_SAMPLING = ("temperature", "top_p", "top_k", "min_p", "max_tokens", "stop", "seed")
_LARGEST_BATCH = PARAMETERS["ubatch_size"].high
_LEAST_USEFUL = 512  # tokens for question and answer together

ENGINE = (
    Rule(
        "context_beyond_trained",
        Severity.WARNING,
        ("n_ctx", "n_parallel", "kv_unified"),
        [
            "all",
            ["gt", SHARE, ["model", "context_length"]],
            ["not", ["in", ["own", "rope_scaling"], "linear", "yarn"]],
        ],
        "Each slot gets more context than the {model.context_length} tokens the model was trained "
        "on; no request may use it.",
        "Give each slot what was trained",
        {
            "n_ctx": [
                "if",
                ["eq", ["eff", "kv_unified"], True],
                ["model", "context_length"],
                ["*", ["model", "context_length"], ["eff", "n_parallel"]],
            ]
        },
    ),
    Rule(
        "context_small",
        Severity.WARNING,
        ("n_ctx", "n_parallel"),
        [
            "all",
            ["lt", SHARE, _LEAST_USEFUL],
            ["not", ["lt", ["model", "context_length"], _LEAST_USEFUL]],
        ],
        "The slots share {eff.n_ctx} tokens; fewer than 512 for question and answer are left.",
        "Unset Context size and Parallel slots",
        unset("n_ctx", "n_parallel"),
    ),
    Rule(
        "threads_above_cores",
        Severity.WARNING,
        ("n_threads",),
        ["gt", ["own", "n_threads"], ["machine", "cores"]],
        "{own.n_threads} threads on {machine.cores} cores hinder one another.",
        "Unset Threads",
        unset("n_threads"),
    ),
    Rule(
        "threads_batch_above_cores",
        Severity.WARNING,
        ("n_threads_batch",),
        ["gt", ["own", "n_threads_batch"], ["machine", "cores"]],
        "{own.n_threads_batch} threads for prompts on {machine.cores} cores hinder one another.",
        "Unset Threads for prompts",
        unset("n_threads_batch"),
    ),
    Rule(
        "quantized_values_without_flash_attention",
        Severity.ERROR,
        ("cache_type_v", "flash_attn"),
        ["all", ["in", ["own", "cache_type_v"], *_QUANTIZED], ["eq", ["own", "flash_attn"], "off"]],
        "A value cache of {own.cache_type_v} needs flash attention, which is off.",
        "Turn flash attention on",
        {"flash_attn": "on"},
    ),
    Rule(
        "keys_at_four_bits",
        Severity.INFO,
        ("cache_type_k",),
        ["in", ["own", "cache_type_k"], *_FOUR_BITS],
        "Keys suffer from 4 bits more than values do; {own.cache_type_k} costs precision.",
        "Set keys to q8_0",
        {"cache_type_k": "q8_0"},
    ),
    Rule(
        "batch_below_ubatch",
        Severity.WARNING,
        ("batch_size", "ubatch_size"),
        ["lt", ["eff", "batch_size"], ["eff", "ubatch_size"]],
        "A micro-batch of {eff.ubatch_size} cannot be filled from batches of {eff.batch_size}.",
        "Set Micro-batch size to the batch's",
        {"ubatch_size": ["eff", "batch_size"]},
    ),
    Rule(
        "texts_beyond_ubatch",
        Severity.WARNING,
        ("embeddings", "pooling", "ubatch_size", "n_ctx"),
        [
            "all",
            ["eq", ["eff", "embeddings"], True],
            ["eq", ["model", "is_embedding_model"], True],
            [
                "lt",
                ["own", "ubatch_size"],
                ["min", SHARE, ["model", "context_length"], _LARGEST_BATCH],
            ],
        ],
        "Texts to embed must fit into a micro-batch; longer ones than {own.ubatch_size} tokens are "
        "refused.",
        "Make micro-batches as large as the context",
        {
            "ubatch_size": ["min", SHARE, ["model", "context_length"], _LARGEST_BATCH],
            "batch_size": ["min", SHARE, ["model", "context_length"], _LARGEST_BATCH],
        },
    ),
    Rule(
        "unified_alone",
        Severity.INFO,
        ("kv_unified", "n_parallel"),
        ["all", ["eq", ["own", "kv_unified"], True], ["eq", ["eff", "n_parallel"], 1]],
        "With one slot there is nothing to share; kv_unified does nothing.",
        "Unset Shared context",
        unset("kv_unified"),
        is_safe=True,
    ),
    Rule(
        "slots_without_batching",
        Severity.WARNING,
        ("cont_batching", "n_parallel"),
        ["all", ["eq", ["own", "cont_batching"], False], ["gt", ["eff", "n_parallel"], 1]],
        "Without continuous batching, {eff.n_parallel} slots wait for one another.",
        "Unset Continuous batching",
        unset("cont_batching"),
    ),
    Rule(
        "rope_scaling_unneeded",
        Severity.WARNING,
        ("rope_scaling", "n_ctx"),
        [
            "all",
            ["in", ["own", "rope_scaling"], "linear", "yarn"],
            ["gt", ["model", "context_length"], 0],
            ["not", ["gt", SHARE, ["model", "context_length"]]],
        ],
        "The context is within the {model.context_length} tokens that were trained; scaling "
        "positions only costs precision.",
        "Unset RoPE scaling",
        unset("rope_scaling"),
    ),
    Rule(
        "rope_scale_without_scaling",
        Severity.INFO,
        ("rope_scaling", "rope_freq_scale"),
        ["all", ["eq", ["own", "rope_scaling"], "none"], ["gt", ["own", "rope_freq_scale"], 0]],
        "With rope_scaling none, rope_freq_scale does nothing.",
        "Unset RoPE scale",
        unset("rope_freq_scale"),
        is_safe=True,
    ),
    Rule(
        "pooling_without_embeddings",
        Severity.INFO,
        ("pooling", "embeddings"),
        ["all", ["set", "pooling"], ["not", ["eq", ["eff", "embeddings"], True]]],
        "The alias answers no embedding requests; pooling does nothing.",
        "Unset Pooling",
        unset("pooling"),
        is_safe=True,
    ),
    Rule(
        "sampling_of_embeddings",
        Severity.INFO,
        ("embeddings", *_SAMPLING),
        ["all", ["eq", ["model", "is_embedding_model"], True], any_set(*_SAMPLING)],
        "This model only makes embeddings; parameters of answers do nothing.",
        "Unset them",
        unset(*_SAMPLING),
    ),
    Rule(
        "embeddings_refused",
        Severity.WARNING,
        ("embeddings",),
        [
            "all",
            ["eq", ["own", "embeddings"], False],
            ["eq", ["model", "is_embedding_model"], True],
        ],
        "This model makes embeddings and nothing else, and the alias refuses to.",
        "Unset Embeddings",
        unset("embeddings"),
    ),
    Rule(
        "main_gpu_unused",
        Severity.INFO,
        ("main_gpu", "split_mode"),
        ["all", ["set", "main_gpu"], ["not", ["in", ["eff", "split_mode"], "none", "row"]]],
        "main_gpu counts only where split_mode is none or row; it is {eff.split_mode}.",
        "Unset Main GPU",
        unset("main_gpu"),
        is_safe=True,
    ),
    Rule(
        "tensor_split_unused",
        Severity.INFO,
        ("tensor_split", "split_mode"),
        ["all", ["set", "tensor_split"], ["eq", ["own", "split_mode"], "none"]],
        "With split_mode none nothing is divided; tensor_split does nothing.",
        "Unset Tensor split",
        unset("tensor_split"),
        is_safe=True,
    ),
    Rule(
        "gpu_without_layers",
        Severity.INFO,
        ("gpu_layers", *_GPU_DETAILS),
        ["all", ["eq", ["own", "gpu_layers"], 0], any_set(*_GPU_DETAILS)],
        "With gpu_layers 0 no graphics processor has a part of the model; nothing is divided.",
        "Unset the others",
        unset(*_GPU_DETAILS),
        is_safe=True,
    ),
    Rule(
        "mlock_beyond_memory",
        Severity.WARNING,
        ("mlock",),
        [
            "all",
            ["eq", ["own", "mlock"], True],
            ["gt", ["model", "size_bytes"], ["machine", "free_memory_bytes"]],
        ],
        "The model file is larger than the memory that is free, so it cannot be locked there.",
        "Unset Lock in memory",
        unset("mlock"),
    ),
    Rule(
        "no_mmap_beyond_memory",
        Severity.WARNING,
        ("no_mmap",),
        [
            "all",
            ["eq", ["own", "no_mmap"], True],
            ["gt", ["model", "size_bytes"], ["machine", "free_memory_bytes"]],
        ],
        "The model file is larger than the memory that is free, and could only be mapped.",
        "Unset No memory mapping",
        unset("no_mmap"),
    ),
)
