"""A detector that is built in: ACS/HRC, which users can add themselves, put among the others."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

pytestmark = pytest.mark.endtoend

HRC = Path(__file__).parents[1] / "optics" / "hrc"
ROOM = "hstdriz_study/optics/detectors"


def follow(checkout) -> None:
    record = (HRC / "hrc.py").read_text().replace("HRC =", "ACS_HRC =")
    record = record.replace("Path(__file__).with_name(", "files(__package__).joinpath(")
    record = record.replace("from pathlib import Path", "from importlib.resources import files")
    checkout.write(f"{ROOM}/acs_hrc.py", record)
    shutil.copy(HRC / "acs_hrc_idctab.ecsv", checkout.root / ROOM)
    checkout.replace(
        f"{ROOM}/__init__.py",
        "from hstdriz_study.optics.detectors.acs_wfc import",
        "from hstdriz_study.optics.detectors.acs_hrc import ACS_HRC\n"
        "from hstdriz_study.optics.detectors.acs_wfc import",
    )
    checkout.replace(f"{ROOM}/__init__.py", "DETECTORS = (", "DETECTORS = (ACS_HRC, ")
    described = (HRC / "detector" / "acs_hrc.yaml").read_text().replace("record: hrc.HRC\n", "")
    checkout.write("conf/detector/acs_hrc.yaml", described)
    shutil.copy(HRC / "filter" / "hrc_f606w.yaml", checkout.root / "conf" / "filter")


def test_a_detector_is_listed_simulated_and_measured(checkout, keeps_to_its_recipe):
    follow(checkout)
    assert "hrc_f606w" in checkout.program("--help").stdout
    done = checkout.study(
        "filter=hrc_f606w", "drizzle.final_scale=native", "drizzle.final_pixfrac=0.8",
    )  # fmt: skip
    assert done.code == 0, done.stderr
    (width,) = done.table["psf/fwhm_arcsec"].value
    # 1.22 lambda / D is 0.062"; a drop and a pixel of 0.025" widen it a little
    assert 0.055 < width < 0.080
    assert "simulated (seed 1), not HST data" in done.stdout
    keeps_to_its_recipe(checkout, "a detector")
    checkout.tests("tests/optics")
    checkout.lint()
