"""The load key: which requests can share one engine process. Pure."""

import hashlib
import json
from collections.abc import Mapping

from bodhi.params.values import Json


def load_key(model_identity: str, options: Mapping[str, Json], template: str | None) -> str:
    """64 hex digits: SHA-256 over one unambiguous encoding of everything a load depends on.

    The order of ``options`` does not matter and equal numbers are equal (``10000`` and
    ``10000.0``), but true is not 1 and no template is not an empty one. Raises ValueError for
    numbers that are not finite; the registry lets none through.
    """
    everything = [model_identity, _normalise(dict(options)), template]
    # Separate surrogates must stay different from the character that they would make up.
    text = json.dumps(everything, sort_keys=True, ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _normalise(value: Json) -> Json:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_normalise(item) for item in value]
    if isinstance(value, dict):
        return {key: _normalise(item) for key, item in value.items()}
    return value
