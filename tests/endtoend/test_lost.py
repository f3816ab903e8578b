"""A process that dies while it prepares costs its filter a sentence, not the study."""

from __future__ import annotations

import os
import signal
import threading
from contextlib import suppress
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.endtoend,
    pytest.mark.skipif(
        not Path("/proc/self/cwd").exists(), reason="the process that prepares is found in /proc"
    ),
]


def end_first_that_prepares(cache_dir, number):
    """Send a signal to the first process that works where exposures are prepared."""
    room = str(cache_dir / "prepared" / ".scratch-")
    done = threading.Event()

    def hunt():
        while not done.wait(0.01):
            for path in Path("/proc").glob("[0-9]*/cwd"):
                with suppress(OSError):
                    if str(path.readlink()).startswith(room):
                        os.kill(int(path.parent.name), number)
                        return

    hunter = threading.Thread(target=hunt)
    hunter.start()
    return hunter, done


def test_a_crash_while_preparing_costs_its_filter_and_the_other_goes_on(program, tmp_path):
    cache_dir = tmp_path / "cache"
    hunter, done = end_first_that_prepares(cache_dir, signal.SIGSEGV)
    try:
        outcome = program(
            tmp_path, "--multirun", "filter=f105w,f160w", "dataset.n_exposures=2",
            "drizzle.final_scale=native", "drizzle.final_pixfrac=0.6,0.8",
            f"prepare.cache_dir={cache_dir}",
            "measure.metrics=[hstdriz_study.measure.psf.measure_psf,"
            "hstdriz_study.measure.weight.measure_weight]",
        )  # fmt: skip
    finally:
        done.set()
        hunter.join()
    assert outcome.code == 1
    status = [(record.filter, record.status) for record in outcome.records]
    assert status == [("f105w", "FAILED")] * 2 + [("f160w", "FINISHED")] * 2
    told = outcome.records[0].error
    assert told.startswith(
        "filter=f105w: preparing was not finished: its process was ended by SIGSEGV, a crash of "
        "compiled code; start again"
    )
    log = cache_dir / "failed-f105w.log"
    assert str(log) in told
    assert "Segmentation fault" in log.read_text()
    assert f"{told}; its points will fail\n" in outcome.stderr
    assert "Traceback" not in outcome.stderr
    assert "SIGSEGV, a crash of compiled code" in (outcome.study_dir / "report.html").read_text()
    assert not list(cache_dir.glob("*/.scratch*"))
    assert not list(cache_dir.glob("*/.*.lease"))
