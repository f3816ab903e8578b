"""Studies with plausible records, as if they had been measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure

from hstdriz_study.contracts import DrizzleSettings, Metric, PointRecord
from hstdriz_study.json_files import read_json, write_json
from hstdriz_study.study.config import TrackConfig
from hstdriz_study.study.directory.layout import PointDirectory, StudyDirectory
from hstdriz_study.study.directory.record import read_records, write_record
from hstdriz_study.study.track import open_study, register_study

if TYPE_CHECKING:
    from pathlib import Path

SCALES_ARCSEC = (0.065, 0.08, 0.1, 0.1283)
PIXFRACS = (0.4, 0.7, 1.0)
KEYS = ("science_cutout", "star_stamp", "weight_map")


def draw_images(directory: Path, scale: float, pixfrac: float, fwhm: float) -> dict[str, str]:
    """Draw a star, a field and a weight map as a point's report would show them."""
    (directory / "images").mkdir(parents=True)
    rng = np.random.default_rng(7)
    stars = rng.uniform(-3, 3, (25, 2))
    fluxes = rng.pareto(1.2, 25) + 1
    half = {"star_stamp": 0.9, "science_cutout": 3.0, "weight_map": 3.0}
    names = {}
    for key in KEYS:
        axis = np.arange(-half[key], half[key], scale)
        x, y = np.meshgrid(axis, axis)
        if key == "weight_map":
            data = 1 + rng.normal(0, 0.6 * scale**-1 * 0.02 / pixfrac, x.shape)
        else:
            data = rng.normal(0, 0.02, x.shape)
            positions = [(0.0, 0.0)] if key == "star_stamp" else stars
            for (x0, y0), flux in zip(positions, fluxes, strict=False):
                radius2 = (x - x0) ** 2 + (y - y0) ** 2
                data += flux * np.exp(-radius2 / (2 * (fwhm / 2.355) ** 2))
        figure = Figure(figsize=(3.2, 3.2), dpi=100)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.axis("off")
        limits = (0, 2) if key == "weight_map" else (-0.1, 1.2)
        axes.imshow(data, cmap="gray", vmin=limits[0], vmax=limits[1], interpolation="nearest")
        names[key] = f"images/{key}.png"
        figure.savefig(directory / names[key])
    return names


def plausible_metrics(scale: float, pixfrac: float) -> dict[str, Metric]:
    """Return numbers that follow the trends of a real WFC3/IR set."""
    fwhm = float(np.hypot(0.17 + 0.12 * scale, 0.95 * 0.1283 * pixfrac))
    drop = pixfrac * 0.1283 / scale
    theory = drop / (1 - 1 / (3 * drop)) if drop >= 1 else 1 / (1 - drop / 3)
    uneven = 0.04 + 0.3 * np.exp(-2.5 * drop)
    return {
        "psf/fwhm_arcsec": Metric(fwhm, 0.0015, "arcsec"),
        "psf/fwhm_fit_arcsec": Metric(fwhm - 0.01, 0.001, "arcsec"),
        "psf/pixels_per_fwhm": Metric(fwhm / scale, 0.02),
        "psf/ellipticity": Metric(0.03, 0.01),
        "weight/rms_over_median": Metric(float(uneven), 0.004),
        "weight/hole_fraction": Metric(0.0, 0.0),
        "noise/sky_rms": Metric(0.021 * scale / theory, 0.0002, "electron/s"),
        "noise/aperture_sigma": Metric(0.1 + 0.05 * float(uneven) + 0.01 * pixfrac, 0.004),
        "noise/correlation": Metric(float(theory), 0.03),
        "noise/depth_abmag": Metric(26.6 - 0.12 * pixfrac, 0.02, "mag"),
        "fidelity/flux_ratio": Metric(1.001, 0.0008),
    }


