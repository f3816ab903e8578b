"""How many stars and galaxies of which brightness, size and profile deep fields hold.

Counts
    Galaxies: 200 per square arcmin to 26.5 AB, both in F814W (1.2 million in 1.64 square degrees;
    Leauthaud et al. 2007, ApJS 172, 219) and about as many in F160W (208 thousand in 900 square
    arcmin; Skelton et al. 2014, ApJS 214, 24), rising by 0.30 dex a magnitude (between the
    0.45 of bright and 0.2 of the faintest ones; Williams et al. 1996, AJ 112, 1335).
Sizes
    Disc scale lengths r of density r exp(-(r / a)^(4/3)) with a median of
    exp(-1.145 - 0.269 (m - 23)) arcsec (Miller et al. 2013, MNRAS 429, 2858, appendix B, from
    Simard et al. 2002, ApJS 142, 1), half-light radii for discs 1.678 times as large. In F160W
    galaxies of the same magnitude are about 0.6 times as large (van der Wel et al. 2012,
    ApJS 203, 24, figure 9); a scene says by which factor.
Profiles
    A tenth is dominated by a bulge, with half the size (Miller et al. 2013; de Vaucouleurs),
    the others are near exponential, Sersic indices 0.5 to 2.5 (van der Wel et al. 2012).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaincinv

GALAXIES_PER_ARCMIN2 = 200.0
_AT_ABMAG = 26.5
_GALAXY_SLOPE = 0.30
_GALAXY_BRIGHTEST_ABMAG = 17.5
_STAR_SLOPE = 0.10  # faint stars at high latitude; a globular cluster's main sequence is steeper
_GLOBULAR_SLOPE = 0.20
STAR_ABMAG = (19.0, 25.0)

_DISC_HALF_LIGHT = 1.678  # in scale lengths
_MEDIAN_AT_23, _PER_MAG = -1.145, -0.269
_SIZE_POWER = 4 / 3
_BULGE_FRACTION, _BULGE_SIZE = 0.10, 0.5
_BULGE_INDEX, _DISC_INDEX = (3.0, 3.5, 4.0), (0.5, 1.0, 1.0, 1.5, 2.0, 2.5)
_MIN_AXIS_RATIO = 0.2


@dataclass(frozen=True)
class Shapes:
    """Shapes of galaxies, one element each.

    Attributes
    ----------
    half_light_arcsec : `~numpy.ndarray`
        Of the major axis.
    sersic_index, axis_ratio : `~numpy.ndarray`
    angle_rad : `~numpy.ndarray`
        From east to north.
    """

    half_light_arcsec: np.ndarray
    sersic_index: np.ndarray
    axis_ratio: np.ndarray
    angle_rad: np.ndarray


def galaxy_abmag(count: int, area_arcmin2: float, rng: np.random.Generator) -> np.ndarray:
    """Draw the magnitudes of the ``count`` brightest galaxies of an area.

    The faintest magnitude is where the counts reach so many in the area.
    """
    density = max(count, 1) / area_arcmin2
    faintest = _AT_ABMAG + np.log10(density / GALAXIES_PER_ARCMIN2) / _GALAXY_SLOPE
    return _power_law(count, (_GALAXY_BRIGHTEST_ABMAG, float(faintest)), _GALAXY_SLOPE, rng)


def star_abmag(count: int, rng: np.random.Generator, *, globular: bool = False) -> np.ndarray:
    """Draw the magnitudes of stars."""
    slope = _GLOBULAR_SLOPE if globular else _STAR_SLOPE
    return _power_law(count, STAR_ABMAG, slope, rng)


def _power_law(
    count: int, span: tuple[float, float], slope: float, rng: np.random.Generator
) -> np.ndarray:
    low, high = 10 ** (slope * (np.array(span) - span[1]))
    return span[1] + np.log10(low + (high - low) * rng.random(count)) / slope


def galaxy_shapes(abmag: np.ndarray, size_factor: float, rng: np.random.Generator) -> Shapes:
    """Draw sizes, profiles and inclinations of galaxies of some magnitudes."""
    count = len(abmag)
    # r^2 follows a gamma distribution of shape 3/2 in (r / a)^(4/3)
    shape = 2 / _SIZE_POWER
    scale = gammaincinv(shape, rng.random(count)) / gammaincinv(shape, 0.5)
    median = np.exp(_MEDIAN_AT_23 + _PER_MAG * (abmag - 23))
    half_light = size_factor * _DISC_HALF_LIGHT * median * scale ** (1 / _SIZE_POWER)
    bulge = rng.random(count) < _BULGE_FRACTION
    return Shapes(
        half_light_arcsec=np.where(bulge, _BULGE_SIZE, 1.0) * half_light,
        sersic_index=np.where(
            bulge, rng.choice(_BULGE_INDEX, count), rng.choice(_DISC_INDEX, count)
        ),
        axis_ratio=rng.uniform(_MIN_AXIS_RATIO, 1.0, count),
        angle_rad=rng.uniform(0, np.pi, count),
    )
