import json

import mlflow
import numpy as np
import pytest
from astropy.io import fits
from astropy.table import QTable
from astropy.wcs import WCS

from hstdriz_study.choose import RULES

pytestmark = pytest.mark.endtoend


def test_sweep_ends_well_and_prints_choice_report_and_ui(small_sweep):
    assert small_sweep.code == 0, small_sweep.stderr
    for text in ("f814w", "f160w", "Report ", "Compare ", "hstdriz-study ui "):
        assert text in small_sweep.stdout


def test_standard_output_holds_results_only(small_sweep):
    for chatter in ("AstroDrizzle", "drizzlepac", "Setting up", "[1/8]"):
        assert chatter not in small_sweep.stdout


def test_progress_says_which_point_how_many_are_left_and_time_to_go(small_sweep):
    assert "[1/8] f814w" in small_sweep.stderr
    assert "7 left" in small_sweep.stderr
    assert "s to go" in small_sweep.stderr


def test_what_is_no_terminal_gets_lines_without_control_characters(small_sweep):
    written = small_sweep.stdout + small_sweep.stderr
    assert not [letter for letter in written if ord(letter) < ord(" ") and letter != "\n"]


def test_every_point_has_a_complete_record(small_sweep):
    records = small_sweep.records
    assert len(records) == 8
    for record in records:
        assert record.status == "FINISHED"
        for name in (
            "psf/fwhm_arcsec", "psf/fwhm_fit_arcsec", "weight/rms_over_median",
            "weight/hole_fraction", "noise/sky_rms", "noise/aperture_sigma", "noise/correlation",
            "noise/depth_abmag", "fidelity/flux_ratio",
        ):  # fmt: skip
            assert np.isfinite(record.metrics[name].value), name
            assert np.isfinite(record.metrics[name].err), name
        assert set(record.images) == {"star_stamp", "weight_map", "science_cutout"}
        assert record.provenance["inputs"]
        assert record.provenance["references"]
        assert record.provenance["versions"]["drizzlepac"]


@pytest.mark.parametrize("name", ["f814w", "f160w"])
def test_fwhm_grows_with_pixfrac_and_with_scale(small_sweep, name):
    fwhm = {
        (r.settings.final_scale_arcsec, r.settings.final_pixfrac): r.metrics[
            "psf/fwhm_arcsec"
        ].value
        for r in small_sweep.records
        if r.filter == name
    }
    fine, coarse = sorted({scale for scale, _ in fwhm})
    assert fwhm[fine, 0.6] < fwhm[fine, 1.0] < fwhm[coarse, 1.0]


def test_native_scale_with_full_drops_conserves_its_own_flux(small_sweep):
    (native,) = [
        r for r in small_sweep.records
        if r.filter == "f160w" and r.settings.final_pixfrac == 1.0
        and r.final_scale_asked == "native"
    ]  # fmt: skip
    assert native.metrics["fidelity/flux_ratio"].value == pytest.approx(1.0, abs=1e-4)


def test_points_table_has_units_and_choice_names_a_swept_point(small_sweep):
    table = QTable.read(small_sweep.study_dir / "points.ecsv")
    assert str(table["psf/fwhm_arcsec"].unit) == "arcsec"
    choices = json.loads((small_sweep.study_dir / "choice.json").read_text())["choices"]
    swept = {(r.filter, r.settings.final_pixfrac) for r in small_sweep.records}
    assert {(c["filter"], c["final_pixfrac"]) for c in choices} <= swept
    assert [c["filter"] for c in choices] == ["f814w", "f160w"]


def test_mlflow_holds_one_parent_and_a_child_for_each_point(small_sweep):
    study = json.loads((small_sweep.study_dir / "study.json").read_text())
    client = mlflow.MlflowClient(f"sqlite:///{small_sweep.directory}/hstdriz-runs/mlflow.db")
    parent = client.get_run(study["tracking"]["parent_run_id"])
    assert parent.info.status == "FINISHED"
    children = client.search_runs(
        [parent.info.experiment_id], f"tags.mlflow.parentRunId = '{parent.info.run_id}'"
    )
    assert len(children) == 8
    for child in children:
        assert child.info.status == "FINISHED"
        assert "psf/fwhm_arcsec_err" in child.data.metrics
    artifacts = {item.path for item in client.list_artifacts(parent.info.run_id)}
    assert {"choice.json", "report.html", "points.ecsv"} <= artifacts


def test_exposures_that_are_aligned_carry_no_warning_of_theirs(small_sweep):
    for record in small_sweep.records:
        assert record.metrics["exposures/misalignment_arcsec"].value < 0.005
        told = " ".join(record.warnings)
        for bad in ("misaligned", "saturated", "star-core", "of the product"):
            assert bad not in told


def test_what_each_rule_takes_is_printed_filter_by_filter(small_sweep, program, tmp_path):
    done = program(tmp_path, "rules", str(small_sweep.study_dir))
    assert done.code == 0, done.stderr
    _, _, heads, _, *rows = done.stdout.splitlines()
    assert heads.split() == ["rule", "f814w", "f160w"]
    assert [row.split()[0] for row in rows] == list(RULES)


