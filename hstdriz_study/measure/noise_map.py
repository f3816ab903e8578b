"""From a weight map and the noise that was measured on blank sky to a map of the noise.

Drizzled pixels are correlated: the noise of a sum of them is larger than their own scatter
says, for large areas by the ratio R (Casertano et al. 2000, AJ 120, 2747; Fruchter & Hook
2002, PASP 114, 144). The map holds the noise with R applied, so that its squares may be
added up as if the pixels were independent.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hstdriz_study.contracts import Metric
from hstdriz_study.contracts.metric_table import CORRELATION, SKY_RMS
from hstdriz_study.errors import MetricUnavailableError
from hstdriz_study.measure.resample import replicate_metric


@dataclass(frozen=True)
class LargeAreaNoise:
    """The background noise per pixel that holds for sums over areas much larger than a drop.

    Attributes
    ----------
    sky_rms : `~hstdriz_study.contracts.Metric`
        Scatter of blank-sky pixels, electron / s.
    correlation : `~hstdriz_study.contracts.Metric`
        R.
    sigma : `~hstdriz_study.contracts.Metric`
        Their product: the noise of a pixel of the reference weight.
    reference_weight : float
        Weight of a pixel that has the scatter ``sky_rms``.
    """

    sky_rms: Metric
    correlation: Metric
    sigma: Metric
    reference_weight: float

    def at(self, weight: np.ndarray) -> np.ndarray:
        """Return the noise of each pixel of a weight map; NaN where the weight is 0.

        The noise of a large area goes as the weight to the power -1/2 for
        weights that are proportional to inverse variance of the background, as
        those of EXP, IVM and ERR are.

        Parameters
        ----------
        weight : `~numpy.ndarray`
            In the unit of the reference weight.

        Returns
        -------
        noise : `~numpy.ndarray` of float32
            Electrons per second.
        """
        noise = np.full(weight.shape, np.nan, np.float32)
        np.sqrt(weight, out=noise, where=weight > 0)
        return np.divide(
            np.float32(self.sigma.value * np.sqrt(self.reference_weight)), noise, out=noise
        )


def large_area_noise(
    sky_weights: np.ndarray, sky_rms: Metric | None, correlation: Metric | None
) -> LargeAreaNoise:
    """Tie the measured noise to the weights of the pixels that it was measured on.

    Parameters
    ----------
    sky_weights : `~numpy.ndarray`
        Weights of the pixels of the blank-sky boxes.
    sky_rms, correlation : `~hstdriz_study.contracts.Metric` or None
        ``noise/sky_rms`` and ``noise/correlation`` of the point.

    Returns
    -------
    `LargeAreaNoise`
        Its reference weight is the square of the mean square root of the
        weights: of pixels of scatter ``k / sqrt(weight)``, with uneven weights,
        the median absolute deviation is that of a pixel of this weight, to
        first order in the unevenness.

    Raises
    ------
    MetricUnavailableError
        If the noise was not measured, or the boxes hold no weight.
    """
    lacking = [
        entry.name
        for entry, metric in ((SKY_RMS, sky_rms), (CORRELATION, correlation))
        if metric is None or not np.isfinite(metric.value)
    ]
    if sky_rms is None or correlation is None or lacking:
        raise MetricUnavailableError(
            f"no noise map: {' and '.join(lacking)} was not measured at this point; the report's "
            "warnings say why"
        )
    valid = sky_weights[sky_weights > 0]
    if valid.size == 0:
        raise MetricUnavailableError(
            "no noise map: the blank-sky boxes hold no data of this product; is it that of this "
            "study?"
        )
    return LargeAreaNoise(
        sky_rms=sky_rms,
        correlation=correlation,
        sigma=_product(sky_rms, correlation),
        reference_weight=float(np.mean(np.sqrt(valid, dtype=np.float64)) ** 2),
    )


def _product(first: Metric, second: Metric) -> Metric:
    """Multiply two metrics of the same resamples."""
    value = first.value * second.value
    if first.replicates is not None and second.replicates is not None:
        return replicate_metric(value, first.replicates * second.replicates, first.unit)
    relative = np.hypot(first.err / first.value, second.err / second.value)
    return Metric(value, float(value * relative), first.unit)
