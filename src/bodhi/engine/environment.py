"""What an engine process may know of the server's environment."""

from collections.abc import Mapping

# Everything else stays behind: LLAMA_*, AIP_* and GGML_* change what the engine does, LD_PRELOAD
# what it is, proxies and tokens are none of its business.
_PASSED_ON = frozenset(
    {
        *("PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "TEMP", "SYSTEMROOT"),
        *("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "CUDA_PATH"),
        *("CUDA_VISIBLE_DEVICES", "CUDA_DEVICE_ORDER", "NVIDIA_VISIBLE_DEVICES"),
        *("HIP_VISIBLE_DEVICES", "ROCR_VISIBLE_DEVICES", "HSA_OVERRIDE_GFX_VERSION"),
    }
)
_ADDED = {
    "GGML_NO_BACKTRACE": "1",  # an abort would start gdb on itself
    # Threads that spin while they wait make two busy engines many times slower than one.
    "GOMP_SPINCOUNT": "1000",
}


def engine_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """What an engine may know of the server's environment, by allow-list."""
    return {name: environment[name] for name in _PASSED_ON & environment.keys()} | _ADDED
