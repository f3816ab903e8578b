"""Real stores, and studies to send to them."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from hstdriz_study.json_files import read_json
from hstdriz_study.study.track.client import connect
from hstdriz_study.study.track.mlflow_parts import close_connections
from tests.study.track.made_studies import MakeStudy
from tests.study.track.postgresql_cluster import cluster

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from mlflow import MlflowClient
    from mlflow.entities import Run

    from hstdriz_study.study.directory.layout import StudyDirectory
    from tests.study.track.postgresql_cluster import Cluster

SERVER_START_S = 120.0


@pytest.fixture
def make_study(tmp_path: Path) -> MakeStudy:
    return MakeStudy(tmp_path)


@pytest.fixture(scope="session")
def study_maker() -> Callable[[Path], MakeStudy]:
    return MakeStudy


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a SQLite file with MLflow's tables, made once: a hundred migrations take seconds."""
    path = tmp_path_factory.mktemp("empty") / "mlflow.db"
    connect(f"sqlite:///{path}", create=True).search_experiments()
    return path


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Return where a store may be made."""
    (tmp_path / "runs").mkdir()
    return tmp_path / "runs" / "mlflow.db"


@pytest.fixture(scope="session")
def mlflow_tables() -> Callable[[Path, str | None], None]:
    """Make MLflow's first tables, and do its migrations up to a revision."""
    from alembic import command
    from mlflow.store.db.utils import _get_alembic_config, create_sqlalchemy_engine
    from mlflow.store.tracking.dbmodels.initial_models import Base as FirstTables

    def make(path: Path, revision: str | None) -> None:
        engine = create_sqlalchemy_engine(f"sqlite:///{path}")
        FirstTables.metadata.create_all(engine)
        config = _get_alembic_config(str(engine.url))
        if revision is not None:
            with engine.begin() as connection:
                config.attributes["connection"] = connection
                command.upgrade(config, revision)
        engine.dispose()

    return make


@pytest.fixture(scope="session")
def sqlite_uri(empty_database: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return a SQLite store for all tests that do not mind each other."""
    path = tmp_path_factory.mktemp("store") / "mlflow.db"
    shutil.copy(empty_database, path)
    return f"sqlite:///{path}"


@pytest.fixture
def client(sqlite_uri: str) -> MlflowClient:
    return connect(sqlite_uri)


@pytest.fixture
def children(client: MlflowClient) -> Callable[[StudyDirectory], list[Run]]:
    """Find the runs of a study's points."""

    def find(study: StudyDirectory) -> list[Run]:
        tracking = read_json(study.description)["tracking"]
        query = f"tags.`mlflow.parentRunId` = '{tracking['parent_run_id']}'"
        return list(client.search_runs([tracking["experiment_id"]], query))

    return find


@pytest.fixture
def artifacts(client: MlflowClient) -> Callable[..., set[str]]:
    """List the artifacts of a run, or of a directory of them."""
    return lambda run_id, path=None: {one.path for one in client.list_artifacts(run_id, path)}


@pytest.fixture(scope="session")
def free_port() -> Callable[[], int]:
    def find() -> int:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            return int(probe.getsockname()[1])

    return find


@dataclass
class Server:
    """A real tracking server."""

    port: int
    process: subprocess.Popen[bytes]

    @property
    def uri(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def wait(self) -> None:
        deadline = time.monotonic() + SERVER_START_S
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"{self.uri}/health", timeout=2) as answer:  # noqa: S310
                    if answer.status == 200:
                        return
            except (urllib.error.URLError, OSError):
                time.sleep(0.3)
        raise TimeoutError(self.uri)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=30)


@pytest.fixture(scope="session")
def start_server(
    empty_database: Path, tmp_path_factory: pytest.TempPathFactory, free_port: Callable[[], int]
) -> Iterator[Callable[[], Server]]:
    """Start servers on a copy of the empty store."""
    started: list[Server] = []

    def start(port: int | None = None) -> Server:
        directory = tmp_path_factory.mktemp("server")
        shutil.copy(empty_database, directory / "mlflow.db")
        number = port or free_port()
        command = [sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1"]
        command += ["--port", str(number), "--workers", "1"]
        command += ["--backend-store-uri", f"sqlite:///{directory / 'mlflow.db'}"]
        command += ["--artifacts-destination", (directory / "mlartifacts").as_uri()]
        environment = {
            **os.environ,
            "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
            "MLFLOW_DISABLE_TELEMETRY": "true",
        }
        with (directory / "server.log").open("wb") as log:
            process = subprocess.Popen(
                command, cwd=directory, env=environment, stdout=log, stderr=subprocess.STDOUT
            )
        server = Server(number, process)
        started.append(server)
        server.wait()
        return server

    yield start
    for server in started:
        if server.process.poll() is None:
            server.stop()


@pytest.fixture(scope="session")
def server(start_server: Callable[[], Server]) -> Server:
    return start_server()


@pytest.fixture(scope="session")
def postgresql(free_port: Callable[[], int]) -> Iterator[Cluster]:
    """Start a private PostgreSQL cluster."""
    with cluster(free_port()) as started:
        yield started


@pytest.fixture(scope="session")
def new_database(postgresql: Cluster) -> Callable[[str], str]:
    """Make databases that hold MLflow's tables: copies of one, for that takes seconds."""
    uri = postgresql.database("whole")
    connect(uri, create=True).search_experiments()
    close_connections(uri)  # nobody may use what is copied
    return lambda name: postgresql.database(name, "whole")
