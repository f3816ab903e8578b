"""A plausible study: two filters, three scales, five pixfracs, real pictures."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from astropy.table import Table

from hstdriz_study.choose import ChoiceSettings, HandbookPick, choose_all, handbook_pick
from hstdriz_study.contracts import (
    DrizzleSettings,
    MeasureGeometry,
    Metric,
    Patch,
    PointPixels,
    PointRecord,
    StudyRegions,
)
from hstdriz_study.json_files import write_json
from hstdriz_study.study.config import StudyConfig, choice_settings
from hstdriz_study.study.directory.layout import StudyDirectory
from hstdriz_study.study.directory.record import read_records, write_record
from hstdriz_study.study.report import (
    ReportPaths,
    dither_phase_figure,
    dither_sky_figure,
    point_images,
    stars_figure,
    write_report,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PIXFRACS = (0.2, 0.4, 0.6, 0.8, 1.0)
# FWHM (arcsec) and weight RMS/median of the synthetic F160W exposures, by scale.
MEASURED = {
    0.1283: [(0.195, 0.114), (0.201, 0.067), (0.209, 0.052), (0.217, 0.046), (0.229, 0.042)],
    0.08: [(0.187, 0.344), (0.194, 0.208), (0.201, 0.122), (0.210, 0.070), (0.222, 0.048)],
    0.065: [(0.185, 0.514), (0.191, 0.334), (0.198, 0.176), (0.207, 0.081), (0.220, 0.049)],
}
CORRELATION = {
    0.1283: [1.05, 1.13, 1.24, 1.35, 1.47],
    0.08: [1.13, 1.29, 1.47, 1.69, 1.96],
    0.065: [1.21, 1.42, 1.66, 1.95, 2.30],
}


@pytest.fixture(scope="session")
def config(compose_config: Callable[..., StudyConfig]) -> ChoiceSettings:
    return choice_settings(compose_config().choose)


@pytest.fixture(scope="session")
def handbooks() -> dict[str, HandbookPick]:
    return {"f160w": handbook_pick(1545.0, 0.12825), "f814w": handbook_pick(835.3, 0.05)}


@pytest.fixture(scope="session")
def regions() -> StudyRegions:
    rng = np.random.default_rng(4)
    n = 90
    verdicts = rng.choice(
        ["star", "extended", "low_snr", "edge", "neighbour", "compact", "unfit"],
        n,
        p=[0.35, 0.15, 0.2, 0.1, 0.1, 0.05, 0.05],
    )
    size = np.where(verdicts == "extended", rng.uniform(0.3, 0.9, n), rng.normal(0.2, 0.006, n))
    size = np.where(verdicts == "compact", 0.1, np.where(verdicts == "unfit", np.nan, size))
    flux = np.where(verdicts == "low_snr", rng.uniform(1, 5, n), 10 ** rng.uniform(1, 3.3, n))
    candidates = Table({"flux": flux, "fwhm": size, "verdict": verdicts})
    stars = Table({"flux_native": flux[verdicts == "star"]})
    return StudyRegions(
        stars=stars,
        candidates=candidates,
        sky_boxes=np.zeros((0, 2)),
        weight_boxes=np.empty((0, 2)),
        weight_box_arcsec=2.0,
        full_depth=(),
        preview_center=(10.0, 20.0),
        preview_stretch=(-2.0, 60.0),
        star_stretch=(-5.0, 4000.0),
        geometry=MeasureGeometry(0.12825, 0.23, 0.4, 1.0, 0.9, 1.8, 12.0),
    )


def _patch(scale: float, pixfrac: float, side_arcsec: float, seed: int, peaks: int) -> Patch:
    rng = np.random.default_rng(seed)
    side = int(side_arcsec / scale)
    center = (side - 1) / 2 + 0.2
    y, x = np.indices((side, side)) * scale
    sigma = (0.19 + 0.03 * pixfrac) / 2.355
    brightness = np.zeros((side, side))
    for index in range(peaks):
        where = np.array([center, center]) * scale
        if index:
            where = where + rng.uniform(-side_arcsec / 2, side_arcsec / 2, 2)
        flux = 500.0 / (1 + index)
        brightness += flux * np.exp(-((x - where[0]) ** 2 + (y - where[1]) ** 2) / 2 / sigma**2)
    noise = np.random.default_rng(seed + 1).normal(0, 0.02, (side, side))
    spread = {0.2: 0.5, 0.4: 0.3, 0.6: 0.15, 0.8: 0.07, 1.0: 0.04}[pixfrac] * 0.065 / scale
    wht = 1200 * np.clip(1 + np.random.default_rng(seed + 2).normal(0, spread, y.shape), 0, None)
    wht[: side // 9, : side // 7] = 0.0
    sci = np.where(wht > 0, brightness / (2 * math.pi * sigma**2) * scale**2 + noise, np.nan)
    return Patch(sci=sci, wht=wht, x=center, y=center)


def square_drops(scale_arcsec: float, pixfrac: float) -> DrizzleSettings:
    return DrizzleSettings(
        final_scale_arcsec=scale_arcsec, final_pixfrac=pixfrac, final_kernel="square",
        final_wht_type="EXP", final_rot=0.0, final_refimage=None, final_bits="0",
    )  # fmt: skip


@pytest.fixture(scope="session")
def make_pixels() -> Callable[..., PointPixels]:
    def make(scale: float, pixfrac: float, n_stars: int = 1) -> PointPixels:
        return PointPixels(
            stars=tuple(_patch(scale, pixfrac, 3.0, 1, 1) for _ in range(n_stars)),
            sky=(),
            weight_tiles=(),
            preview=_patch(scale, pixfrac, 12.0, 7, 40),
            settings=square_drops(scale, pixfrac),
        )

    return make


def _metrics(scale: float, index: int, shrink: float) -> dict[str, Metric]:
    fwhm, rms = MEASURED[scale][index]
    rng = np.random.default_rng(index)
    common = np.random.default_rng(99).normal(0, 0.002, 200)
    correlation = CORRELATION[scale][index]
    fwhm *= shrink
    aperture = 0.031 * (1 + 0.02 * index + 0.1 * (scale - 0.065))
    depth = 26.1 - 0.03 * index - 0.3 * (scale - 0.065)
    noisy = depth + common + rng.normal(0, 0.004, 200)
    return {
        "psf/fwhm_arcsec": Metric(fwhm, 0.002, "arcsec", fwhm + common + rng.normal(0, 3e-4, 200)),
        "psf/fwhm_fit_arcsec": Metric(0.95 * fwhm, 0.002, "arcsec"),
        "psf/pixels_per_fwhm": Metric(fwhm / (scale * shrink), 0.02, "pix"),
        "psf/n_stars": Metric(31.0, 0.0),
        "weight/rms_over_median": Metric(rms, 0.02 * rms),
        "weight/hole_fraction": Metric(3e-4 if rms > 0.4 else 0.0, 0.0),
        "noise/sky_rms": Metric(0.004 * scale / 0.065, 1e-4, "electron / s"),
        "noise/aperture_sigma": Metric(aperture, 0.0009, "electron / s"),
        "noise/correlation": Metric(correlation, 0.03),
        "noise/correlation_analytic": Metric(correlation + 0.02 * index, 0.0),
        "noise/depth_abmag": Metric(depth, 0.012, "mag(AB)", noisy),
    }


@pytest.fixture(scope="session")
def study_records() -> list[PointRecord]:
    records = []
    for name, shrink in (("f160w", 1.0), ("f814w", 0.47)):
        for scale in MEASURED:
            for index, pixfrac in enumerate(PIXFRACS):
                settings = DrizzleSettings(
                    round(scale * shrink, 4), pixfrac, "square", "EXP", 0.0, None, None
                )
                records.append(
                    PointRecord(
                        key=f"{name}-{scale}-{pixfrac}",
                        status="FINISHED",
                        filter=name,
                        settings=settings,
                        metrics=_metrics(scale, index, shrink),
                        timing_s={"drizzle": 1.8, "measure": 0.2},
                        provenance={
                            "dataset": {"kind": "synthetic", "path": None},
                            "inputs": [[f"isyn0{i}010_flt.fits", f"{i}" * 64] for i in range(4)],
                            "references": [["synthir_idc.fits", "a" * 64]],
                        },
                    )
                )
    failed = "AstroDrizzle failed (OSError: no space left on device <scratch>)"
    records[20] = replace(records[20], status="FAILED", error=failed, metrics={})
    records[22] = replace(
        records[22], warnings=("only 7 stars: errors of the PSF metrics are uncertain",)
    )
    return records


@pytest.fixture(scope="session")
def dithers() -> Table:
    box = [(0.0, 0.0), (0.542, 0.182), (0.339, 0.485), (-0.203, 0.303)]
    phases = [(0.0, 0.0), (0.02, 0.48), (0.51, 0.98), (0.48, 0.52)]
    rng = np.random.default_rng(3)
    rows = [
        (f"isyn0{i}010_flt.fits", position, dx, dy, *np.mod(np.add(phase, offset), 1.0))
        for position in ("centre", "lower left", "lower right", "upper left", "upper right")
        for offset in [rng.normal(0, 0.01, 2) * (position != "centre")]
        for i, ((dx, dy), phase) in enumerate(zip(box, phases, strict=True))
    ]
    names = ("exposure", "position", "dx_arcsec", "dy_arcsec", "phase_x", "phase_y")
    return Table(rows=rows, names=names)


@pytest.fixture(scope="session")
def study_dir(
    tmp_path_factory: pytest.TempPathFactory,
    study_records: list[PointRecord],
    regions: StudyRegions,
    dithers: Table,
    make_pixels: Callable[..., PointPixels],
) -> StudyDirectory:
    """Write a whole study, without its report."""
    study = StudyDirectory(tmp_path_factory.mktemp("study"))
    write_json(
        study.description,
        {
            "name": "quickstart",
            "title": "Scale and pixfrac of F160W & F814W",
            "created": "2025-01-01T12:00:00+00:00",
            "overrides": ["study=quickstart"],
            "config": {"dataset": {"kind": "synthetic", "path": None, "seed": 3}},
            "versions": {"hstdriz-study": "0.1.0", "drizzlepac": "3.11.0", "astropy": "7.1.0"},
            "tracking": {"link": "http://127.0.0.1:5000/#/experiments/1/runs?searchFilter=x"},
        },
    )
    for number, record in enumerate(study_records):
        point = study.point(number)
        if record.status == "FINISHED" and record.filter == "f160w":
            pixels = make_pixels(record.settings.final_scale_arcsec, record.settings.final_pixfrac)
            names = point_images(pixels, regions, point.images)
            images = {name: f"images/{file}" for name, file in names.items()}
            write_record(replace(record, images=images), point)
        else:
            write_record(record, point)
    setup = study.of_filter("f160w")
    stars_figure(regions, setup.figure("stars"))
    dither_sky_figure(dithers, setup.figure("dithers_sky"))
    dither_phase_figure(dithers, setup.figure("dithers_phase"))
    return study


@pytest.fixture(scope="session")
def write(
    config: ChoiceSettings, handbooks: dict[str, HandbookPick]
) -> Callable[[StudyDirectory], ReportPaths]:
    """Choose in a study and write its report."""

    def written(study: StudyDirectory) -> ReportPaths:
        records = read_records(study)
        choices = choose_all(records, config, handbooks)
        return write_report(study, config, handbooks, records=records, choices=choices)

    return written


@pytest.fixture(scope="session")
def report(
    study_dir: StudyDirectory, write: Callable[[StudyDirectory], ReportPaths]
) -> ReportPaths:
    return write(study_dir)


@pytest.fixture
def small_study_dir(tmp_path: Path, study_records: list[PointRecord]) -> StudyDirectory:
    """Write a study of three points without pictures."""
    study = StudyDirectory(tmp_path / "small")
    for number, record in enumerate(study_records[-3:]):
        write_record(record, study.point(number))
    write_json(study.description, {"name": "small"})
    return study
