"""The simulated sky: one field of stars and galaxies, seen by every filter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import astropy.units as u
import numpy as np
from astropy.coordinates import SkyCoord
from astropy.table import QTable

from hstdriz_study.simulate.pointing import FIELD_DEG

if TYPE_CHECKING:
    from hstdriz_study.simulate.bands import Band
    from hstdriz_study.simulate.spec import SyntheticSpec

# Radius of the populated disc; it covers the fields of all cameras and their dithers.
_RADIUS_ARCSEC = {False: 32.0, True: 152.0}
_MIN_SEPARATION_ARCSEC = 3.0
_STAR_ABMAG = (19.8, 22.6)  # at 0.8 um: hardly any saturate, peak S/N of the faintest about 50
_BRIGHT_ABMAG = (16.8, 17.6)  # a few stars that saturate in every band
_BRIGHT_FRACTION = 0.03
_MIN_BRIGHT = 2
_GALAXY_ABMAG = (20.5, 24.0)
_STAR_COLOR = (-0.2, 0.5)  # AB magnitude at 0.6 um minus that at 1.6 um
_GALAXY_COLOR = (0.3, 2.0)
_COLOR_BASE_UM = (0.6, 1.6)
_COLOR_PIVOT_UM = 0.8
_HALF_LIGHT_ARCSEC = {"exponential": (0.15, 0.60), "devaucouleurs": (0.10, 0.35)}
_MIN_AXIS_RATIO = 0.3
_TRIES_PER_SOURCE = 2000


@dataclass(frozen=True)
class Scene:
    """Sources of one field; arrays have one element a source, stars first.

    Attributes
    ----------
    kind : `~numpy.ndarray` of str
        ``star``, ``exponential`` or ``devaucouleurs``.
    ra_deg, dec_deg : `~numpy.ndarray`
    abmag_08um : `~numpy.ndarray`
        AB magnitude at 0.8 micrometres.
    color_abmag : `~numpy.ndarray`
        AB magnitude at 0.6 minus that at 1.6 micrometres; linear in the
        logarithm of the wavelength.
    half_light_arcsec, axis_ratio, angle_rad : `~numpy.ndarray`
        Shape of the galaxies (semi-major half-light radius; angle from east
        to north); 0, 1 and 0 for stars.
    """

    kind: np.ndarray
    ra_deg: np.ndarray
    dec_deg: np.ndarray
    abmag_08um: np.ndarray
    color_abmag: np.ndarray
    half_light_arcsec: np.ndarray
    axis_ratio: np.ndarray
    angle_rad: np.ndarray

    @property
    def is_star(self) -> np.ndarray:
        """Boolean array."""
        return self.kind == "star"

    def abmag(self, band: Band) -> np.ndarray:
        """AB magnitudes in a band."""
        low, high = np.log(_COLOR_BASE_UM)
        slope = self.color_abmag / (high - low)
        return self.abmag_08um - slope * np.log(band.pivot_um / _COLOR_PIVOT_UM)

    def flux_e_per_s(self, band: Band) -> np.ndarray:
        """Total count rates in a band."""
        return 10 ** (0.4 * (band.zero_point_abmag - self.abmag(band)))


def _scatter_apart(rng: np.random.Generator, count: int, radius: float) -> np.ndarray:
    """Up to ``count`` positions in a disc with a minimum separation, arcsec, shape (N, 2)."""
    placed = np.empty((0, 2))
    for _ in range(count * _TRIES_PER_SOURCE):
        if len(placed) == count:
            break
        distance = radius * np.sqrt(rng.random())
        angle = rng.uniform(0, 2 * np.pi)
        trial = distance * np.array([np.cos(angle), np.sin(angle)])
        apart = np.hypot(*(placed - trial).T)
        if (apart >= _MIN_SEPARATION_ARCSEC).all():
            placed = np.vstack([placed, trial])
    return placed


def _stratified(rng: np.random.Generator, count: int, span: tuple[float, float]) -> np.ndarray:
    """Uniform values, one in each of ``count`` equal bins, so that no seed is unlucky."""
    fraction = (rng.permutation(count) + rng.random(count)) / max(count, 1)
    return span[0] + (span[1] - span[0]) * fraction


def _star_abmag(rng: np.random.Generator, distance_arcsec: np.ndarray) -> np.ndarray:
    """Magnitudes of stars; the bright ones lie in the inner half, where every camera sees them."""
    count = len(distance_arcsec)
    abmag = _stratified(rng, count, _STAR_ABMAG)
    inner = np.flatnonzero(distance_arcsec < np.max(distance_arcsec, initial=0) / 2)
    n_bright = min(len(inner), max(_MIN_BRIGHT, round(_BRIGHT_FRACTION * count)))
    bright = rng.choice(inner, n_bright, replace=False)
    abmag[bright] = _stratified(rng, n_bright, _BRIGHT_ABMAG)
    return abmag


def make_scene(spec: SyntheticSpec) -> Scene:
    """Draw the field of a specification.

    Magnitudes are uniform (fluxes log-uniform), positions random with a
    separation of at least 3 arcsec so that stars are fit for PSF work.
    """
    rng = np.random.default_rng([spec.seed, 1])
    radius = _RADIUS_ARCSEC[spec.full_frame]
    area_arcmin2 = np.pi * (radius / 60) ** 2
    wanted = np.round([spec.star_density * area_arcmin2, spec.galaxy_density * area_arcmin2])
    positions = _scatter_apart(rng, int(wanted.sum()), radius)
    n_stars = round(len(positions) * wanted[0] / max(wanted.sum(), 1))
    n_galaxies = len(positions) - n_stars
    kinds = rng.choice(["exponential", "devaucouleurs"], n_galaxies)
    spans = np.array([_HALF_LIGHT_ARCSEC[kind] for kind in kinds]).reshape(n_galaxies, 2)
    size = spans[:, 0] * (spans[:, 1] / spans[:, 0]) ** rng.random(n_galaxies)
    east, north = positions.T * u.arcsec
    sky = SkyCoord(*FIELD_DEG, unit="deg").spherical_offsets_by(east, north)
    return Scene(
        kind=np.concatenate([np.full(n_stars, "star"), kinds]),
        ra_deg=sky.ra.deg,
        dec_deg=sky.dec.deg,
        abmag_08um=np.concatenate(
            [
                _star_abmag(rng, np.hypot(*positions[:n_stars].T)),
                _stratified(rng, n_galaxies, _GALAXY_ABMAG),
            ]
        ),
        color_abmag=np.concatenate(
            [rng.uniform(*_STAR_COLOR, n_stars), rng.uniform(*_GALAXY_COLOR, n_galaxies)]
        ),
        half_light_arcsec=np.concatenate([np.zeros(n_stars), size]),
        axis_ratio=np.concatenate(
            [np.ones(n_stars), rng.uniform(_MIN_AXIS_RATIO, 1.0, n_galaxies)]
        ),
        angle_rad=np.concatenate([np.zeros(n_stars), rng.uniform(0, np.pi, n_galaxies)]),
    )


def star_grid(half_width_arcsec: float, separation_arcsec: float, abmag: float) -> Scene:
    """Equal stars on a slightly rotated square grid: every sub-pixel phase occurs."""
    steps = np.arange(-half_width_arcsec, half_width_arcsec + 1e-6, separation_arcsec)
    x, y = (axis.ravel() for axis in np.meshgrid(steps, steps))
    turn = np.deg2rad(7.3)
    east = (np.cos(turn) * x - np.sin(turn) * y) * u.arcsec
    north = (np.sin(turn) * x + np.cos(turn) * y) * u.arcsec
    sky = SkyCoord(*FIELD_DEG, unit="deg").spherical_offsets_by(east, north)
    n = len(x)
    return Scene(
        kind=np.full(n, "star"),
        ra_deg=sky.ra.deg,
        dec_deg=sky.dec.deg,
        abmag_08um=np.full(n, abmag),
        color_abmag=np.zeros(n),
        half_light_arcsec=np.zeros(n),
        axis_ratio=np.ones(n),
        angle_rad=np.zeros(n),
    )


def truth_table(scene: Scene, band: Band, saturated: np.ndarray, n_chips: np.ndarray) -> QTable:
    """Tabulate what was painted.

    Parameters
    ----------
    scene, band
    saturated : 1D bool `~numpy.ndarray`
        Sources whose core reached full well in an exposure.
    n_chips : 1D int `~numpy.ndarray`
        Number of exposures whose pixels hold the source's centre.
    """
    table = QTable()
    table["id"] = np.arange(1, len(scene.kind) + 1)
    table["kind"] = np.where(scene.is_star, "star", "galaxy")
    table["profile"] = np.where(scene.is_star, "point", scene.kind)
    table["ra"] = scene.ra_deg * u.deg
    table["dec"] = scene.dec_deg * u.deg
    table["flux"] = scene.flux_e_per_s(band) * u.electron / u.s
    table["mag"] = scene.abmag(band) * u.ABmag
    table["half_light_radius"] = scene.half_light_arcsec * u.arcsec
    table["axis_ratio"] = scene.axis_ratio
    table["saturated"] = saturated
    table["n_exposures"] = n_chips
    table.meta = {"filter": band.name, "zero_point_abmag": band.zero_point_abmag}
    return table
