"""``python -m benchmarks``: every benchmark, one after the other."""

from benchmarks import (
    bombs,
    cold,
    gaps,
    header,
    listing,
    memory,
    page,
    relay,
    render,
    scan,
    start,
    streams,
    usage,
)


def main() -> None:
    """Run them all; each prints its own figures."""
    for benchmark in (
        relay,
        streams,
        gaps,
        cold,
        scan,
        start,
        listing,
        usage,
        header,
        memory,
        render,
        bombs,
        page,
    ):
        benchmark.main()


if __name__ == "__main__":
    main()
