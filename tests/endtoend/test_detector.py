"""A detector of one's own, here another ACS/HRC than the built-in one: a record and its YAML."""

import shutil
from pathlib import Path

import pytest

from tests.optics.own_hrc import write_own_hrc

pytestmark = pytest.mark.endtoend


@pytest.fixture
def beside_where_one_works(tmp_path) -> Path:
    """A directory with the record of ACS/HRC, its distortion table and its two YAML files."""
    place = tmp_path / "work"
    write_own_hrc(place)
    return place


def test_a_point_of_an_added_detector_is_simulated_prepared_and_measured(
    program, beside_where_one_works
):
    outcome = program(
        beside_where_one_works, "filter=own_f606w", "drizzle.final_scale=native",
        "drizzle.final_pixfrac=0.8", "measure.inject_stars=5",
    )  # fmt: skip
    assert outcome.code == 0, outcome.stderr
    (record,) = outcome.records
    # 1.22 lambda / D is 0.062"; a drop and a pixel of 0.025" widen it a little
    assert 0.055 < record.metrics["psf/fwhm_arcsec"].value < 0.080
    # the stars that are injected come from the record's optics
    assert record.metrics["injected/fwhm_arcsec"].value == pytest.approx(
        record.metrics["psf/fwhm_arcsec"].value, rel=0.05
    )
    assert [name for name, _ in record.provenance["inputs"]] == [
        f"jsy6060{number}q_flt.fits" for number in (1, 2, 3, 4)
    ]


def test_a_changed_record_is_simulated_anew(program, beside_where_one_works):
    arguments = ("filter=own_f606w", "drizzle.final_scale=native", "drizzle.final_pixfrac=0.8")
    before = program(beside_where_one_works, *arguments).records
    record = beside_where_one_works / "hrc.py"
    record.write_text(
        record.read_text().replace(
            "read_noise_e=(4.71, 4.71, 4.71, 4.71)", "read_noise_e=(9.4, 9.4, 9.4, 9.4)"
        )
    )
    shutil.rmtree(beside_where_one_works / "hstdriz-runs")
    after = program(beside_where_one_works, *arguments).records
    assert after[0].metrics["noise/sky_rms"].value > 1.1 * before[0].metrics["noise/sky_rms"].value


def test_a_record_of_another_detector_is_refused(program, beside_where_one_works):
    outcome = program(
        beside_where_one_works, "filter=own_f606w", "drizzle.final_scale=native",
        "filter.detector=SBC",
    )  # fmt: skip
    assert outcome.code == 2
    assert "filter.record=hrc.HRC: is the record of ACS/HRC" in outcome.stderr
    assert "Traceback" not in outcome.stderr
