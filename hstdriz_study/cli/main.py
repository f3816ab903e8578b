"""The ``hstdriz-study`` command: a process that works, and one that watches over it."""

from __future__ import annotations

import os

from hstdriz_study.cli.guardian import guarded


def main() -> None:
    """Run the command that was typed; its exit code is that of the process."""
    guarded(_work)


def _work() -> None:
    # A notebook's names a module of its own environment, and no command opens a window.
    os.environ["MPLBACKEND"] = "Agg"
    # here, for importing takes a while, and may be interrupted
    from hstdriz_study.cli.program import run

    run()


if __name__ == "__main__":
    main()
