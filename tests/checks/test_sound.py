"""Sound exposures side by side: nothing is wrong, and what could not be compared is said."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from hstdriz_study.checks import wrong_side_by_side
from hstdriz_study.checks.differences import MIN_STARS
from hstdriz_study.simulate import BANDS, generate_filter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.contracts import Finding

NAMES = ("f160w", "f814w")


def told(findings: Sequence[Finding]) -> list[str]:
    """Leave out that ten stars and fewer are compared less closely, which is no fault."""
    said = [f"{one.kind} {one.stops}: {one.told}" for one in findings]
    return [one for one in said if "compared only roughly" not in one]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("seed", range(1, 6))
def test_of_ten_sound_sets_none_is_stopped_or_warned_of(
    tmp_path, spec_of, judged, name, seed
) -> None:
    paths = generate_filter(tmp_path, BANDS[name], spec_of(seed=seed, n_exposures=2 + seed % 4))
    found = told(judged(name, paths))
    # the two exposures of seed 4 share few stars, as is said
    assert found == [] or (seed == 4 and "could not be compared" in found[0] and len(found) == 1)


def test_few_stars_of_which_some_are_spoilt_are_told_as_not_compared(looked, sound, limits) -> None:
    seen = looked("f814w", sound["f814w"])
    some = np.arange(seen.flux.shape[1]) < MIN_STARS - 1  # of those that were found
    spoilt = replace(
        seen,
        flux=np.where(some, seen.flux, np.nan),
        fwhm_arcsec=np.where(some, seen.fwhm_arcsec, np.nan),
        place_arcsec=np.where(some, seen.place_arcsec, np.nan),
    )
    (finding,) = wrong_side_by_side(spoilt, limits, BANDS["f814w"].detector.pixel_arcsec[0])
    assert "could not be compared" in finding.told


def test_unequal_exposure_times_are_no_fault(tmp_path, spec_of, judged) -> None:
    for name in NAMES:
        band, paths = BANDS[name], []
        for part in (1.0, 0.2):
            directory = tmp_path / f"{name}_{part}"
            directory.mkdir()
            made = generate_filter(directory, replace(band, exptime_s=part * band.exptime_s),
                                   spec_of(n_exposures=4))  # fmt: skip
            paths += made[:2] if part == 1.0 else made[2:]
        assert told(judged(name, paths)) == []


def test_without_stars_it_is_said_that_nothing_could_be_compared(tmp_path, spec_of, judged) -> None:
    empty_sky = spec_of(stars_per_arcmin2=0.0, galaxies_per_arcmin2=0.0)
    paths = generate_filter(tmp_path, BANDS["f814w"], empty_sky)
    (finding,) = judged("f814w", paths)
    assert not finding.stops
    assert "could not be compared" in finding.told
    assert all(path.name in finding.told for path in paths)


def test_fields_of_many_stars_are_compared(tmp_path, spec_of, judged) -> None:
    paths = generate_filter(tmp_path, BANDS["f160w"], spec_of(stars_per_arcmin2=200.0))
    assert told(judged("f160w", paths)) == []


def test_more_cosmic_rays_are_usual_in_longer_exposures(sound, looked, limits) -> None:
    seen = looked("f814w", sound["f814w"])

    def hit(exptime_s: float) -> list[str]:
        chips = [
            tuple(replace(chip, exptime_s=exptime_s, cosmic_ray_fraction=0.2) for chip in of)
            for of in seen.levels
        ]
        found = wrong_side_by_side(replace(seen, levels=tuple(chips)), limits, 0.05)
        return [one.kind for one in found]

    assert hit(500.0) == ["flagged"] * 4
    assert hit(2000.0) == []
