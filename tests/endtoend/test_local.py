"""A user's directory: filters and instruments mixed, calibration files in its own place."""

import hashlib
import json
import shutil
from pathlib import Path

import pytest
from astropy.io import fits

from hstdriz_study.markdown import plain
from hstdriz_study.simulate import BANDS, generate_filter

pytestmark = pytest.mark.endtoend


@pytest.fixture(scope="module")
def mixed_directory(tmp_path_factory, spec_of) -> Path:
    """Exposures of WFC3/UVIS and WFC3/IR side by side, with their calibration files."""
    directory = tmp_path_factory.mktemp("mixed")
    names = ("uvis_f814w", "f160w")
    for name in names:
        made = tmp_path_factory.mktemp(name)
        generate_filter(made, BANDS[name], spec_of())
        shutil.copytree(made, directory, dirs_exist_ok=True)
    return directory


def checksums(directory: Path) -> dict[str, str]:
    return {
        str(path.relative_to(directory)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(directory.rglob("*"))
        if path.is_file()
    }


def test_uvis_and_ir_are_told_apart_and_no_file_is_touched(program, mixed_directory, tmp_path):
    before = checksums(mixed_directory)
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "mine.yaml").write_text(
        f"# @package _global_\ndataset:\n  path: {mixed_directory}\n  pointing_error_px: 0.3\n"
    )
    outcome = program(
        tmp_path, "study=mine", "filter=uvis_f814w,f160w", f"filter.iref={mixed_directory}/ref",
        "drizzle.final_scale=native", "drizzle.final_pixfrac=0.8",
    )  # fmt: skip
    assert outcome.code == 0, outcome.stderr
    uvis, infrared = outcome.records
    assert uvis.settings.final_scale_arcsec == pytest.approx(0.0396)
    assert 0.07 < uvis.metrics["psf/fwhm_arcsec"].value < 0.12
    assert infrared.metrics["psf/fwhm_arcsec"].value > 0.15
    assert len(uvis.provenance["inputs"]) == len(infrared.provenance["inputs"]) == 4
    assert checksums(mixed_directory) == before
    assert f"Exposures: {mixed_directory}" in outcome.stdout
    assert "dataset.pointing_error_px=0.3 has no part" in outcome.stderr
    page = (outcome.study_dir / "report.md").read_text()
    assert f"Exposures: {mixed_directory}" in page
    assert "simulated" not in page + outcome.stdout


def test_missing_calibration_file_is_one_sentence_before_any_work(
    program, mixed_directory, tmp_path
):
    outcome = program(
        tmp_path, "dataset=local", f"dataset.path={mixed_directory}", "filter=f160w",
        f"filter.iref={tmp_path}",
    )  # fmt: skip
    assert outcome.code == 2
    (line,) = outcome.said
    for word in ("IDCTAB=iref$", "iref=", "is not in", "filter.iref=DIR"):
        assert word in line
    assert not (tmp_path / "hstdriz-runs").exists()


def test_exposure_under_two_names_is_refused_before_any_work_and_odd_names_are_told(
    program, mixed_directory, tmp_path
):
    data = tmp_path / "data"
    data.mkdir()
    paths = sorted(mixed_directory.glob("*_flt.fits"))
    for path in paths:
        shutil.copyfile(path, data / path.name)
    shutil.copyfile(paths[0], data / "hst_1_01_wfc3_ir_f160w_copy_flt.fits")
    (data / f"{paths[-1].name}.bz2").write_bytes(b"packed")
    (data / paths[-1].name).unlink()
    asked = (
        "dataset=local", f"dataset.path={data}", "filter=f160w",
        f"filter.iref={mixed_directory}/ref", "drizzle.final_scale=0.09",
        "drizzle.final_pixfrac=0.8",
    )  # fmt: skip
    refused = program(tmp_path, *asked)
    assert refused.code == 2
    (line,) = refused.said
    assert f"{paths[0].name} and hst_1_01_wfc3_ir_f160w_copy_flt.fits" in line
    assert not (tmp_path / "hstdriz-runs").exists()
    cure = line[line.index("dataset.exclude=") :]
    outcome = program(tmp_path, *asked, cure)
    assert outcome.code == 0, outcome.stderr
    (record,) = outcome.records
    told = next(one for one in record.warnings if f"({paths[-1].name}.bz2): unpack them" in one)
    assert told in outcome.stdout + outcome.stderr
    assert plain(told) in (outcome.study_dir / "report.md").read_text()
    assert len(record.provenance["inputs"]) == 3


@pytest.mark.parametrize("ivm_path", ["null", "maps"])
def test_ivm_weights_without_their_files_are_refused(program, mixed_directory, tmp_path, ivm_path):
    data = tmp_path / "data"
    data.mkdir()
    (tmp_path / "maps").mkdir()
    for path in mixed_directory.glob("*_flt.fits"):
        shutil.copyfile(path, data / path.name)
        fits.setval(data / path.name, "PFLTFILE", value="N/A")
    outcome = program(
        tmp_path, "dataset=local", f"dataset.path={data}", "filter=f160w",
        f"filter.iref={mixed_directory}/ref", "drizzle.final_wht_type=IVM",
        f"drizzle.ivm_path={ivm_path}",
    )  # fmt: skip
    assert outcome.code == 2
    (line,) = outcome.said
    assert "IVM" in line
    assert ("PFLTFILE is N/A" in line) == (ivm_path == "null")


