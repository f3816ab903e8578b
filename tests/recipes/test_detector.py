"""A detector that is built in: ACS/HRC taken out of a checkout, and put in by the recipe."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.optics.own_hrc import write_own_hrc

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.endtoend

ROOM = "hstdriz_study/optics/detectors"
IMPORTED = "from hstdriz_study.optics.detectors.acs_hrc import ACS_HRC\n"


@pytest.fixture
def without_hrc(checkout):
    """A checkout that does not know ACS/HRC, as which the recipe finds it."""
    for path in (f"{ROOM}/acs_hrc.py", f"{ROOM}/acs_hrc_idctab.ecsv", "conf/detector/acs_hrc.yaml"):
        (checkout.root / path).unlink()
    for path in (checkout.root / "conf" / "filter").glob("hrc_*.yaml"):
        path.unlink()
    checkout.replace(f"{ROOM}/__init__.py", IMPORTED, "")
    checkout.replace(f"{ROOM}/__init__.py", "ACS_HRC, ", "")
    return checkout.begun()


def follow(checkout, own: Path) -> None:
    write_own_hrc(own)
    record = (own / "hrc.py").read_text().replace("HRC =", "OWN_HRC =")
    record = record.replace("Path(__file__).with_name(", "files(__package__).joinpath(")
    record = record.replace("from pathlib import Path", "from importlib.resources import files")
    checkout.write(f"{ROOM}/own_hrc.py", record)
    shutil.copy(own / "own_hrc_idctab.ecsv", checkout.root / ROOM)
    checkout.replace(
        f"{ROOM}/__init__.py",
        "from hstdriz_study.optics.detectors.wfc3_ir import",
        "from hstdriz_study.optics.detectors.own_hrc import OWN_HRC\n"
        "from hstdriz_study.optics.detectors.wfc3_ir import",
    )
    checkout.replace(f"{ROOM}/__init__.py", "DETECTORS = (", "DETECTORS = (OWN_HRC, ")
    described = (own / "detector" / "own_hrc.yaml").read_text().replace("record: hrc.HRC\n", "")
    checkout.write("conf/detector/own_hrc.yaml", described)
    shutil.copy(own / "filter" / "own_f606w.yaml", checkout.root / "conf" / "filter")


def test_a_detector_is_listed_simulated_and_measured(without_hrc, keeps_to_its_recipe, tmp_path):
    checkout = without_hrc
    follow(checkout, tmp_path / "own")
    assert "own_f606w" in checkout.program("--help").stdout
    done = checkout.study(
        "filter=own_f606w", "drizzle.final_scale=native", "drizzle.final_pixfrac=0.8",
    )  # fmt: skip
    assert done.code == 0, done.stderr
    (width,) = done.table["psf/fwhm_arcsec"].value
    # 1.22 lambda / D is 0.062"; a drop and a pixel of 0.025" widen it a little
    assert 0.055 < width < 0.080
    assert "simulated (seed 1), not HST data" in done.stdout
    keeps_to_its_recipe(checkout, "a detector")
    checkout.tests("tests/optics")
    checkout.lint()
