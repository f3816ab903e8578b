"""Constructed points with known answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from hstdriz_study.choose import ChoiceSettings, HandbookPick, find_rule, handbook_pick
from hstdriz_study.contracts import DrizzleSettings, Metric, PointRecord
from hstdriz_study.study.config import StudyConfig, choice_settings

PointMaker = Callable[..., PointRecord]


def _point(
    scale: float,
    pixfrac: float,
    fwhm: float = 0.2,
    *,
    rms: float = 0.05,
    holes: float = 0.0,
    pixels: float | None = None,
    depth: float | None = 26.0,
    fwhm_err: float = 1e-6,
    kernel: str = "square",
    weights: str = "EXP",
    without: tuple[str, ...] = (),
    fwhm_replicates: np.ndarray | None = None,
    depth_replicates: np.ndarray | None = None,
    **changes: Any,
) -> PointRecord:
    metrics = {
        "psf/fwhm_arcsec": Metric(fwhm, fwhm_err, "arcsec", fwhm_replicates),
        "psf/pixels_per_fwhm": Metric(fwhm / scale if pixels is None else pixels, 0.0, "pix"),
        "weight/rms_over_median": Metric(rms, 1e-4),
        "weight/hole_fraction": Metric(holes, 0.0),
        "noise/aperture_sigma": Metric(0.1, 0.001, "electron / s"),
        "noise/sky_rms": Metric(0.01, 0.001, "electron / (pix s)"),
    }
    if depth is not None:
        metrics["noise/depth_abmag"] = Metric(depth, 1e-6, "mag(AB)", depth_replicates)
    fields: dict[str, Any] = {
        "key": f"{scale}-{pixfrac}-{kernel}-{weights}",
        "status": "FINISHED",
        "filter": "f160w",
        "settings": DrizzleSettings(scale, pixfrac, kernel, weights, None, None, None),
        "metrics": {name: metric for name, metric in metrics.items() if name not in without},
    }
    return PointRecord(**(fields | changes))


@pytest.fixture(scope="session")
def point() -> PointMaker:
    return _point


@pytest.fixture(scope="session")
def settings(compose_config: Callable[..., StudyConfig]) -> ChoiceSettings:
    """Rule and limits as shipped."""
    return choice_settings(compose_config().choose)


@pytest.fixture(scope="session")
def with_rule(settings: ChoiceSettings) -> Callable[..., ChoiceSettings]:
    """Take a rule with its own settings as shipped, and changes to them."""

    def made(rule: str, **changes: Any) -> ChoiceSettings:
        return replace(find_rule(rule).as_shipped(settings), **changes)

    return made


@pytest.fixture(scope="session")
def handbook() -> HandbookPick:
    return handbook_pick(wavelength_nm=1545.0, native_scale_arcsec=0.12825)


@pytest.fixture(scope="session")
def ir_grid(point: PointMaker) -> list[PointRecord]:
    """A measured F160W grid: widths and weights of 3 scales and 5 pixfracs."""
    measured = {
        0.1283: [(0.195, 0.114), (0.201, 0.067), (0.209, 0.052), (0.217, 0.046), (0.229, 0.042)],
        0.08: [(0.187, 0.344), (0.194, 0.208), (0.201, 0.122), (0.210, 0.070), (0.222, 0.048)],
        0.065: [(0.185, 0.514), (0.191, 0.334), (0.198, 0.176), (0.207, 0.081), (0.220, 0.049)],
    }
    return [
        point(scale, pixfrac, fwhm, rms=rms)
        for scale, row in measured.items()
        for pixfrac, (fwhm, rms) in zip((0.2, 0.4, 0.6, 0.8, 1.0), row, strict=True)
    ]


GridMaker = Callable[..., list[PointRecord]]


def _model_grid(
    *,
    filter_name: str = "f160w",
    psf_arcsec: float = 0.14,
    native_arcsec: float = 0.128,
    scales: tuple[float, ...] = (0.03, 0.05, 0.065, 0.08, 0.1),
    noise: float = 0.0,
    n_replicates: int = 100,
    seed: int = 1,
) -> list[PointRecord]:
    """Return a smooth grid: width and depth grow with drop and pixel, weights grow flatter.

    ``noise`` is the relative scatter of the FWHM that is not common to two points; the scatter in
    common is ten times larger.
    """
    rng = np.random.default_rng(seed)
    common = 0.02 * rng.normal(size=n_replicates)
    records = []
    for scale in scales:
        for pixfrac in (0.2, 0.4, 0.6, 0.8, 1.0):
            drop = native_arcsec * pixfrac
            fwhm = float(np.sqrt(psf_arcsec**2 + 0.35 * drop**2 + 0.12 * scale**2))
            rms = 0.05 + 0.9 * float(np.exp(-drop / scale / 0.35))
            depth = 26.0 + 0.1 * pixfrac
            own = noise * rng.normal(size=n_replicates)
            records.append(
                _point(
                    scale,
                    pixfrac,
                    fwhm,
                    rms=rms,
                    depth=depth,
                    fwhm_replicates=fwhm * (1 + common + own),
                    depth_replicates=depth + common,
                    filter=filter_name,
                    key=f"{filter_name}-{scale}-{pixfrac}",
                )
            )
    return records


@pytest.fixture(scope="session")
def model_grid() -> GridMaker:
    return _model_grid