def test_lost_guide_stars_stop_a_study_before_any_work_unless_they_are_accepted(
    program, mixed_directory, tmp_path
):
    data = tmp_path / "data"
    data.mkdir()
    first, *_ = [shutil.copy(path, data) for path in sorted(mixed_directory.glob("*_flt.fits"))]
    fits.setval(first, "QUALITY", value="GSFAIL; TDF-DOWN AT EXP START")
    name = Path(first).name
    asked = (
        "dataset=local", f"dataset.path={data}", "filter=f160w",
        f"filter.iref={mixed_directory}/ref", "drizzle.final_scale=native",
        "drizzle.final_pixfrac=0.8",
    )  # fmt: skip
    refused = program(tmp_path / "refused", *asked)
    assert refused.code == 2
    (line,) = refused.said
    for words in (name, "QUALITY", "GSFAIL", "dataset.exclude=[", "checks.accept=[quality]"):
        assert words in line
    assert not (tmp_path / "refused" / "hstdriz-runs").exists()
    accepted = program(tmp_path / "accepted", *asked, "checks.accept=[quality]")
    assert accepted.code == 0, accepted.stderr
    (record,) = accepted.records
    assert any(name in one and "accepted: quality" in one for one in record.warnings)


def test_blank_exposure_stops_a_study_before_any_work(program, mixed_directory, tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    *_, last = [shutil.copy(path, data) for path in sorted(mixed_directory.glob("*_flt.fits"))]
    with fits.open(last, mode="update") as hdus:
        hdus["SCI", 1].data[:] = 0
    refused = program(
        tmp_path, "dataset=local", f"dataset.path={data}", "filter=f160w",
        f"filter.iref={mixed_directory}/ref", "drizzle.final_scale=native",
    )  # fmt: skip
    assert refused.code == 2
    name = Path(last).name
    (message,) = refused.said
    assert message.startswith(f"error: filter=f160w: {name}: most pixels of SCI,1 are 0; leave it")
    assert "checks.accept=[empty" in message
    assert not (tmp_path / "hstdriz-runs").exists()


def test_other_output_grids(program, tmp_path):
    """Rotation, a reference image, and the default scale with it: what the recipe does."""
    first = program(
        tmp_path / "first", "filter=f160w", "drizzle.final_scale=0.09", "report.make_product=true",
    )  # fmt: skip
    assert first.code == 0, first.stderr
    (product,) = (first.study_dir / "products").glob("*_drz.fits")
    (tmp_path / "second").mkdir()
    shutil.copy(product, tmp_path / "second" / "ref.fits")
    second = program(
        tmp_path / "second", "--multirun", "filter=f105w", "drizzle.final_scale=null,0.12825",
        "drizzle.final_refimage=ref.fits", "drizzle.final_pixfrac=null",
        "prepare.cache_dir=my cache",
    )  # fmt: skip
    assert second.code == 0, second.stderr
    taken_over, own = second.records
    assert taken_over.settings.final_scale_arcsec == pytest.approx(0.09)
    assert own.settings.final_scale_arcsec == pytest.approx(0.12825)
    elsewhere = program(tmp_path / "third", "report", str(second.study_dir))
    assert elsewhere.code == second.code, elsewhere.stderr
    rotated = program(
        tmp_path / "third", "filter=f160w", "drizzle.final_scale=0.09", "drizzle.final_rot=30",
        "measure.inject_stars=6", "report.make_psf=true",
    )  # fmt: skip
    assert rotated.code == 0, rotated.stderr
    psf = fits.getheader(rotated.study_dir / "products" / "psf_f160w.fits")
    assert psf["ORIENTAT"] % 360 == pytest.approx(30)
    assert (rotated.study_dir / "filters" / "f160w" / "injected.ecsv").is_file()
    artificial = rotated.records[0].metrics["injected/fwhm_arcsec"]
    assert artificial.value == pytest.approx(psf["PSFFWHM"], rel=0.03)
    fwhm = [
        outcome.records[0].metrics["psf/fwhm_arcsec"] for outcome in (first, rotated)
    ]  # fmt: skip
    assert fwhm[0].value == pytest.approx(fwhm[1].value, rel=0.03)


def test_too_few_stars_leave_weights_and_noise_but_no_choice(program, tmp_path):
    outcome = program(
        tmp_path, "filter=f160w", "drizzle.final_scale=native", "measure.min_stars=500"
    )
    assert outcome.code == 0, outcome.stderr
    (record,) = outcome.records
    assert "psf/fwhm_arcsec" not in record.metrics
    assert {"weight/rms_over_median", "noise/aperture_sigma"} <= set(record.metrics)
    assert any("stars" in warning for warning in record.warnings)
    (choice,) = json.loads((outcome.study_dir / "choice.json").read_text())["choices"]
    assert choice["final_scale_arcsec"] is None
    assert choice["cannot_choose"]
    assert choice["cannot_choose"] in outcome.stdout
