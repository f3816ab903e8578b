"""Modules that are imported while other processes work."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from hstdriz_study.ahead import import_ahead
from hstdriz_study.apart import apart_each, done_apart

SLOW = """
import time
time.sleep(0.5)
whole = True
"""


@pytest.fixture
def module(tmp_path, monkeypatch):
    """Name a module that takes half a second to import."""
    name = f"slow_{tmp_path.name}"
    (tmp_path / f"{name}.py").write_text(SLOW)
    monkeypatch.syspath_prepend(str(tmp_path))
    yield name
    sys.modules.pop(name, None)


def imported_within(name, timeout_s=10.0):
    """Wait until a module begins to be imported."""
    until = time.monotonic() + timeout_s
    while name not in sys.modules and time.monotonic() < until:
        time.sleep(0.01)
    return name in sys.modules


def is_whole(name):
    return hasattr(sys.modules[name], "whole")


def test_a_process_that_is_forked_meanwhile_has_all_of_the_module(module):
    import_ahead([module])
    assert imported_within(module)
    assert done_apart(is_whole, module, "it")


AT_FORK = """
import os
import time
from hstdriz_study.ahead import import_ahead
import_ahead(["slow"])
time.sleep(0.2)
if os.fork() == 0:
    os._exit(0)
os.wait()
"""


def test_a_fork_that_waits_for_an_import_releases_no_lock_that_it_did_not_take(tmp_path):
    # as astropy brings it; a thread of a pool takes its lock at every fork
    slow = "import time\ntime.sleep(0.5)\nimport concurrent.futures.thread\n"
    (tmp_path / "slow.py").write_text(slow)
    ran = subprocess.run(
        [sys.executable, "-c", AT_FORK], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert ran.stderr == ""


def test_its_processes_start_others(module):
    import_ahead([module])
    assert imported_within(module)
    assert done_apart(all_whole, [module, module], "it")


def all_whole(names):
    return all(apart_each(is_whole, names, 2, "it"))


def test_what_cannot_be_imported_is_left_to_whoever_needs_it(module):
    import_ahead(["no_such_module", module])
    assert imported_within(module)
    assert done_apart(is_whole, module, "it")
