"""The command line: ``bodhi NOUN VERB``. ``main`` is where it begins."""


def main() -> None:
    """Run the command in ``sys.argv`` and end the process with its exit code."""
    # Other rooms use banner.py without the rest of the command line.
    from bodhi.cli.program import run

    run()
