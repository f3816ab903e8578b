"""Two small studies on disk, which a test may change."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from hstdriz_study.choose import choice_to_json, choose_all, handbook_pick
from hstdriz_study.contracts import DrizzleSettings, Metric, PointRecord
from hstdriz_study.json_files import write_json
from hstdriz_study.study.config import StudyConfig, choice_settings
from hstdriz_study.study.directory.layout import StudyDirectory
from hstdriz_study.study.directory.record import write_record

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

N_RESAMPLES = 400
SCALES = (0.065, 0.08, 0.1283)
PIXFRACS = (0.4, 0.6, 0.8)


def _record(scale: float, pixfrac: float, config: dict[str, Any]) -> PointRecord:
    common = np.random.default_rng(5).normal(0, 0.004, N_RESAMPLES)
    own = np.random.default_rng([6, round(1e4 * scale), round(10 * pixfrac)])
    fwhm = 0.18 + 0.04 * pixfrac + 0.05 * scale
    replicates = fwhm + common + own.normal(0, 1e-4, N_RESAMPLES)
    return PointRecord(
        key=f"{scale}-{pixfrac}",
        status="FINISHED",
        filter="f160w",
        settings=DrizzleSettings(scale, pixfrac, "square", "EXP", None, None, None),
        metrics={
            "psf/fwhm_arcsec": Metric(fwhm, float(np.std(replicates)), "arcsec", replicates),
            "psf/pixels_per_fwhm": Metric(fwhm / scale, 0.05, "pix"),
            "weight/rms_over_median": Metric(0.02 / pixfrac / scale**0.5, 0.001),
            "weight/hole_fraction": Metric(0.0, 0.0),
            "noise/depth_abmag": Metric(26.0 - 0.01 * pixfrac, 0.02, "mag(AB)"),
        },
        provenance={"inputs": [["one_flt.fits", "a" * 64]], "config": config},
    )


@pytest.fixture
def make_study(
    tmp_path: Path, compose_config: Callable[..., StudyConfig]
) -> Callable[..., StudyDirectory]:
    """Write a study whose records, settings or regions differ as asked."""

    def make(
        name: str,
        change: Callable[[PointRecord], PointRecord] = lambda record: record,
        *,
        limit: float = 0.2,
        stars: str = "the same stars",
        versions: dict[str, str] | None = None,
        pixfracs: tuple[float, ...] = PIXFRACS,
    ) -> Path:
        study = StudyDirectory(tmp_path / name)
        config = {"measure": {"seed": 1, "n_bootstrap": N_RESAMPLES}}
        records = [change(_record(s, p, config)) for s in SCALES for p in pixfracs]
        for number, record in enumerate(records):
            write_record(record, study.point(number))
        regions = study.of_filter("f160w").path
        regions.mkdir(parents=True)
        (regions / "regions.json").write_text("{}")
        (regions / "stars.ecsv").write_text(stars)
        shipped = choice_settings(compose_config().choose)
        settings = replace(shipped, max_rms_over_median=limit, rms_over_median_shown=(limit,))
        names = {record.filter for record in records}
        handbooks = {filter_: handbook_pick(1545.0, 0.12825) for filter_ in names}
        choices = [choice_to_json(c) for c in choose_all(records, settings, handbooks)]
        write_json(study.choice, {"study": name, "choices": choices})
        write_json(
            study.description,
            {
                "name": name,
                "created": "2025-01-01T00:00:00+00:00",
                "config": config | {"choose": {"max_rms_over_median": limit}},
                "versions": versions or {"drizzlepac": "3.11.0"},
            },
        )
        return study

    return make


@pytest.fixture
def widened() -> Callable[[PointRecord], PointRecord]:
    """Make every FWHM wider by 0.001 arcsec, on every resample too."""

    def change(record: PointRecord) -> PointRecord:
        fwhm = record.metrics["psf/fwhm_arcsec"]
        assert fwhm.replicates is not None
        noise = np.random.default_rng(3).normal(0, 2e-4, N_RESAMPLES)
        wider = replace(fwhm, value=fwhm.value + 0.001, replicates=fwhm.replicates + 0.001 + noise)
        return replace(record, metrics=record.metrics | {"psf/fwhm_arcsec": wider})

    return change
