"""A process that has imported everything, and forks once for each command it is asked to run.

Importing takes longer than a small study. Each request is a line of JSON on standard input; the
answers are two lines, the number of the process and how it ended.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import warnings
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import NoReturn

CHECKOUT = Path(__file__).resolve().parents[1]
MODULES = (
    "hstdriz_study.cli.program", "hstdriz_study.cli.job", "hstdriz_study.study.finish",
    "hstdriz_study.study.report.write", "hstdriz_study.study.products.make",
    "hstdriz_study.study.products.psf_matching", "hstdriz_study.study.run.anew",
    "hstdriz_study.simulate.generate", "hstdriz_study.field.inspection", "drizzlepac.astrodrizzle",
    "drizzlepac.tweakreg", "hstdriz_study.study.track.send",
)  # fmt: skip


class Warm:
    """The process that is asked, started when it first is.

    Parameters
    ----------
    environment : mapping of str to str
        What it is started with.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = {**environment, "PYTHONPATH": str(CHECKOUT)}
        self._server: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """Its number; None where nothing was asked."""
        return self._server.pid if self._server else None

    def run(
        self,
        arguments: Sequence[str],
        directory: Path,
        environment: Mapping[str, str],
        outputs: tuple[Path, Path],
        timeout_s: float,
    ) -> int:
        """Run a command to its end.

        Parameters
        ----------
        arguments : sequence of str
            Without the name of the program.
        directory : `~pathlib.Path`
            Where it runs.
        environment : mapping of str to str
            All of it.
        outputs : tuple of `~pathlib.Path`
            Files, made anew, for what it prints and what it prints of errors; may be one.
        timeout_s : float

        Returns
        -------
        int
            Its exit code, or minus the signal that ended it.

        Raises
        ------
        TimeoutError
            If it has not ended in time; it is killed.
        """
        for output in outputs:
            output.write_bytes(b"")
        request = {
            "arguments": list(arguments), "directory": str(directory),
            "environment": dict(environment), "outputs": [str(output) for output in outputs],
        }  # fmt: skip
        server = self._started()
        assert server.stdin is not None
        server.stdin.write(f"{json.dumps(request)}\n".encode())
        server.stdin.flush()
        process = int(self._answer(server, timeout_s))
        try:
            return int(self._answer(server, timeout_s))
        except TimeoutError:
            os.killpg(process, signal.SIGKILL)
            self._answer(server, timeout_s)
            raise

    def end(self) -> None:
        """End it."""
        if self._server is not None:
            self._server.communicate()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._server is None:
            self._server = subprocess.Popen(
                [sys.executable, "-m", "benchmarks.warm"],
                cwd=CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                env=self._environment,
            )  # fmt: skip
        return self._server

    @staticmethod
    def _answer(server: subprocess.Popen[bytes], seconds: float) -> bytes:
        assert server.stdout is not None
        if not select.select([server.stdout], [], [], seconds)[0]:
            raise TimeoutError
        return server.stdout.readline()


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
            _become(**request)
        print(child, flush=True)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _become(
    arguments: list[str], directory: str, environment: dict[str, str], outputs: list[str]
) -> NoReturn:
    """Be the command: a session, a directory, an environment and outputs of its own."""
    from hstdriz_study.cli.main import main as command

    os.setsid()
    os.chdir(directory)
    os.environ.clear()
    os.environ.update(environment)
    tempfile.tempdir = None  # of the other environment
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for number, output in enumerate(outputs, start=1):
        os.dup2(os.open(output, os.O_WRONLY | os.O_APPEND), number)
    sys.argv = ["hstdriz-study", *arguments]
    command()
    os._exit(0)


if __name__ == "__main__":
    main()