def test_pointing_errors_are_warned_of_wherever_a_choice_is_read(program, tmp_path):
    done = program(
        tmp_path, "--multirun", "filter=f814w,f160w", "drizzle.final_scale=psf/2",
        "drizzle.final_pixfrac=1.0", "dataset.pointing_error_px=0.3",
    )  # fmt: skip
    assert done.code == 0, done.stderr
    choices = json.loads((done.study_dir / "choice.json").read_text())["choices"]
    for choice, pixel_arcsec in zip(choices, (0.05, 0.128), strict=True):
        (told,) = [text for text in choice["warnings"] if "exposures are misaligned" in text]
        assert "prepare=tweakreg" in told
        assert told in done.stderr
        assert told.split('"')[0] in (done.study_dir / "report.html").read_text()
        # three errors of 0.3 px rms against the first, as each seed has them
        found = choice["metrics"]["exposures/misalignment_arcsec"]["value"]
        assert 0.15 < found / pixel_arcsec < 0.35


def test_same_inputs_give_the_same_numbers(small_sweep, program, tmp_path):
    again = program(
        tmp_path, "filter=f160w", "drizzle.final_scale=psf/2", "drizzle.final_pixfrac=0.6"
    )
    assert again.code == 0, again.stderr
    (record,) = again.records
    (before,) = [r for r in small_sweep.records if r.key == record.key]
    for name, metric in record.metrics.items():
        assert metric.value == before.metrics[name].value, name
        assert metric.err == before.metrics[name].err, name


@pytest.mark.parametrize(
    ("sweeper", "n_jobs"),
    [
        (["hydra/launcher=joblib", "hydra.sweeper.points_per_job=1", "workers=1"], 2),
        (["hydra/sweeper=basic"], 2),
        (["hydra/launcher=joblib"], 1),
    ],
)
def test_points_do_not_depend_on_the_jobs_they_run_in(
    small_sweep, program, tmp_path, sweeper, n_jobs
):
    other = program(
        tmp_path, "--multirun", *sweeper, "filter=f160w", "drizzle.final_scale=psf/2",
        "drizzle.final_pixfrac=0.6,1.0",
    )  # fmt: skip
    assert other.code == 0, other.stderr
    assert len(list((other.study_dir / "jobs").glob("*/.hydra"))) == n_jobs
    before = {r.key: r for r in small_sweep.records}
    assert [r.settings.final_pixfrac for r in other.records] == [0.6, 1.0]
    for record in other.records:
        assert record.status == "FINISHED"
        for name, metric in record.metrics.items():
            assert metric.value == before[record.key].metrics[name].value, name
    sent = list((other.study_dir / "points").glob("*/tracked.json"))
    assert len(sent) == 2


def write_image_elsewhere(path):
    """Write an image with a WCS that shares no sky with the exposures: its point fails."""
    wcs = WCS(naxis=2)
    wcs.wcs.ctype, wcs.wcs.crval = ["RA---TAN", "DEC--TAN"], [10.0, -60.0]
    wcs.wcs.cd = np.diag([-0.1, 0.1]) / 3600
    header = wcs.to_header()
    for axis in (1, 2):  # which are not written where they are 0 or 1
        header[f"CD{axis}_{axis}"] = wcs.wcs.cd[axis - 1, axis - 1]
    fits.PrimaryHDU(np.zeros((40, 40), "f4"), header).writeto(path, overwrite=True)


def test_one_failed_point_does_not_stop_the_sweep(program, tmp_path):
    reference = tmp_path / "reference_drz.fits"
    write_image_elsewhere(reference)
    outcome = program(
        tmp_path, "--multirun", "filter=f160w", "drizzle.final_scale=native",
        f"drizzle.final_refimage={reference},null",
    )  # fmt: skip
    assert outcome.code == 1
    assert [r.status for r in outcome.records] == ["FAILED", "FINISHED"]
    assert outcome.records[0].error
    assert (outcome.study_dir / "report.html").is_file()
    reason = outcome.records[0].error.splitlines()[0]
    assert f"1 of 2 points have no result: {reason}\n" in outcome.stderr


def test_killed_process_costs_its_point_and_no_other(program, tmp_path):
    (tmp_path / "deadly.py").write_text(
        "import os, signal\n"
        "def measure_deadly(point, context):\n"
        "    if point.final_pixfrac == 0.6:\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
        "    return {}\n"
    )
    outcome = program(
        tmp_path, "--multirun", "filter=f160w", "drizzle.final_scale=native",
        "drizzle.final_pixfrac=0.4,0.6,0.8", "workers=2",
        "measure.metrics=[hstdriz_study.measure.psf.measure_psf,"
        "hstdriz_study.measure.weight.measure_weight,deadly.measure_deadly]",
    )  # fmt: skip
    assert outcome.code == 1
    assert [r.status for r in outcome.records] == ["FINISHED", "FAILED", "FINISHED"]
    assert "SIGKILL" in outcome.records[1].error
    assert "workers=1" in outcome.records[1].error
    assert (outcome.study_dir / "report.html").is_file()


