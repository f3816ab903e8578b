"""What choosing stars and boxes is told by a study's configuration."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class RegionSettings:
    """Which stars and boxes a study measures; the names are those of the keys of ``measure``.

    Attributes
    ----------
    min_stars, max_stars : int
        Fewer stars are too few for the PSF; of more, the brightest are kept.
    min_star_snr : float
        Signal-to-noise inside the aperture of the native-scale product.
    n_sky_boxes : int
        Boxes of blank sky, at most.
    weight_area_arcsec2 : float
        Total area of the boxes that sample the weight map of a large region.
    seed : int
        Of the selection of boxes.
    region, leave_out, stars : str or None
        Files, or a circle in words, of where to measure, where not, and of what stars.
    """

    min_stars: int
    max_stars: int
    min_star_snr: float
    n_sky_boxes: int
    weight_area_arcsec2: float
    seed: int
    region: str | None = None
    leave_out: str | None = None
    stars: str | None = None
