"""``python -m benchmarks``: every benchmark, one after the other."""

from benchmarks import header, scan, start


def main() -> None:
    """Run them all; each prints its own figures."""
    for benchmark in (scan, start, header):
        benchmark.main()


if __name__ == "__main__":
    main()
