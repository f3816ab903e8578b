"""A real WFPC2 frame of omega Cen among dithered synthetic companions, from check to a product.

One of the companions has another gain than the others.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

from hstdriz_study.dataset.wfpc2 import CAMERAS
from hstdriz_study.field import Field
from hstdriz_study.good_bits import COSMIC_RAY_BIT
from hstdriz_study.study.config import field_options
from tests.wfpc2_visit import GAINS, write_visit

pytestmark = pytest.mark.endtoend

SHARED = Path(__file__).resolve().parents[3] / "shared" / "real"
# In PC its stars are 1.09 times as wide as those of the model, and elongated by 0.08.
UNLIKE = "checks.accept=[flux,width]"


@pytest.fixture(scope="module")
def references() -> Path:
    directory = SHARED / "jref"
    if not directory.is_dir():
        pytest.skip("no real WFPC2 frames and tables beside the checkout")
    return directory


@pytest.fixture(scope="module")
def visit(references, tmp_path_factory) -> Path:
    directory = tmp_path_factory.mktemp("visit")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what DrizzlePac imports, and of old FITS tables
        write_visit(SHARED / "wfpc2", references, directory)
    return directory


@pytest.fixture(scope="module")
def typed(visit, references) -> tuple[str, ...]:
    return f"dataset.path={visit}", f"filter.uref={references}"


@pytest.mark.parametrize(("name", "accepted"), [("wf_f555w", ()), ("pc_f555w", (UNLIKE,))])
def test_the_real_frame_goes_through_check(program, tmp_path, typed, name, accepted):
    visit = Path(typed[0].partition("=")[2])
    before = {path: path.read_bytes() for path in visit.iterdir()}
    outcome = program(tmp_path, "check", f"filter={name}", *typed, *accepted)
    assert outcome.code == 1, outcome.stdout + outcome.stderr
    assert "u40x010hm_flt.fits" in outcome.stdout
    assert {path: path.read_bytes() for path in visit.iterdir()} == before


def test_cosmic_rays_are_flagged_and_little_else(visit, references, tmp_path, compose_config):
    planted = tmp_path / "planted"
    shutil.copytree(visit, planted)
    rng = np.random.default_rng(5)
    rays = {chip: rng.integers(80, 780, (2, 2000)) for chip in CAMERAS["WF"]}
    with fits.open(planted / "u40x011am_c0m.fits", mode="update") as hdus:
        for hdu in hdus[1:]:
            if (chip := hdu.header["DETECTOR"]) in rays:
                electrons = rng.uniform(500, 5000, len(rays[chip][0]))
                hdu.data[tuple(rays[chip])] += electrons / GAINS[7][chip][0]
    config = compose_config(
        "filter=wf_f555w", f"dataset.path={planted}", f"filter.uref={references}"
    )
    config.dataset.kind, config.prepare.cache_dir = "local", str(tmp_path / "cache")
    field = Field(field_options(config))
    others = []
    with fits.open(field.prepared.exposures[1]) as hdus:
        assert hdus[0].header["ROOTNAME"] == "u40x011am"
        for version, chip in enumerate(CAMERAS["WF"], 1):
            flagged = hdus["DQ", version].data & COSMIC_RAY_BIT > 0
            assert flagged[tuple(rays[chip])].mean() > 0.95
            flagged[tuple(rays[chip])] = False
            others.append(flagged.mean())
    assert np.mean(others) < 0.08  # of a crowded field, whose light is not all modelled


def test_both_engines_give_the_same_numbers_and_the_script_the_same_product(
    program, tmp_path, typed
):
    given = (
        "filter=wf_f555w",
        *typed,
        "drizzle.final_scale=0.08",
        "drizzle.final_pixfrac=0.8",
    )
    fast = program(tmp_path / "fast", *given)
    assert fast.code == 0, fast.stdout + fast.stderr
    slow = program(tmp_path / "slow", *given, "drizzle.engine=astrodrizzle")
    (of_fast,), (of_slow,) = fast.records, slow.records
    assert 0.15 < of_fast.metrics["psf/fwhm_arcsec"].value < 0.20
    for name, metric in of_slow.metrics.items():
        assert of_fast.metrics[name].value == pytest.approx(metric.value, rel=1e-6, nan_ok=True)
    made = program(tmp_path, "products", str(fast.study_dir))
    # image and noise; for its PSF there is no model
    assert made.code == 1, made.stdout + made.stderr
    assert "no model of WFPC2/WF" in made.stdout + made.stderr
    products = fast.study_dir / "products"
    script, work = products / "make_product_wf_f555w.py", tmp_path / "work"
    subprocess.run([sys.executable, script, work], check=True, capture_output=True)
    name = "study_wf_f555w_drw.fits"
    for extension in ("SCI", "WHT"):
        one, other = (fits.getdata(path / name, extension) for path in (products, work))
        assert np.array_equal(one, other, equal_nan=True)
    assert fits.getval(work / name, "BUNIT", "SCI") == "ELECTRONS/S"
