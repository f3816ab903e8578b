"""How far the FWHM estimator is from the analytic half-maximum: the table of docs/measuring.md.

``pytest tests/measure/test_bias_table.py -s`` prints it.
"""

import numpy as np
import pytest

from hstdriz_study.measure.registration import register
from hstdriz_study.optics.psf import effective_psf
from hstdriz_study.simulate.bands import BANDS
from hstdriz_study.validate.star_image import StarImage

N_STARS = 60
WELL_SAMPLED = 2.1
NATIVE = {"f160w": 0.128, "f105w": 0.128, "f814w": 0.05, "f606w": 0.05}


def analytic(kind: str, scale: float) -> StarImage:
    """A profile of FWHM 0.2 arcsec, blurred by one output pixel."""
    step, half = scale / 24, 2.4
    n = int(half / step)
    grid = step * np.arange(-n, n + 1)
    squared = (grid[:, None] ** 2 + grid[None, :] ** 2) / 0.2**2
    if kind == "Gaussian":
        values = np.exp(-4 * np.log(2) * squared)
    else:
        beta = float(kind.split()[1])
        values = (1 + 4 * (2 ** (1 / beta) - 1) * squared) ** -beta
    return StarImage(values, step, (scale,))


def telescope(name: str, scale: float, pixfrac: float) -> StarImage:
    """The simulated HST's PSF on detector pixels, blurred by drop and output pixel."""
    band = BANDS[name]
    psf = effective_psf(
        band.detector.optics,
        band.pivot_um,
        band.bandwidth,
        NATIVE[name] * np.eye(2),
        oversampling=12,
        half_px=12,
    )
    return StarImage(psf.values, NATIVE[name] / psf.oversampling, (NATIVE[name] * pixfrac, scale))


def bias(image: StarImage, scale: float) -> float:
    """Measured over analytic FWHM, minus 1, from many noiseless stars at random phases."""
    truth = image.fwhm_arcsec()
    rng = np.random.default_rng(20)
    half = int(np.ceil(3 * truth / scale)) + 2
    grid = np.arange(-half, half + 1)
    offsets = rng.uniform(-0.5, 0.5, (N_STARS, 2))
    stamps = [image(*np.meshgrid((grid - x) * scale, (grid - y) * scale)) for x, y in offsets]
    middle = np.full(N_STARS, float(half))
    weights = np.ones(N_STARS)
    found = register(np.array(stamps), middle, middle, weights, 1.1 * truth / scale)
    return float(found.fwhm(weights[None])[0]) * scale / truth - 1


ANALYTIC = [
    (kind, 0.2 / sampling, 0.0)
    for kind in ("Gaussian", "Moffat 4.5", "Moffat 2.5")
    for sampling in (1.3, 1.6, 2.0, 3.0, 4.0)
]
SIMULATED = [
    (name, round(native * ratio, 4), pixfrac)
    for name, native in NATIVE.items()
    for ratio, pixfrac in ((1.0, 1.0), (1.0, 0.4), (0.65, 0.6), (0.4, 0.6))
]


def allowed(sampling: float) -> float:
    """Largest bias for a number of pixels per FWHM; the default rule takes 2 or more."""
    if sampling >= WELL_SAMPLED:
        return 0.0025
    return 0.01 if sampling >= 2 else 0.03


@pytest.mark.parametrize(("kind", "scale", "pixfrac"), ANALYTIC + SIMULATED)
def test_fwhm_is_near_the_analytic_half_maximum(kind: str, scale: float, pixfrac: float) -> None:
    image = telescope(kind, scale, pixfrac) if kind in NATIVE else analytic(kind, scale)
    truth = image.fwhm_arcsec()
    sampling = truth / scale
    error = bias(image, scale)
    shown = f"{pixfrac:.1f}" if kind in NATIVE else "-"
    print(f"| {kind} | {scale:.4f} | {shown} | {truth:.4f} | {sampling:.2f} | {error:+.2%} |")  # noqa: T201
    assert abs(error) < allowed(sampling)
