"""A real WFPC2 frame of omega Cen among dithered synthetic companions, from check to a product.

One of the companions has another gain than the others.
"""

from __future__ import annotations

import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

from tests.wfpc2_visit import write_visit

pytestmark = pytest.mark.endtoend

SHARED = Path(__file__).resolve().parents[3] / "shared" / "real"
# It is crowded: light between its stars is not all modelled, and is flagged where it differs.
CROWDED = "checks.accept=[flagged]"
# In PC its stars are 1.09 times as wide as those of the model, and elongated by 0.08.
UNLIKE = "checks.accept=[flagged,flux,width]"


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


@pytest.mark.parametrize(("name", "accepted"), [("wf_f555w", CROWDED), ("pc_f555w", UNLIKE)])
def test_the_real_frame_goes_through_check(program, tmp_path, typed, name, accepted):
    visit = Path(typed[0].partition("=")[2])
    before = {path: path.read_bytes() for path in visit.iterdir()}
    outcome = program(tmp_path, "check", f"filter={name}", *typed, accepted)
    assert outcome.code == 1, outcome.stdout + outcome.stderr
    assert "u40x010hm_flt.fits" in outcome.stdout
    assert {path: path.read_bytes() for path in visit.iterdir()} == before


def test_both_engines_give_the_same_numbers_and_the_script_the_same_product(
    program, tmp_path, typed
):
    given = (
        "filter=wf_f555w",
        *typed,
        CROWDED,
        "drizzle.final_scale=0.08",
        "drizzle.final_pixfrac=0.8",
        "choose.max_rms_over_median=0.3",  # for what is flagged
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
