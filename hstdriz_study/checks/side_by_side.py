"""From prepared exposures to what each of them shows, side by side."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from astropy.coordinates import SkyCoord

from hstdriz_study.checks.levels import ChipLevel
from hstdriz_study.checks.shared_stars import shared_stars
from hstdriz_study.checks.single import look_at
from hstdriz_study.checks.star_shapes import is_seen, measure_stars

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from hstdriz_study.checks.shared_stars import SharedStars
    from hstdriz_study.checks.single import SingleExposure
    from hstdriz_study.contracts import Chip

MAX_MEASURED = 60
"""Stars measured an exposure: their median is known to a few thousandths."""

_SURELY_DETECTED = 20.0  # peak over noise


_BY_STAR = (
    "east_arcsec", "north_arcsec", "flux", "fwhm_arcsec", "along_east", "along_northeast",
)  # fmt: skip


@dataclass(frozen=True)
class SideBySide:
    """What E exposures show of N stars that they share.

    Attributes
    ----------
    names : tuple of str
        Of the files.
    levels : tuple of tuple of `~hstdriz_study.checks.levels.ChipLevel`
        Sky and noise of the chips of each exposure.
    n_sources : tuple of int
        Sources of each exposure, cosmic rays among them.
    n_expected, n_found : tuple of int
        Stars that others share and each exposure should show, and how many of them it shows.
    n_needed : tuple of float
        How many it would have to show to be told from chance among its cosmic rays.
    ra_deg, dec_deg : (N,) `~numpy.ndarray`
        Where one of the exposures has the stars.
    place_arcsec : (E, N) complex `~numpy.ndarray`
        East and, as imaginary part, north.
    flux, fwhm_arcsec : (E, N) `~numpy.ndarray`
        Nan where a star was not measured.
    elongation : (E, N) complex `~numpy.ndarray`
        As `~hstdriz_study.checks.star_shapes.Measured` has it.
    """

    names: tuple[str, ...]
    levels: tuple[tuple[ChipLevel, ...], ...]
    n_sources: tuple[int, ...]
    n_expected: tuple[int, ...]
    n_found: tuple[int, ...]
    n_needed: tuple[float, ...]
    ra_deg: np.ndarray
    dec_deg: np.ndarray
    place_arcsec: np.ndarray
    flux: np.ndarray
    fwhm_arcsec: np.ndarray
    elongation: np.ndarray

    @property
    def exptime_s(self) -> np.ndarray:
        """Exposure time of each, shape (E,)."""
        return np.array([chips[0].exptime_s for chips in self.levels])

    def as_json(self) -> dict[str, Any]:
        """Return what `from_json` reads back."""
        kept = asdict(self)
        place, shape = kept.pop("place_arcsec"), kept.pop("elongation")
        kept |= {"ra_deg": self.ra_deg.tolist(), "dec_deg": self.dec_deg.tolist()}
        kept |= {"flux": self.flux.tolist(), "fwhm_arcsec": self.fwhm_arcsec.tolist()}
        kept |= {"along_east": shape.real.tolist(), "along_northeast": shape.imag.tolist()}
        return kept | {"east_arcsec": place.real.tolist(), "north_arcsec": place.imag.tolist()}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> SideBySide:
        """Read what `as_json` gave; JSON has null where a number was not finite."""
        n_exposures = len(kept["names"])
        columns = {name: np.array(kept[name], float).reshape(n_exposures, -1) for name in _BY_STAR}
        return cls(
            tuple(kept["names"]),
            tuple(tuple(ChipLevel.from_json(one) for one in chips) for chips in kept["levels"]),
            n_sources=tuple(kept["n_sources"]),
            n_expected=tuple(kept["n_expected"]),
            n_found=tuple(kept["n_found"]),
            n_needed=tuple(kept["n_needed"]),
            ra_deg=np.array(kept["ra_deg"], float),
            dec_deg=np.array(kept["dec_deg"], float),
            place_arcsec=columns["east_arcsec"] + 1j * columns["north_arcsec"],
            flux=columns["flux"],
            fwhm_arcsec=columns["fwhm_arcsec"],
            elongation=columns["along_east"] + 1j * columns["along_northeast"],
        )


def side_by_side(
    exposures: Sequence[Path],
    chips: Sequence[Chip],
    *,
    fwhm_arcsec: float,
    native_scale_arcsec: float,
    good_bits: int | None,
) -> SideBySide:
    """Look at every exposure by itself and at the stars that they share.

    Parameters
    ----------
    exposures : sequence of `~pathlib.Path`
        Prepared exposures.
    chips : sequence of `~hstdriz_study.contracts.Chip`
        Of all of them.
    fwhm_arcsec : float
        Of a star.
    native_scale_arcsec : float
        Of the detector.
    good_bits : int or None
        DQ bits that are fine to use; None when all are.
    """
    of_each = [[chip for chip in chips if chip.exposure == path] for path in exposures]
    looked = [
        look_at(path, own, fwhm_arcsec=fwhm_arcsec, good_bits=good_bits)
        for path, own in zip(exposures, of_each, strict=True)
    ]
    shared = shared_stars([one.sources for one in looked], native_scale_arcsec)
    index, anchor = np.empty((len(looked), 0), int), 0
    counts, needed = np.zeros((2, len(looked)), int), np.zeros(len(looked))
    if shared is not None:
        anchor, needed = shared.anchor, shared.needed
        index = shared.index[:, _brightest(looked, shared)]
        counts = _counts(looked, of_each, shared, good_bits)
    where = looked[anchor].sources.taken(index[anchor])
    columns = np.full((5, *index.shape), np.nan, complex)
    for number, (one, own) in enumerate(zip(looked, of_each, strict=True)):
        has = index[number] >= 0
        if has.any():
            stars = one.sources.taken(index[number][has])
            found = measure_stars(one, stars, own, fwhm_arcsec=fwhm_arcsec, good_bits=good_bits)
            columns[:, number, has] = tuple(vars(found).values())
    return SideBySide(
        tuple(path.name for path in exposures),
        tuple(one.levels for one in looked),
        tuple(len(one.sources) for one in looked),
        n_expected=tuple(counts[0].tolist()),
        n_found=tuple(counts[1].tolist()),
        n_needed=tuple(needed.tolist()),
        ra_deg=where.ra_deg,
        dec_deg=where.dec_deg,
        place_arcsec=_on_plane(columns[0].real, columns[1].real),
        flux=columns[2].real,
        fwhm_arcsec=columns[3].real,
        elongation=columns[4],
    )


def _brightest(looked: Sequence[SingleExposure], shared: SharedStars) -> np.ndarray:
    """Prefer stars that many exposures have, then bright ones."""
    snr = looked[shared.anchor].sources.peak_snr[shared.index[shared.anchor]]
    return np.lexsort([snr, (shared.index >= 0).sum(axis=0)])[::-1][:MAX_MEASURED]


def _on_plane(ra: np.ndarray, dec: np.ndarray) -> np.ndarray:
    """Return east and north of one of the stars as complex numbers, arcsec."""
    place, seen = np.full(ra.shape, np.nan + 1j * np.nan), np.isfinite(ra)
    if seen.any():
        centre = SkyCoord(ra[seen][0], dec[seen][0], unit="deg")
        east, north = centre.spherical_offsets_to(SkyCoord(ra[seen], dec[seen], unit="deg"))
        place[seen] = east.arcsec + 1j * north.arcsec
    return place


def _counts(
    looked: Sequence[SingleExposure],
    of_each: Sequence[Sequence[Chip]],
    shared: SharedStars,
    good_bits: int | None,
) -> np.ndarray:
    """Count, for each exposure, the shared stars that it should show and those it does."""
    anchor = looked[shared.anchor]
    stars = anchor.sources.taken(shared.index[shared.anchor])
    brightness = stars.peak_snr * _noise(anchor)
    counts = np.zeros((2, len(looked)), int)
    clean = _seen_clean(looked, shared)
    for number, (one, own) in enumerate(zip(looked, of_each, strict=True)):
        with np.errstate(invalid="ignore", divide="ignore"):
            bright = brightness / _noise(one) > _SURELY_DETECTED
        # by two others: one alone may share a cosmic ray or a hot pixel with the anchor
        by_others = (np.delete(shared.index, number, axis=0) >= 0).sum(axis=0)
        expected = bright & (by_others > min(1, len(looked) - 2))
        expected &= np.delete(clean, number, axis=0).any(axis=0)
        places = stars.ra_deg[expected], stars.dec_deg[expected]
        expected[expected] = is_seen(one.path, own, *places, good_bits)
        counts[:, number] = expected.sum(), (expected & shared.present[number]).sum()
    return counts


def _seen_clean(looked: Sequence[SingleExposure], shared: SharedStars) -> np.ndarray:
    """Tell where each exposure has a star and no flag of a cosmic ray on it.

    Where cosmic rays are dense some lie on each other; a star that all have flagged is none for
    certain.
    """
    clean = shared.index >= 0
    for one, which, has in zip(looked, shared.index, clean, strict=True):
        has[has] = ~one.sources.flagged[which[has]].astype(bool)
    return clean


def _noise(one: SingleExposure) -> float:
    return float(np.median([level.noise for level in one.levels]))
