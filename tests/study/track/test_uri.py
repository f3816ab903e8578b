"""Tracking URIs."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hstdriz_study.errors import ConfigError
from hstdriz_study.study.track import absolute_uri
from hstdriz_study.study.track.uri import artifact_location, without_password

NAMES = st.text("abcdefgh0123_-", min_size=1, max_size=12)


@given(parts=st.lists(NAMES, min_size=1, max_size=4))
def test_a_relative_sqlite_path_starts_at_the_base(parts: list[str]) -> None:
    path = "/".join(parts)
    assert absolute_uri(f"sqlite:///{path}", Path("/base")) == f"sqlite:////base/{path}"


@given(parts=st.lists(NAMES, min_size=1, max_size=4), base=NAMES)
def test_making_a_uri_absolute_twice_changes_nothing(parts: list[str], base: str) -> None:
    once = absolute_uri("sqlite:///" + "/".join(parts), Path("/") / base)
    assert absolute_uri(once, Path("/elsewhere")) == once


@pytest.mark.parametrize(
    "uri",
    [
        "http://127.0.0.1:5000",
        "https://mlflow.example.org/prefix",
        "postgresql://me@db/runs",
        "postgresql+psycopg://me@db:5433/runs",
        "mysql+pymysql://me@db/runs",
    ],
)
def test_servers_and_databases_pass_unchanged(uri: str) -> None:
    assert absolute_uri(uri, Path("/base")) == uri


@pytest.mark.parametrize(
    "uri", ["file:///data/mlruns", "./mlruns", "/data/mlruns", "s3://bucket/x"]
)
def test_a_directory_store_is_refused_with_what_to_write_instead(uri: str) -> None:
    with pytest.raises(ConfigError, match=r"sqlite:///DIR/mlflow\.db"):
        absolute_uri(uri, Path("/base"))


@pytest.mark.parametrize(
    "uri", ["sqlite://", "sqlite:///", "sqlite:///:memory:", "sqlite:mlflow.db"]
)
def test_a_sqlite_uri_without_a_file_is_refused(uri: str) -> None:
    with pytest.raises(ConfigError, match="names no file"):
        absolute_uri(uri, Path("/base"))


@pytest.mark.parametrize(
    ("uri", "place"),
    [
        ("postgresql://me:a-secret@db/runs", "PGPASSWORD"),
        ("postgresql+psycopg://me:a-secret@with@db:5433/runs", "PGPASSWORD"),
        ("postgresql://me@db/runs?sslmode=require&password=a-secret", "PGPASSWORD"),
        ("mysql+pymysql://me:a-secret@db/runs", "the database client's own option file"),
        ("http://me:a-secret@host:80", "MLFLOW_TRACKING_PASSWORD"),
        ("https://a-secret@host", "MLFLOW_TRACKING_TOKEN"),
        ("https://host/x?access_token=a-secret", "MLFLOW_TRACKING_TOKEN"),
        ("ftp://me:a-secret@host", "option file"),
    ],
)
def test_a_secret_is_refused_and_not_repeated(uri: str, place: str) -> None:
    with pytest.raises(ConfigError, match=place) as caught:
        absolute_uri(uri, Path("/base"))
    assert "secret" not in str(caught.value)
    assert "***" in str(caught.value)


def test_a_secret_is_hidden_and_the_host_kept() -> None:
    assert without_password("postgresql://me:secret@db:80/x") == "postgresql://me:***@db:80/x"
    assert without_password("http://me:secret@host:80/x") == "http://***@host:80/x"
    assert without_password("sqlite:////a/me@home/x.db") == "sqlite:////a/me@home/x.db"


def test_artifacts_lie_beside_a_sqlite_file_and_never_in_the_working_directory() -> None:
    uri = "sqlite:////data/runs/mlflow.db"
    assert artifact_location(uri, Path("/elsewhere")) == "file:///data/runs/mlartifacts"


def test_a_server_keeps_its_own_artifact_location() -> None:
    assert artifact_location("http://host:5000", Path("/elsewhere")) is None


@pytest.mark.parametrize("uri", ["http://", "https:///prefix"])
def test_a_server_without_a_host_is_refused(uri: str) -> None:
    with pytest.raises(ConfigError, match=f"^track.tracking_uri={uri}: names no host"):
        absolute_uri(uri, Path("/base"))
