"""A process that has imported everything, and forks once for each command it is asked to run.

Importing takes longer than a small study. Each request is a line of JSON on standard input; the
answers are two lines, the number of the process and how it ended.
"""

from __future__ import annotations

import json
import os
import sys
import warnings
from importlib import import_module
from typing import Any

MODULES = (
    "hstdriz_study.cli.program", "hstdriz_study.cli.job", "hstdriz_study.study.finish",
    "hstdriz_study.study.report.write", "hstdriz_study.study.products.make",
    "hstdriz_study.study.products.psf_matching", "hstdriz_study.study.run.anew",
    "hstdriz_study.simulate.generate", "hstdriz_study.field.inspection", "drizzlepac.astrodrizzle",
    "drizzlepac.tweakreg", "hstdriz_study.study.track.send",
)  # fmt: skip


def main() -> None:
    """Import, then answer until nobody asks."""
    from hstdriz_study.study.track.client import import_mlflow

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in MODULES:
            import_module(name)
        import_mlflow("sqlite:///any.db")
    for line in sys.stdin:
        request = json.loads(line)
        child = os.fork()
        if not child:
            _become(request)
        print(child, flush=True)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _become(request: dict[str, Any]) -> None:
    """Be the command: a session, a directory, an environment and an output of its own."""
    from hstdriz_study.cli.main import main as command

    os.setsid()
    os.chdir(request["cwd"])
    os.environ.update(request["environment"])
    output = os.open(request["output"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    sys.argv = ["hstdriz-study", *request["arguments"]]
    command()
    os._exit(0)


if __name__ == "__main__":
    main()
