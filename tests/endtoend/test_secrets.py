"""No password is in what a study writes, sends or says, wherever it stood."""

from __future__ import annotations

import mmap

import pytest

pytestmark = pytest.mark.endtoend


def holding(secret, *directories):
    """Return the files in whose names or bytes a secret stands."""
    paths = [path for directory in directories for path in directory.rglob("*")]
    return [path for path in paths if secret in path.name or _holds(path, secret.encode())]


def _holds(path, secret):
    if path.is_symlink() or not path.is_file() or not path.stat().st_size:
        return False
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
        return data.find(secret) >= 0


def test_a_secret_of_the_environment_is_in_no_byte_of_a_study(small_sweep, cache_dir, secret):
    assert (small_sweep.directory / "hstdriz-runs" / "mlflow.db").is_file()
    assert holding(secret, small_sweep.directory, cache_dir) == []
    assert secret not in small_sweep.stdout + small_sweep.stderr


@pytest.mark.parametrize(
    "uri",
    [
        "postgresql://me:{}@127.0.0.1:1/runs",
        "postgresql://me@127.0.0.1:1/runs?password={}",
        "https://{}@127.0.0.1:1",
    ],
)
def test_a_secret_that_is_typed_is_refused_and_kept_nowhere(program, tmp_path, secret, uri):
    asked = program(tmp_path, "filter=f160w", f"track.tracking_uri='{uri.format(secret)}'")
    assert asked.code == 2
    assert "***" in asked.stderr
    assert secret not in asked.stdout + asked.stderr
    assert holding(secret, tmp_path) == []


def test_search_finds_what_is_there(tmp_path, secret):
    (tmp_path / "file").write_text(f"a{secret}b")
    assert holding(secret, tmp_path) == [tmp_path / "file"]
