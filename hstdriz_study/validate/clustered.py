"""How often the truth lies inside the stated error where the PSF changes and stars cluster.

No pixels: fields of stars whose widths are known are drawn, and their errors taken from the very
functions that decide which stars are resampled together and that resample them. Each field has its
clusters elsewhere. The truth is the mean of the same estimator over all fields.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from astropy.table import Table

from hstdriz_study.contracts import MeasureContext, MeasureGeometry, StudyRegions
from hstdriz_study.measure.over_field.field_plane import FieldPlane
from hstdriz_study.measure.over_field.linear import linear_fit
from hstdriz_study.measure.over_field.psf import together
from hstdriz_study.measure.resample import bootstrap_metric
from hstdriz_study.measure.star_resamples import n_independent, resampled, star_counts
from hstdriz_study.validate.coverage import NOMINAL, REQUIRED, Ensemble, allowed
from hstdriz_study.validate.rows import Claims

if TYPE_CHECKING:
    from hstdriz_study.contracts import Metric
    from hstdriz_study.validate.context import CheckContext
    from hstdriz_study.validate.rows import Row

CLAIMS = Claims(
    "coverage of errors where the PSF changes", "fields of stars of known width, drawn by a seed"
)
N_FIELDS = 1000
_N_BOOTSTRAP = 200
_SIDE_ARCSEC = 120.0
_WIDENING = 0.05  # from edge to edge
_SCATTER = 0.025  # of the width of a star: noise and sub-pixel phase


@dataclass(frozen=True)
class Arrangement:
    """How stars stand in a field.

    Attributes
    ----------
    n_stars, n_clusters : int
        No cluster: they are scattered evenly.
    radius : float
        1 sigma of a cluster, in sides of the field.
    widening : float
        Of the PSF from one edge of the field to the other, as a fraction.
    """

    n_stars: int
    n_clusters: int = 0
    radius: float = 0.0
    widening: float = _WIDENING

    @property
    def words(self) -> str:
        """What a row calls it."""
        where = (
            f"in {self.n_clusters} clusters of {self.radius:g} sides"
            if self.n_clusters
            else "scattered evenly"
        )
        return f"{self.n_stars} stars {where}, PSF wider by {self.widening:.0%} across"


ARRANGEMENTS = (
    Arrangement(60),
    Arrangement(60, widening=0.0),
    Arrangement(60, 6, 0.05),
    Arrangement(60, 6, 0.05, widening=0.0),
    Arrangement(60, 4, 0.1),
    Arrangement(60, 12, 0.1),
    Arrangement(30, 6, 0.05),
    Arrangement(150, 12, 0.05),
)


def check(context: CheckContext) -> list[Row]:
    """Draw fields of every arrangement and judge the errors of mean and median width."""
    rows = []
    for arrangement in ARRANGEMENTS:
        for name, ensemble in drawn(arrangement, N_FIELDS, context.options.seed).items():
            rows.append(
                CLAIMS.within(
                    f"{arrangement.words}: {name} width inside 1 sigma", ensemble.covered, NOMINAL,
                    allowed(N_FIELDS),
                    reason=f"{REQUIRED[0]:.0%} to {REQUIRED[1]:.0%} are asked for; scatter over "
                    f"mean error: {ensemble.scatter_over_error:.2f}",
                )
            )  # fmt: skip
    return rows


def drawn(arrangement: Arrangement, n_fields: int, seed: int) -> dict[str, Ensemble]:
    """Draw fields and measure each; mean and median width with the stated errors, by name."""
    rng = np.random.default_rng([seed, arrangement.n_stars, arrangement.n_clusters])
    corners = _SIDE_ARCSEC / 7200 * np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])
    field = FieldPlane.of([corners + np.array([180.0, 0.0])])
    found = [_measured(arrangement, field, rng) for _ in range(n_fields)]
    return {
        name: Ensemble.of([one[name] for one in found])  # type: ignore[misc]
        for name in ("mean", "median")
    }


def _measured(
    arrangement: Arrangement, field: FieldPlane, rng: np.random.Generator
) -> dict[str, Metric]:
    places = _SIDE_ARCSEC * (_places(arrangement, rng) - 0.5)
    widths = 1 + arrangement.widening * places[:, 0] / _SIDE_ARCSEC
    widths += _SCATTER * rng.standard_normal(len(places))
    stars = Table({"id": np.arange(len(places))})
    blocks = together(places, linear_fit(places, widths, field), field)
    if blocks is not None:
        stars["block"] = blocks
    context = replace(_CONTEXT, regions=replace(_CONTEXT.regions, stars=stars))
    counts, n = star_counts(context), n_independent(np.ones(len(places), bool), context)
    means = counts @ widths / counts.sum(axis=1)
    medians = np.nanmedian(resampled(widths, context), axis=1)
    return {
        "mean": bootstrap_metric(float(widths.mean()), means, n),
        "median": bootstrap_metric(float(np.median(widths)), medians, n),
    }


def _places(arrangement: Arrangement, rng: np.random.Generator) -> np.ndarray:
    """Draw places from 0 to 1 along both axes, shape (N, 2)."""
    n_stars, n_clusters = arrangement.n_stars, arrangement.n_clusters
    if not n_clusters:
        return rng.uniform(0, 1, (n_stars, 2))
    centres = rng.uniform(0, 1, (n_clusters, 2))
    shifts = arrangement.radius * rng.standard_normal((n_stars, 2))
    return np.clip(centres[rng.integers(0, n_clusters, n_stars)] + shifts, 0, 1)


_NOWHERE = np.empty((0, 2))
_CONTEXT = MeasureContext(
    regions=StudyRegions(
        Table(), Table(), _NOWHERE, _NOWHERE, 0.0, (), (0.0, 0.0), (0.0, 1.0), (0.0, 1.0),
        MeasureGeometry(*[0.1] * 7),
    ),
    zero_point_abmag=None, n_exposures=4, min_stars=1, n_bootstrap=_N_BOOTSTRAP, seed=1,
)  # fmt: skip
