"""Registry rows: graphics processors and the operating system. Pure."""

from functools import partial

from bodhi.params.parameter import Applies, Kind, Parameter, Section

_gpu = partial(Parameter, section=Section.CONTEXT, applies=Applies.RELOAD, group="GPU")
_system = partial(Parameter, section=Section.CONTEXT, applies=Applies.RELOAD, group="System")

HARDWARE = (
    _gpu(
        key="device",
        label="Device",
        kind=Kind.TEXT,
        spellings=("dev",),
        longest=256,
        help="Which graphics processors to use, separated by commas.",
    ),
    _gpu(
        key="gpu_layers",
        label="GPU layers",
        kind=Kind.INTEGER,
        spellings=("n_gpu_layers", "ngl"),
        low=-1,
        high=10_000,
        words=("auto", "all"),
        engine_default="auto",
        help="How many layers are kept in the memory of the graphics processor.",
    ),
    _gpu(
        key="split_mode",
        label="Split mode",
        kind=Kind.CHOICE,
        spellings=("sm",),
        choices=("none", "layer", "row", "tensor"),
        engine_default="layer",
        help="How a model is divided between several graphics processors.",
    ),
    _gpu(
        key="main_gpu",
        label="Main GPU",
        kind=Kind.INTEGER,
        spellings=("mg",),
        low=0,
        high=127,
        engine_default=0,
        help="The graphics processor used where work is not divided.",
    ),
    _gpu(
        key="tensor_split",
        label="Tensor split",
        kind=Kind.NUMBERS,
        spellings=("ts",),
        low=0.0,
        high=1e6,
        longest=15,  # llama.cpp takes fewer than its limit of 16 devices
        help="The share of each graphics processor, as a list of proportions.",
    ),
    _system(
        key="mlock",
        label="Lock in memory",
        kind=Kind.BOOLEAN,
        spellings=("use_mlock",),
        bare=True,
        engine_default=False,
        help="Keeps the model in memory, so that the system cannot swap it out.",
    ),
    _system(
        key="no_mmap",
        label="No memory mapping",
        kind=Kind.BOOLEAN,
        negations=("mmap", "use_mmap"),
        bare=True,
        engine_default=False,
        help="Reads the whole file instead of mapping it: slower to load, no page faults later.",
    ),
    _system(
        key="timeout",
        label="Timeout",
        kind=Kind.INTEGER,
        unit="s",
        spellings=("to",),
        low=1,
        high=86_400,
        engine_default=3600,
        help="How long the engine waits on its connections.",
    ),
)
