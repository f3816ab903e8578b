"""Exposures with pixels that are NaN or infinite, from the command line to the product."""

import hashlib
import re
import shutil

import numpy as np
import pytest
from astropy.io import fits

from hstdriz_study.drizzle import drizzle
from hstdriz_study.study.config import dataset_settings, drizzle_settings
from hstdriz_study.study.directory.layout import StudyDirectory
from hstdriz_study.study.directory.stored import stored_config
from hstdriz_study.study.run.filter_setup import load_setup

pytestmark = pytest.mark.endtoend


@pytest.fixture(scope="module")
def simulated(compose_config, cache_dir):
    """Simulated exposures of F160W and the directory of their calibration files."""
    from hstdriz_study.dataset import load_exposures

    config = compose_config("filter=f160w", f"prepare.cache_dir={cache_dir}")
    found = load_exposures(dataset_settings(config))
    paths = [exposure.path for exposure in found.exposures]
    return paths, paths[0].parent / "ref"


def checksums(directory):
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in directory.iterdir()
    }


def test_script_gives_the_product_that_is_measured_and_the_counts_are_told(
    program, simulated, numberless, tmp_path
):
    paths, references = simulated
    directory = numberless(paths)
    before = checksums(directory)
    outcome = program(
        tmp_path, "dataset=local", f"dataset.path={directory}", "filter=f160w",
        f"filter.iref={references}", "drizzle.final_scale=0.08", "drizzle.final_pixfrac=0.8",
        "measure.inject_stars=6", "report.make_product=true",
    )  # fmt: skip
    assert outcome.code == 0, outcome.stderr
    assert checksums(directory) == before
    (record,) = outcome.records
    told = next(warning for warning in record.warnings if "NaN or infinite" in warning)
    for path in paths:
        with fits.open(directory / path.name) as hdus:
            without = ~np.isfinite(hdus["SCI"].data)
            unflagged = int(np.count_nonzero(without & (hdus["DQ"].data == 0)))
        assert f"{np.count_nonzero(without)} in {path.name}" in told
        assert 0 < unflagged < np.count_nonzero(without)
    assert told in outcome.stdout + outcome.stderr
    assert told in (outcome.study_dir / "report.md").read_text()
    assert record.metrics["injected/fwhm_arcsec"].value == pytest.approx(
        record.metrics["psf/fwhm_arcsec"].value, rel=0.1
    )
    config = stored_config(record.provenance["config"])
    setup = load_setup(StudyDirectory(outcome.study_dir), "f160w")
    measured = drizzle(
        setup.prepared, drizzle_settings(config), reference_dirs=setup.reference_dirs,
        log_file=tmp_path / "drizzle.log",
    )  # fmt: skip
    (made,) = (outcome.study_dir / "products").glob("*_drz.fits")
    with fits.open(made) as hdus:
        science, weight = hdus["SCI"].data, hdus["WHT"].data
    assert np.isfinite(science[weight > 0]).all()
    assert np.array_equal(weight, measured.wht)
    seen = weight != 0
    assert np.array_equal(science[seen], measured.sci[seen])


def test_exposure_of_nothing_but_nan_is_one_sentence(program, simulated, tmp_path):
    paths, references = simulated
    data = tmp_path / "data"
    data.mkdir()
    for path in paths:
        shutil.copyfile(path, data / path.name)
    with fits.open(data / paths[1].name, mode="update") as hdus:
        hdus["SCI"].data[:] = np.nan
    arguments = (
        "dataset=local", f"dataset.path={data}", "filter=f160w", f"filter.iref={references}",
        "drizzle.final_scale=0.08", "drizzle.final_pixfrac=0.8",
    )  # fmt: skip
    for command in ((), ("preview",)):
        outcome = program(tmp_path / "_".join(("run", *command)), *command, *arguments)
        assert outcome.code == 2
        last = outcome.stderr.strip().splitlines()[-1]
        assert re.search(f"{paths[1].name}: every pixel .*is NaN or infinite", last)
        assert "Traceback" not in outcome.stderr
