"""``python -m bodhi``: the same command line as ``bodhi``."""

from bodhi.cli import main

if __name__ == "__main__":
    main()
