"""`python -m aggregator`: the same as the `aggregator` command."""

from __future__ import annotations


def main() -> None:
    """Run the command line; exits with the command's status."""
    from aggregator.cli import run

    run()


if __name__ == "__main__":
    main()
