"""What a study says of its stars, wherever it speaks, and what it goes by without any."""

import json
import re

import pytest
from mlflow import MlflowClient

from hstdriz_study.measure.regions.star_warnings import NO_STARS, OFF_WIDTH
from hstdriz_study.study.config import dataset_settings

pytestmark = pytest.mark.endtoend

POINT = ("filter=f160w", "drizzle.final_scale=0.08", "drizzle.final_pixfrac=0.8")
# A telescope that shakes by so much has stars a sixth as wide again.
RECORDS = """
from dataclasses import replace
from hstdriz_study.optics.detectors import WFC3_IR as STEADY
SHAKY = replace(STEADY, optics=replace(STEADY.optics, jitter_arcsec=0.05))
"""


@pytest.fixture
def exposures(compose_config, cache_dir):
    """Overrides that give simulated exposures of F160W as a directory of one's own."""
    from hstdriz_study.dataset import load_exposures

    config = compose_config("filter=f160w", f"prepare.cache_dir={cache_dir}")
    directory = load_exposures(dataset_settings(config)).exposures[0].path.parent
    return "dataset=local", f"dataset.path={directory}", f"filter.iref={directory / 'ref'}"


def test_stars_off_the_width_that_the_record_foretells_are_told_wherever_a_study_speaks(
    program, exposures, tmp_path
):
    (tmp_path / "records.py").write_text(RECORDS)
    store = f"sqlite:///{tmp_path}/store.db"
    outcome = program(
        tmp_path, *POINT, *exposures, "filter.record=records.SHAKY",
        f"track.tracking_uri={store}",
    )  # fmt: skip
    assert outcome.code == 0, outcome.stderr
    (record,) = outcome.records
    told = next(warning for warning in record.warnings if OFF_WIDTH in warning)
    assert told in " ".join((outcome.stdout + outcome.stderr).split())
    assert told in (outcome.study_dir / "report.md").read_text()
    client = MlflowClient(tracking_uri=store)
    runs = client.search_runs([one.experiment_id for one in client.search_experiments()])
    notes = [run.data.tags.get("mlflow.note.content", "") for run in runs]
    assert sum(told in note for note in notes) == 2  # the point's and the study's
    assert (outcome.study_dir / "filters" / "f160w" / "stars.png").is_file()


def test_a_field_without_a_star_names_artificial_ones_and_goes_on_by_noise_and_weight(
    program, exposures, tmp_path
):
    no_star = (*POINT, *exposures, "measure.min_star_snr=1e5")
    alone = program(tmp_path / "alone", *no_star, "choose=handbook")
    assert alone.code == 0, alone.stderr
    (record,) = alone.records
    said = next(warning for warning in record.warnings if NO_STARS in warning)
    (advice,) = re.findall(r"measure\.inject_stars=\d+", said)
    assert not [name for name in record.metrics if name.startswith("psf/")]
    assert record.metrics["noise/sky_rms"].value > 0
    assert record.metrics["weight/rms_over_median"].value > 0
    (choice,) = json.loads((alone.study_dir / "choice.json").read_text())["choices"]
    assert choice["final_pixfrac"] == 0.8
    advised = program(tmp_path / "advised", *no_star, advice)
    assert advised.code == 0, advised.stderr
    assert advised.records[0].metrics["psf/n_stars"].value >= 5
