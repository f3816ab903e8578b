"""A sweep from Python: the command runs it, a bar follows, and its study is opened."""

from __future__ import annotations

import os
import sys

import numpy as np
import pytest

from hstdriz_study.api import run_sweep
from hstdriz_study.cli.notebook import _followed
from hstdriz_study.errors import StudyError

POINTS = ("filter=f160w", "drizzle.final_scale=0.08", "drizzle.final_pixfrac=0.7,0.9")


@pytest.mark.endtoend
def test_a_sweep_is_run_opened_and_gone_on_with(tmp_path, capfd):
    place = tmp_path / "a study (1)"
    study = run_sweep(*POINTS, directory=place)
    assert list(study.points["final_pixfrac"]) == [0.7, 0.9]
    assert "[2/2]" in capfd.readouterr().err
    again = run_sweep(*POINTS, directory=place)
    assert capfd.readouterr().err.count("done before") == 2
    name = "psf/fwhm_arcsec"
    assert np.array_equal(again.points[name], study.points[name])
    _stamps_hold_their_stars(study)
    assert study.figure("tradeoff", "f160w").axes
    case = study.what_if("drop:1", "f160w")
    assert set(case["n_exposures"]) == {3, 4}
    assert not any(study.compare(again).only_a.values())


def _stamps_hold_their_stars(study):
    stamps = study.stamps(study.points["key"][0], size_arcsec=1.6)
    assert len(stamps) == len(study.stars("f160w"))
    for stamp in stamps:
        assert stamp.data.shape == (20, 20)
        row, column = np.unravel_index(np.nanargmax(stamp.data), stamp.data.shape)
        assert np.hypot(row - 9.5, column - 9.5) < 2


def test_what_the_command_refuses_is_raised_in_its_words(tmp_path):
    with pytest.raises(StudyError, match="did you mean f160w"):
        run_sweep("filter=f160v", "drizzle.final_scale=0.08", directory=tmp_path / "none")


def test_an_interrupted_call_leaves_no_process(tmp_path, monkeypatch):
    seen = []

    class Interrupting:
        def show(self, _part, line):
            seen.append(line)
            raise KeyboardInterrupt

    monkeypatch.setattr("hstdriz_study.cli.notebook._bar", Interrupting)
    pid = tmp_path / "pid"
    code = f"import os,sys,time; open({str(pid)!r}, 'w').write(str(os.getpid())); "
    code += "print('begun', file=sys.stderr, flush=True); time.sleep(60)"
    with pytest.raises(KeyboardInterrupt), (tmp_path / "out").open("w+") as out:
        _followed([sys.executable, "-c", code], out)
    assert seen == ["begun"]
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)
