"""Rows of many sets, of which one that fails or dies is a row that fails."""

from __future__ import annotations

import os
import signal
from types import SimpleNamespace

import pytest

from hstdriz_study.errors import DatasetError
from hstdriz_study.validate.many import rows_of_each
from hstdriz_study.validate.rows import Claims

CLAIMS = Claims("family", "source")


def work(of_set):
    if of_set.name == "f105w":
        os.kill(os.getpid(), signal.SIGSEGV)
    if of_set.name == "f125w":
        raise DatasetError("f125w: no exposures")
    if of_set.name == "f140w":
        raise ZeroDivisionError
    return [CLAIMS.at_least(of_set.name, 2.0, 1.0, reason="why")]


def sets(*names):
    return [SimpleNamespace(name=name) for name in names]


def test_a_set_that_fails_or_dies_is_a_row_and_the_others_are_measured():
    rows = rows_of_each(CLAIMS, work, sets("f098m", "f105w", "f125w", "f160w"), 2)
    assert [(row.claim.partition(":")[0], row.passed) for row in rows] == [
        ("f098m", True), ("f105w", False), ("f125w", False), ("f160w", True),
    ]  # fmt: skip
    assert "SIGSEGV, a crash of compiled code" in rows[1].reason
    assert rows[2].reason == "f125w: no exposures"


def test_a_defect_is_raised():
    with pytest.raises(ZeroDivisionError):
        rows_of_each(CLAIMS, work, sets("f160w", "f140w"), 2)
