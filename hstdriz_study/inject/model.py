"""From the headers of prepared exposures to the model PSF of their filter."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from astropy.io import fits

from hstdriz_study.errors import DatasetError
from hstdriz_study.optics.chip_view import ChipView, pixel_metric
from hstdriz_study.optics.psf import EffectivePSF, effective_psf

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from hstdriz_study.contracts import Chip, PreparedFilter
    from hstdriz_study.optics.detector import Detector

_RMS_TO_FULL_WIDTH = math.sqrt(12.0)  # of a flat band


@dataclass(frozen=True)
class PsfModel:
    """A model of optics and detector, not fitted to any image.

    Attributes
    ----------
    psf : `~hstdriz_study.optics.psf.EffectivePSF`
        At the middle of the first exposure's chips, for the whole field.
    metric_arcsec : (2, 2) `~numpy.ndarray`
        Shape of the pixels there (`~hstdriz_study.optics.chip_view.pixel_metric`).
    full_well_e : float
        Of a pixel.
    description : str
        What it is, for headers and tables.
    """

    psf: EffectivePSF
    metric_arcsec: np.ndarray
    full_well_e: float
    description: str

    @property
    def reach_arcsec(self) -> float:
        """Radius of the largest circle on which the model is painted."""
        shortest_px = float(np.linalg.svd(self.metric_arcsec, compute_uv=False).min())
        return (self.psf.half_px - 1) * shortest_px

    def energy_inside(self, radius_arcsec: float) -> float:
        """Fraction of all light inside a circle."""
        return self.psf.energy_inside(radius_arcsec, self.metric_arcsec)


def psf_model(prepared: PreparedFilter, detector: Detector) -> PsfModel:
    """Compute the PSF of a filter from the telescope's pupil.

    The band is flat: its middle is PHOTPLAM and its RMS width PHOTBW.

    Parameters
    ----------
    prepared : `~hstdriz_study.contracts.PreparedFilter`
    detector : `~hstdriz_study.optics.detector.Detector`
        With which the exposures were taken.

    Raises
    ------
    DatasetError
        If the headers do not give the band.
    """
    path = prepared.exposures[0]
    pivot_um, bandwidth = band_of_header(path)
    metrics = [
        pixel_metric(view.jacobian_arcsec((view.nx - 1) / 2, (view.ny - 1) / 2))
        for _, view in chip_views(prepared, path)
    ]
    metric = np.mean(metrics, axis=0)
    psf = effective_psf(detector.optics, pivot_um, bandwidth, metric, half_px=detector.psf_half_px)
    return PsfModel(
        psf=psf,
        metric_arcsec=metric,
        full_well_e=detector.full_well_e,
        description=(
            f"model of the optics and of the {detector.label} detector (pupil, aberrations, "
            f"jitter, charge diffusion, pixel) in a flat band of {bandwidth:.0%} at "
            f"{1e3 * pivot_um:.1f} nm; not fitted to the focus or the alignment of the exposures"
        ),
    )


def band_of_header(path: Path) -> tuple[float, float]:
    """Read the band of an exposure: pivot wavelength (micrometres), full width as a fraction of it.

    Raises
    ------
    DatasetError
        If its headers do not give it.
    """
    primary, science = fits.getheader(path), fits.getheader(path, ("SCI", 1))
    pivot, rms_width = (
        float(science.get(key, primary.get(key, 0.0))) for key in ("PHOTPLAM", "PHOTBW")
    )
    if not (pivot > 0 and rms_width > 0):
        raise DatasetError(
            f"{path.name}: PHOTPLAM and PHOTBW are needed for a model of the PSF; "
            "use calibrated files"
        )
    return pivot * 1e-4, _RMS_TO_FULL_WIDTH * rms_width / pivot


def chip_views(prepared: PreparedFilter, exposure: Path) -> Iterator[tuple[Chip, ChipView]]:
    """Give the chips of one exposure, each with its geometry by the exposure's own WCS."""
    from stwcs.wcsutil import HSTWCS

    with fits.open(exposure) as hdus:
        for chip in prepared.chips:
            if chip.exposure == exposure:
                ny, nx = chip.shape
                wcs = HSTWCS(hdus, ("SCI", chip.extver))
                yield chip, ChipView(wcs, chip.linear_scale_arcsec, nx, ny)
