"""A private PostgreSQL cluster that can be stopped, restarted and asked."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

OWNER = "astronomer"


def programs() -> Path:
    """Return the directory of PostgreSQL's programs; skip where there is none."""
    on_path = shutil.which("initdb")
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if on_path is None and not found:
        pytest.skip("PostgreSQL's server programs (initdb, pg_ctl) are not installed")
    if importlib.util.find_spec("psycopg") is None:
        pytest.skip("psycopg is not installed")
    if os.geteuid() == 0 and shutil.which("runuser") is None:
        pytest.skip("PostgreSQL does not run as root and runuser is not installed")
    return Path(on_path or found[-1]).parent


@dataclass(frozen=True)
class Cluster:
    """The server of a private directory."""

    programs: Path
    directory: Path
    port: int

    def uri(self, database: str, user: str = OWNER) -> str:
        return f"postgresql+psycopg://{user}@127.0.0.1:{self.port}/{database}"

    def make(self) -> None:
        self._run("initdb", "-D", self._data, "-U", OWNER, "-A", "trust", "--no-sync")

    def start(self, *settings: str) -> None:
        socket = f"-c unix_socket_directories={self.directory}"
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 {socket} -c fsync=off"
        options += "".join(f" -c {setting}" for setting in settings)
        log = str(self.directory / "log")
        self._run("pg_ctl", "-D", self._data, "-w", "-l", log, "-o", options, "start")

    def stop(self) -> None:
        """Stop as a machine does that loses its power."""
        self._run("pg_ctl", "-D", self._data, "-w", "-m", "immediate", "stop")

    @property
    def _data(self) -> str:
        return str(self.directory / "data")

    def _run(self, program: str, *arguments: str) -> None:
        as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        subprocess.run(
            [*as_user, str(self.programs / program), *arguments],
            check=True, cwd=self.directory, stdout=subprocess.DEVNULL,
        )  # fmt: skip

    @contextmanager
    def connected(self, database: str, *, autocommit: bool = True) -> Iterator[Any]:
        import psycopg

        with psycopg.connect(
            f"host=127.0.0.1 port={self.port} user={OWNER} dbname={database}",
            autocommit=autocommit,
        ) as connection:
            yield connection

    def do(self, database: str, *statements: str) -> list[tuple[Any, ...]]:
        """Execute statements; return the rows of the last."""
        with self.connected(database) as connection:
            for statement in statements:
                cursor = connection.execute(statement)
            return list(cursor.fetchall()) if cursor.description else []

    def database(self, name: str, template: str = "template1") -> str:
        """Make a database, a copy of another; return its URI."""
        self.do("postgres", f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.uri(name)


@contextmanager
def cluster(port: int) -> Iterator[Cluster]:
    """Give a cluster that has been started."""
    found = programs()
    # Not below pytest's own directory, which only its owner may enter.
    directory = Path("/tmp") / f"hstdriz-study-postgresql-{os.getpid()}"  # noqa: S108
    directory.mkdir()
    if os.geteuid() == 0:
        shutil.chown(directory, "postgres", "postgres")
    given = Cluster(found, directory, port)
    try:
        given.make()
        given.start()
        try:
            yield given
        finally:
            given.stop()
    finally:
        shutil.rmtree(directory)
