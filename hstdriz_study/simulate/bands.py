"""The filters that can be simulated, with their published photometric keywords.

PHOTFLAM and PHOTPLAM are those that calibrated files of the archive carry
(ACS/WFC: PHOTMODE ``MJD#52599`` and ``MJD#56438``; WFC3/IR: the 2012 inverse
sensitivities; WFC3/UVIS and F775W: rounded to the handbooks' zero points). Widths
are the optics' flat bands, not PHOTBW.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from hstdriz_study.errors import DatasetError
from hstdriz_study.simulate.cameras import ACS_WFC, WFC3_IR, WFC3_UVIS, Camera


@dataclass(frozen=True)
class Band:
    """One filter on one camera.

    Attributes
    ----------
    name : str
        As in the configuration, for example ``f814w``.
    element : str
        As in the header, for example ``F814W``.
    wheel : dict of str to str
        The filter keywords of the primary header.
    photflam : float
        Inverse sensitivity, erg / cm^2 / Angstrom / electron.
    photplam_angstrom, photbw_angstrom : float
        Pivot wavelength and RMS width.
    bandwidth : float
        Full width as a fraction of the pivot wavelength.
    exptime_s : float
        Of one exposure.
    sky_e_per_s : float
        Sky brightness per pixel.
    """

    name: str
    camera: Camera
    element: str
    wheel: dict[str, str]
    photflam: float
    photplam_angstrom: float
    photbw_angstrom: float
    bandwidth: float
    exptime_s: float
    sky_e_per_s: float

    @property
    def pivot_um(self) -> float:
        """Pivot wavelength, micrometres."""
        return self.photplam_angstrom * 1e-4

    @property
    def zero_point_abmag(self) -> float:
        """AB magnitude of one electron per second (ACS Data Handbook section 5.1)."""
        return (
            -2.5 * math.log10(self.photflam)
            - 21.10
            - 5 * math.log10(self.photplam_angstrom)
            + 18.6921
        )

    @property
    def number(self) -> str:
        """The three digits of the filter's name."""
        return self.element[1:4]


def _acs(element: str, wheel: tuple[str, str], *values: float) -> Band:
    filters = {"FILTER1": wheel[0], "FILTER2": wheel[1]}
    return Band(element.lower(), ACS_WFC, element, filters, *values)


def _ir(element: str, *values: float) -> Band:
    return Band(element.lower(), WFC3_IR, element, {"FILTER": element}, *values)


def _uvis(element: str, *values: float) -> Band:
    return Band(f"uvis_{element.lower()}", WFC3_UVIS, element, {"FILTER": element}, *values)


_BANDS = (
    _acs("F606W", ("F606W", "CLEAR2L"), 7.7265099e-20, 5919.4604, 672.3, 0.23, 400.0, 0.125),
    _acs("F814W", ("CLEAR1L", "F814W"), 7.0178627e-20, 8045.4152, 653.24, 0.25, 400.0, 0.105),
    _ir("F105W", 3.0386e-20, 10551.046, 846.48, 0.27, 602.937, 0.80),
    _ir("F125W", 2.2483e-20, 12486.059, 866.24, 0.28, 602.937, 0.75),
    _ir("F160W", 1.9275602e-20, 15369.176, 826.25, 0.27, 602.937, 0.70),
    _uvis("F606W", 1.154e-19, 5889.2, 656.9, 0.23, 400.0, 0.060),
    _uvis("F814W", 1.498e-19, 8039.1, 666.8, 0.19, 400.0, 0.045),
    # a filter's place in this table is in its random numbers: new ones come last
    _acs("F775W", ("F775W", "CLEAR2L"), 9.95e-20, 7692.4, 434.6, 0.19, 400.0, 0.100),
    _ir("F140W", 1.4737148e-20, 13922.907, 1132.39, 0.27, 602.937, 0.78),
    _uvis("F438W", 6.74e-19, 4326.2, 197.3, 0.14, 400.0, 0.020),
)
BANDS = {band.name: band for band in _BANDS}
DEFAULT_FILTERS = ("f606w", "f814w", "f105w", "f125w", "f160w")


def band_of(name: str) -> Band:
    """Return the band of that name.

    Raises
    ------
    DatasetError
        If the filter is not one that can be simulated.
    """
    if name not in BANDS:
        raise DatasetError(
            f"filter={name} has no simulated exposures; take one of {', '.join(BANDS)} "
            "or your own files with dataset.path=DIR"
        )
    return BANDS[name]
