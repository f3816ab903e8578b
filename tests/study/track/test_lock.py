"""Who waits too long for another process is told what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from filelock import FileLock

from hstdriz_study.errors import TrackingError
from hstdriz_study.study.track import lock

if TYPE_CHECKING:
    from pathlib import Path


def test_a_lock_that_is_held_too_long_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "TIMEOUT_S", 0.01)
    path = tmp_path / ".tracked.lock"
    with FileLock(path), pytest.raises(TrackingError) as raised, lock.locked(path):
        pass
    assert str(raised.value) == (
        f"{path}: another process has held this lock for 0 s; let it finish, then run "
        "`hstdriz-study send STUDY_DIR`"
    )


def test_a_lock_is_free_again_after_a_failure(tmp_path: Path) -> None:
    path = tmp_path / ".tracked.lock"
    with pytest.raises(ZeroDivisionError), lock.locked(path):
        raise ZeroDivisionError
    with lock.locked(path):
        assert path.exists()
