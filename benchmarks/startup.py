"""What a command costs before it does anything: ``python benchmarks/startup.py``.

Processor seconds, which other programs on the machine change little; the median of several runs.
Also of a study of two points that is resumed with nothing left to do, and of ``preview`` on four
full exposures of ACS/WFC, which are simulated first.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile

from hstdriz_study.cli.completion import ASKED_BY_SHELL

N_RUNS = 15
COMPLETION = {ASKED_BY_SHELL: "bash_complete", "COMP_LINE": "hstdriz-study re", "COMP_WORD": "re"}
STUDY = (
    "filter=f160w", "drizzle.final_scale=0.06", "drizzle.final_pixfrac=0.6,0.8",
    "hydra.sweep.dir=study", "track.tracking_uri=sqlite:///mlflow.db",
)  # fmt: skip
PREVIEW = ("preview", "filter=f814w", "dataset.full_frame=true")
ASKED: dict[str, tuple[list[str], dict[str, str]]] = {
    "--help": (["--help"], {}),
    "report --help": (["report", "--help"], {}),
    "--version": (["--version"], {}),
    "completion of a command": ([], COMPLETION),
    "--cfg job, which Hydra composes": (["--cfg", "job"], {}),
    "resumed with nothing left to do": ([*STUDY], {}),
    "preview of a full ACS/WFC visit": ([*PREVIEW], {}),
}


def cpu_s(arguments: list[str], environment: dict[str, str], directory: str) -> float:
    """Return the processor seconds of one run of the program in a directory."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "-m", "hstdriz_study", *arguments],
        env=os.environ | environment, cwd=directory, check=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def main() -> None:
    """Print the table of ``docs/engines.md``."""
    print("| asked | CPU (s) |\n|---|---|")
    with tempfile.TemporaryDirectory() as directory:
        for asked, (arguments, environment) in ASKED.items():
            # compiles what has changed, and does what is found done afterwards
            cpu_s(arguments, environment, directory)
            runs = [cpu_s(arguments, environment, directory) for _ in range(N_RUNS)]
            print(f"| `hstdriz-study` {asked} | {statistics.median(runs):.2f} |", flush=True)


if __name__ == "__main__":
    main()
