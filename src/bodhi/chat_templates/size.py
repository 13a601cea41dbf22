"""How large a chat template may be, wherever it comes from."""

# The largest published ones, with tool calling written out, are near 20 KiB.
MAX_TEMPLATE_BYTES = 256 * 1024


def is_too_large(text: str) -> bool:
    """Whether ``text`` takes more than 256 KiB as UTF-8. Raises UnicodeEncodeError."""
    return len(text.encode()) > MAX_TEMPLATE_BYTES