def test_reference_engine_gives_the_same_points(small_sweep, program, tmp_path):
    outcome = program(
        tmp_path, "--multirun", "filter=f160w", "drizzle.final_scale=psf/2",
        "drizzle.final_pixfrac=0.6,1.0", "drizzle.engine=astrodrizzle",
    )  # fmt: skip
    assert outcome.code == 0, outcome.stderr
    fast = {
        (r.final_scale_asked, r.settings.final_pixfrac): r
        for r in small_sweep.records if r.filter == "f160w"
    }  # fmt: skip
    assert len(outcome.records) == 2
    for record in outcome.records:
        other = fast["psf/2", record.settings.final_pixfrac]
        assert record.key != other.key
        fwhm, its = (r.metrics["psf/fwhm_arcsec"] for r in (record, other))
        assert abs(fwhm.value - its.value) < 0.01 * fwhm.err


def test_stop_on_failure_skips_the_points_after_it(program, tmp_path):
    reference = tmp_path / "reference_drz.fits"
    write_image_elsewhere(reference)
    outcome = program(
        tmp_path, "--multirun", "filter=f160w", "drizzle.final_scale=native",
        f"drizzle.final_refimage={reference},null", "stop_on_failure=true", "workers=1",
    )  # fmt: skip
    assert outcome.code == 1
    assert [r.status for r in outcome.records] == ["FAILED", "SKIPPED"]


def test_failed_point_that_succeeds_later_leaves_one_record(program, tmp_path):
    reference = tmp_path / "reference_drz.fits"
    write_image_elsewhere(reference)
    arguments = (
        "--multirun", "filter=f160w", "drizzle.final_scale=native",
        f"drizzle.final_refimage={reference}", "hydra.sweep.dir=hstdriz-runs/mine/one",
    )  # fmt: skip
    first = program(tmp_path, *arguments, "drizzle.final_pixfrac=0.6,0.8")
    assert [r.status for r in first.records] == ["FAILED", "FAILED"]
    reference.unlink()
    good = program(
        tmp_path / "other", "filter=f160w", "drizzle.final_scale=0.09", "report.make_product=true"
    )
    (product,) = (good.study_dir / "products").glob("*_drz.fits")
    product.rename(reference)
    # of the two that failed, one is run again under another number and one is no longer swept
    second = program(tmp_path, *arguments, "drizzle.final_pixfrac=1.0,0.8")
    assert second.code == 0, second.stderr
    assert [r.status for r in second.records] == ["FINISHED", "FINISHED"]
    assert sorted(r.settings.final_pixfrac for r in second.records) == [0.8, 1.0]


# Which of these the command has imported, in its own process or in that which sends.
IMPORTED = """
import sys
from hstdriz_study.cli.program import run
try:
    run()
except SystemExit as ended:
    from hstdriz_study.study.track import courier
    heavy = {"mlflow", "sqlalchemy", "drizzlepac", "photutils"} & set(sys.modules)
    print("imported", sorted(heavy) + courier._begun)
    raise
"""


def test_study_is_resumed_and_extended_without_losing_or_repeating_a_point(program, tmp_path):
    arguments = (
        "--multirun", "filter=f160w", "drizzle.final_scale=native",
        "hydra.sweep.dir=hstdriz-runs/mine/one",
    )  # fmt: skip
    first = program(tmp_path, *arguments, "drizzle.final_pixfrac=0.6")
    stamp = (first.study_dir / "points/0/record.json").stat().st_mtime_ns
    # another order: the first point of this sweep is a new one
    second = program(tmp_path, *arguments, "drizzle.final_pixfrac=1.0,0.6")
    assert second.code == 0, second.stderr
    assert (second.study_dir / "points/0/record.json").stat().st_mtime_ns == stamp
    assert sorted(r.settings.final_pixfrac for r in second.records) == [0.6, 1.0]
    # nothing is left to be done or sent, so that what takes seconds to import is not needed
    third = program(
        tmp_path, *arguments, "drizzle.final_pixfrac=1.0,0.6", starts_with=("-c", IMPORTED)
    )
    assert third.code == 0, third.stderr
    assert third.stdout.endswith("imported []\n"), third.stdout
    assert "done before" in third.stderr
    assert third.stdout.splitlines()[:-1] == second.stdout.splitlines()


def test_the_last_lines_carry_every_warning_on_a_choice_and_the_price_of_the_others(small_sweep):
    choices = json.loads((small_sweep.study_dir / "choice.json").read_text())["choices"]
    warnings = [text for choice in choices for text in choice["warnings"]]
    assert warnings
    assert all(f"    warning: {text}" in small_sweep.stdout for text in warnings)
    page = (small_sweep.study_dir / "report.md").read_text()
    for wider in filter(None, (choice["extension"] for choice in choices)):
        (command,) = (line for line in page.splitlines() if all(one in line for one in wider))
        assert f"        {command.strip()}\n" in small_sweep.stdout
    rivals = [
        one
        for choice in choices
        for one in choice["regrets"]
        if one["roles"] and "chosen" not in one["roles"]
    ]
    assert len(rivals) == small_sweep.stdout.count("\n    or ") > 0