def make_record(
    point: PointDirectory,
    scale: float,
    pixfrac: float,
    *,
    images: bool = False,
    error: str | None = None,
    filter_name: str = "f160w",
) -> PointRecord:
    metrics = {} if error else plausible_metrics(scale, pixfrac)
    drawn: dict[str, str] = {}
    if images and not error:
        drawn = draw_images(point.path, scale, pixfrac, metrics["psf/fwhm_arcsec"].value)
    record = PointRecord(
        key=f"key-{filter_name}-{scale}-{pixfrac}",
        status="FAILED" if error else "FINISHED",
        filter=filter_name,
        settings=DrizzleSettings(scale, pixfrac, "square", "EXP", None, None, None),
        pixels_per_psf=round(0.162 / scale, 3),
        metrics=metrics,
        images=drawn,
        timing_s={"drizzle": 1.7, "measure": 0.9},
        warnings=("only 9 stars were selected",) if scale == SCALES_ARCSEC[0] else (),
        error=error,
        provenance={
            "dataset": {"name": "synthetic", "path": "data/synthetic"},
            "inputs": {"iabc01aaq_flt.fits": "sha256:0123", "iabc01abq_flt.fits": "sha256:4567"},
            "versions": {"drizzlepac": "3.11.0"},
        },
    )
    write_record(record, point)
    return record


def _stage(record: PointRecord) -> str:
    if record.status != "FINISHED":
        return "failed"
    return "inadmissible" if record.settings.final_scale_arcsec > 0.1 else "further"


@dataclass(frozen=True)
class MakeStudy:
    """Makes studies in one directory."""

    root: Path

    def config(self, uri: str, experiment: str = "tests") -> TrackConfig:
        return TrackConfig(tracking_uri=uri, experiment=experiment, ui_port=5000, patience_s=60.0)

    def point(
        self, study: StudyDirectory, number: int, scale: float, pixfrac: float, **how: object
    ) -> PointDirectory:
        point = study.point(number)
        make_record(point, scale, pixfrac, **how)
        return point

    def points(self, study: StudyDirectory, count: int = 3) -> list[PointDirectory]:
        grid = [(scale, pixfrac) for scale in SCALES_ARCSEC for pixfrac in PIXFRACS]
        return [self.point(study, number, *grid[number]) for number in range(count)]

    def grid(self, study: StudyDirectory) -> list[PointDirectory]:
        grid = [(scale, pixfrac) for scale in SCALES_ARCSEC for pixfrac in PIXFRACS]
        done = [self.point(study, n, *point, images=True) for n, point in enumerate(grid)]
        return [*done, self.point(study, len(grid), 0.05, 0.1, error="AstroDrizzle: no overlap")]

    def results(self, study: StudyDirectory, pixfrac: float = 0.7) -> None:
        key = f"key-f160w-0.065-{pixfrac}"
        others = [record for record in read_records(study) if record.key != key]
        choice = {
            "filter": "f160w",
            "final_scale_arcsec": 0.065,
            "final_pixfrac": pixfrac,
            "reason": ["FWHM within 2 % of the sharpest.", "Largest pixfrac among those."],
            "key": key,
            "runner_up": {"key": f"key-f160w-0.08-{pixfrac}"},
            "rejected": [
                {
                    "point": {"key": record.key},
                    "stage": _stage(record),
                    "reason": "2 % wider",
                }
                for record in others
            ],
        }
        write_json(study.choice, {"study": "tests", "choices": [choice]})
        study.markdown.write_text("# Report\n")
        study.html.write_text("<!doctype html><title>Report</title>")
        study.table.write_text("# %ECSV 1.0\n")
        of_filter = study.of_filter("f160w").path
        of_filter.mkdir(parents=True, exist_ok=True)
        (of_filter / "stars.ecsv").write_text("# %ECSV 1.0\n")

    def parent_of(self, study: StudyDirectory) -> str:
        return str(read_json(study.description)["tracking"]["parent_run_id"])

    def unopened(self, uri: str, name: str = "grid", experiment: str = "tests") -> StudyDirectory:
        study = StudyDirectory(self.root / name)
        register_study(
            study,
            self.config(uri, experiment),
            name=name,
            title="Quick start on synthetic exposures",
            overrides=("study=quickstart", "filter=f160w"),
        )
        return study

    def open(self, uri: str, name: str = "grid", experiment: str = "tests") -> StudyDirectory:
        study = self.unopened(uri, name, experiment)
        open_study(study)
        return study
