"""Simulated exposures side by side, and what is said of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from astropy.io import fits

from hstdriz_study.checks import (
    CheckLimits,
    SideBySide,
    levels_of,
    side_by_side,
    wrong_levels,
    wrong_side_by_side,
)
from hstdriz_study.contracts import Chip, Finding
from hstdriz_study.simulate import BANDS, generate_filter

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

NAMES = ("f160w", "f814w")


@pytest.fixture(scope="module")
def limits(compose_config) -> CheckLimits:
    return CheckLimits(**vars(compose_config("filter=f160w").checks))


@pytest.fixture(scope="module")
def looked(compose_config) -> Callable[[str, Sequence[Path]], SideBySide]:
    """Look at simulated exposures side by side, without preparing them."""

    def look(name: str, paths: Sequence[Path]) -> SideBySide:
        of_filter = compose_config(f"filter={name}").filter
        chips = [chip for path in paths for chip in chips_of(path, of_filter.native_scale_arcsec)]
        return side_by_side(
            paths, chips, fwhm_arcsec=of_filter.psf_fwhm_arcsec, good_bits=0,
            native_scale_arcsec=of_filter.native_scale_arcsec,
        )  # fmt: skip

    return look


@pytest.fixture(scope="module")
def judged(compose_config, looked, limits) -> Callable[[str, Sequence[Path]], tuple[Finding, ...]]:
    def judge(name: str, paths: Sequence[Path]) -> tuple[Finding, ...]:
        scale = compose_config(f"filter={name}").filter.native_scale_arcsec
        levels = [levels_of(path, 0) for path in paths]
        return (
            *wrong_levels([path.name for path in paths], levels, limits),
            *wrong_side_by_side(looked(name, paths), limits, scale),
        )

    return judge


def chips_of(path: Path, scale_arcsec: float) -> list[Chip]:
    with fits.open(path) as hdus:
        return [
            Chip(
                path, hdu.ver, hdu.shape, hdus[0].header["EXPTIME"],
                "cps" if hdu.header["BUNIT"].endswith("/S") else "counts", 0.0, 1.0,
                scale_arcsec, sky_nodes=path, static_mask=path,
            )
            for hdu in hdus if hdu.name == "SCI"
        ]  # fmt: skip


@pytest.fixture(scope="module")
def sound(tmp_path_factory, spec_of) -> dict[str, list[Path]]:
    """Four exposures of each detector."""
    return {
        name: generate_filter(tmp_path_factory.mktemp(name), BANDS[name], spec_of())
        for name in NAMES
    }
