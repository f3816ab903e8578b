"""The script gives its copies the WCS that preparing gives its own."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from astropy.io import fits

from hstdriz_study.choose import Choice, HandbookPick, choose
from hstdriz_study.dataset.solutions import find_solution
from hstdriz_study.drizzlepac_options import updatewcs_options
from hstdriz_study.foreign import confined
from hstdriz_study.prepare.wcs import set_wcs
from hstdriz_study.study.config import prepare_settings
from hstdriz_study.study.report.script import ProductCall, product_script
from tests.prepare.wcs_files import Part, write_exposure, write_references

if TYPE_CHECKING:
    from hstdriz_study.choose import ChoiceSettings
    from hstdriz_study.contracts import PointRecord

FIT = "IDC_w3m18525i-FIT_REL_GAIAeDR3"
MADE_ANEW = ("DATE", "UPWCSVER", "PYWCSVER")


@pytest.fixture
def choice(
    study_records: list[PointRecord], config: ChoiceSettings, handbooks: dict[str, HandbookPick]
) -> Choice:
    of_filter = [record for record in study_records if record.filter == "f160w"]
    return choose(of_filter, config, handbooks["f160w"])


@pytest.fixture
def by_both(choice, compose_config, tmp_path):
    """Return the copies of an exposure that the script and preparing make."""

    def make(exposure: Path, wcs: str, **call: Any) -> tuple[Path, Path]:
        dirs = {"iref": exposure.parent}
        text = product_script(
            choice, ProductCall((exposure,), "out", {"final_bits": None}, dirs, **call)
        )
        script, work, own = tmp_path / "make.py", tmp_path / "work", tmp_path / "own"
        script.write_text(text.split("from drizzlepac")[0])
        subprocess.run([sys.executable, "-I", script, work], check=True, capture_output=True)
        own.mkdir()
        shutil.copyfile(exposure, own / exposure.name)
        settings = replace(prepare_settings(compose_config()), wcs=wcs)
        with confined(own, {"iref": f"{exposure.parent}/"}, tmp_path / "log"):
            set_wcs([exposure.name], [exposure], settings)
        return work / exposure.name, own / exposure.name

    return make


def headers(path: Path) -> list[dict[str, object]]:
    with fits.open(path) as hdus:
        kept = [hdu for hdu in hdus if hdu.name != "WCSCORR"]
        return [
            {key: hdu.header[key] for key in hdu.header if key not in MADE_ANEW} for hdu in kept
        ]


def test_a_binned_subarray_is_put_right(by_both, tmp_path):
    write_references(tmp_path)
    part = Part(x0=1600, y0=500, nx=1024, ny=1024, binning=2)
    where = {2: (150.0, 2.0), 1: (150.0, 2.02)}
    exposure = write_exposure(tmp_path / "i00000010_flc.fits", part, where)
    made, own = by_both(exposure, "updatewcs", updatewcs=updatewcs_options(), mended=True)
    assert headers(made) == headers(own)
    assert fits.getval(made, "WCSMEND", "SCI", 1)
    with fits.open(made) as ours, fits.open(own) as others:
        assert (ours["WCSDVARR", 1].data == others["WCSDVARR", 1].data).all()


def test_a_fit_by_name_is_brought_back(by_both, tmp_path):
    sample = Path(sysconfig.get_paths()["purelib"], "tests", "hap", "sample_svm_flt.fits")
    if not sample.is_file():
        pytest.skip("drizzlepac has installed no tests/hap/sample_svm_flt.fits")
    exposure = Path(shutil.copyfile(sample, tmp_path / "ib4606cpq_flt.fits"))
    made, own = by_both(exposure, FIT, solutions=(find_solution(exposure, FIT),), mended=True)
    assert fits.getval(made, "WCSNAME", "SCI", 1) == FIT
    assert headers(made) == headers(own)
