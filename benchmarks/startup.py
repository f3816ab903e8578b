"""What a command costs before it does anything: ``python benchmarks/startup.py``.

Processor seconds, which other programs on the machine change little; the median of several runs.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys

from hstdriz_study.cli.completion import ASKED_BY_SHELL

N_RUNS = 15
COMPLETION = {ASKED_BY_SHELL: "bash_complete", "COMP_LINE": "hstdriz-study re", "COMP_WORD": "re"}
ASKED = {
    "--help": (["--help"], {}),
    "report --help": (["report", "--help"], {}),
    "--version": (["--version"], {}),
    "completion of a command": ([], COMPLETION),
    "--cfg job, which Hydra composes": (["--cfg", "job"], {}),
}


def cpu_s(arguments: list[str], environment: dict[str, str]) -> float:
    """Return the processor seconds of one run of the program."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "-m", "hstdriz_study", *arguments],
        env=os.environ | environment, stdout=subprocess.DEVNULL, check=True,
    )  # fmt: skip
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def main() -> None:
    """Print the table of ``docs/engines.md``."""
    print("| asked | CPU (s) |\n|---|---|")
    for asked, (arguments, environment) in ASKED.items():
        cpu_s(arguments, environment)  # compiles what has changed
        median = statistics.median(cpu_s(arguments, environment) for _ in range(N_RUNS))
        print(f"| `hstdriz-study` {asked} | {median:.2f} |")


if __name__ == "__main__":
    main()
