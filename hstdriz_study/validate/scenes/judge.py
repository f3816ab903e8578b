"""From the stars that were selected in a scene and its truth to how good the selection is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from astropy.coordinates import SkyCoord, search_around_sky

from hstdriz_study.measure.regions.stars import NEIGHBOUR_PEAK_FRACTION, STAR, SURPLUS

if TYPE_CHECKING:
    from astropy.table import QTable, Table

    from hstdriz_study.contracts import StudyRegions

GALAXY_PER_FWHM = 0.15
"""A galaxy whose half-light radius is smaller, in units of the PSF's FWHM, counts as a star."""

BRIGHT_SNR = 100.0
_MATCH_PER_FWHM = 0.7
# Verdicts that tell of the place and not of the source.
_UNFIT_PLACES = ("edge", "hole", "saturated")


@dataclass(frozen=True)
class Judgement:
    """A selection against the truth.

    Attributes
    ----------
    n_stars, n_galaxies, n_nothing : int
        What was selected: stars (and galaxies that no telescope could tell from one), galaxies,
        and what is neither.
    n_bright, n_bright_found : int
        Isolated, unsaturated stars of full depth with S/N above 100, and how many are selected.
    n_usable : int
        The same with the S/N that selection asks for.
    """

    n_stars: int
    n_galaxies: int
    n_nothing: int
    n_bright: int
    n_bright_found: int
    n_usable: int

    @property
    def n_selected(self) -> int:
        """Number of selected sources."""
        return self.n_stars + self.n_galaxies + self.n_nothing

    @property
    def n_not_stars(self) -> int:
        """Number of those that are no stars."""
        return self.n_galaxies + self.n_nothing

    @property
    def completeness(self) -> float:
        """Fraction of the bright stars that is selected; NaN without one."""
        return self.n_bright_found / self.n_bright if self.n_bright else math.nan


def judged(
    regions: StudyRegions, truth: QTable, fwhm_arcsec: float, min_star_snr: float
) -> Judgement:
    """Hold a selection against the truth.

    Parameters
    ----------
    regions : `~hstdriz_study.contracts.StudyRegions`
        Stars and candidates of the scene.
    truth : `~astropy.table.QTable`
        Its sources.
    fwhm_arcsec : float
        Of the PSF.
    min_star_snr : float
        Below, no star is asked for.
    """
    candidates = regions.candidates
    match = brightest_within(candidates, truth, _MATCH_PER_FWHM * fwhm_arcsec)
    half_light = truth["half_light_radius"].to_value("arcsec")
    pointlike = (truth["kind"] == "star") | (half_light <= GALAXY_PER_FWHM * fwhm_arcsec)
    selected = np.isin(candidates["verdict"], (STAR, SURPLUS))
    known = selected & (match >= 0)
    n_stars = int(np.count_nonzero(pointlike[match[known]]))
    found = np.unique(match[known])
    usable = _usable(candidates, truth, match, regions.geometry.ee_radius_arcsec)
    snr = _expected_snr(candidates, truth, match)
    bright = usable & (snr > BRIGHT_SNR)
    return Judgement(
        n_stars=n_stars,
        n_galaxies=int(np.count_nonzero(known)) - n_stars,
        n_nothing=int(np.count_nonzero(selected & (match < 0))),
        n_bright=int(np.count_nonzero(bright)),
        n_bright_found=int(np.count_nonzero(bright[found])),
        n_usable=int(np.count_nonzero(usable & (snr > min_star_snr))),
    )


def selected_stars(regions: StudyRegions, truth: QTable) -> np.ndarray:
    """Return the rows of the true sources that the measured stars are."""
    match = brightest_within(regions.stars, truth, regions.geometry.psf_fwhm_arcsec)
    return np.asarray(match[match >= 0])


def brightest_within(sources: Table, truth: QTable, radius_arcsec: float) -> np.ndarray:
    """Return the row of the brightest true source near each source, -1 where there is none."""
    found = np.full(len(sources), -1)
    if not len(sources) or not len(truth):
        return found
    flux = truth["flux"].to_value("electron / s")
    one, other, _, _ = search_around_sky(
        _sky(sources), _sky(truth), radius_arcsec * _sky(truth).ra.unit / 3600
    )
    for row in np.argsort(flux[other], kind="stable"):  # the brightest is written last
        found[one[row]] = other[row]
    return found


def _sky(table: Table) -> SkyCoord:
    return SkyCoord(table["ra"], table["dec"], unit="deg")


def _usable(
    candidates: Table, truth: QTable, match: np.ndarray, ee_radius_arcsec: float
) -> np.ndarray:
    """Tell true stars that are isolated, unsaturated and in a place fit for measuring."""
    unfit = np.isin(candidates["verdict"], _UNFIT_PLACES)
    misplaced = np.zeros(len(truth), bool)
    misplaced[match[unfit & (match >= 0)]] = True
    detected = np.zeros(len(truth), bool)
    detected[match[match >= 0]] = True
    usable = (truth["kind"] == "star") & ~truth["saturated"] & detected & ~misplaced
    usable &= truth["n_exposures"] == truth["n_exposures"].max(initial=0)
    return np.asarray(usable & _isolated(truth, ee_radius_arcsec))


def _isolated(truth: QTable, ee_radius_arcsec: float) -> np.ndarray:
    """Tell sources without another, not negligible one near; a galaxy is as near as its light."""
    flux = truth["flux"].to_value("electron / s")
    half_light = truth["half_light_radius"].to_value("arcsec")
    widest = float(half_light.max(initial=0.0))
    sky = _sky(truth)
    reach = (ee_radius_arcsec + widest) / 3600 * sky.ra.unit
    one, other, distance, _ = search_around_sky(sky, sky, reach)
    near = distance.to_value("arcsec") < ee_radius_arcsec + half_light[other]
    disturbs = near & (one != other) & (flux[other] > NEIGHBOUR_PEAK_FRACTION * flux[one])
    isolated = np.ones(len(truth), bool)
    isolated[one[disturbs]] = False
    return isolated


def _expected_snr(candidates: Table, truth: QTable, match: np.ndarray) -> np.ndarray:
    """Return the measured S/N of true sources that were detected, 0 of others."""
    snr = np.zeros(len(truth))
    known = match >= 0
    np.maximum.at(snr, match[known], np.asarray(candidates["snr"], dtype=float)[known])
    return snr
