"""The handbook's rule of thumb, 1.22 lambda / D, as a pick beside the measured one."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hstdriz_study.choose.points import BySettings, finished, settings_of
from hstdriz_study.choose.verdict import Rejected, Stage
from hstdriz_study.optics.resolution import handbook_psf_arcsec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.contracts import PointRecord

PIXELS_PER_PSF = 2.0


@dataclass(frozen=True)
class HandbookPick:
    """What the rule of thumb gives for one filter, before any measurement.

    Attributes
    ----------
    wavelength_nm : float
        Wavelength of the filter.
    psf_arcsec : float
        1.22 lambda / D with D = 2.4 m.
    final_scale_arcsec : float
        Half of that: two pixels per PSF.
    final_pixfrac : float
        The ratio of output to native scale, at most 1; the rule asks for a
        pixfrac slightly larger.
    native_scale_arcsec : float
    """

    wavelength_nm: float
    psf_arcsec: float
    final_scale_arcsec: float
    final_pixfrac: float
    native_scale_arcsec: float


@dataclass(frozen=True)
class FurtherFromPick(Rejected):
    """It is further than the chosen point from the pick."""

    stage = Stage.FURTHER
    chosen: PointRecord
    pick: HandbookPick


def handbook_pick(wavelength_nm: float, native_scale_arcsec: float) -> HandbookPick:
    """Return the DrizzlePac Handbook's settings for a wavelength.

    Examples
    --------
    >>> round(handbook_pick(1545.0, 0.12825).final_scale_arcsec, 4)
    0.081
    """
    psf_arcsec = handbook_psf_arcsec(wavelength_nm)
    final_scale_arcsec = psf_arcsec / PIXELS_PER_PSF
    return HandbookPick(
        wavelength_nm=wavelength_nm,
        psf_arcsec=psf_arcsec,
        final_scale_arcsec=final_scale_arcsec,
        final_pixfrac=min(1.0, final_scale_arcsec / native_scale_arcsec),
        native_scale_arcsec=native_scale_arcsec,
    )


def nearest_point(records: Sequence[PointRecord], pick: HandbookPick) -> PointRecord | None:
    """Return the swept point the rule of thumb would have taken; None when none was measured."""
    return next(iter(by_nearness(records, pick)), None)


def by_nearness(records: Sequence[PointRecord], pick: HandbookPick) -> list[PointRecord]:
    """Return the measured points, those first that the rule of thumb would take first.

    The scale nearest to the pick's in ratio; at that scale the smallest
    pixfrac that is not below the scale ratio, else the largest one.
    """
    known = [
        record
        for record in finished(records)
        if math.isfinite(settings_of(record).final_scale_arcsec)
        and math.isfinite(settings_of(record).final_pixfrac)
    ]
    return sorted(known, key=lambda record: _distance(record, pick))


def _distance(
    record: PointRecord, pick: HandbookPick
) -> tuple[float, bool, float, bool, BySettings]:
    point = settings_of(record)
    scale_ratio = point.final_scale_arcsec / pick.native_scale_arcsec
    too_small = point.final_pixfrac < min(1.0, scale_ratio)
    return (
        round(abs(math.log(point.final_scale_arcsec / pick.final_scale_arcsec)), 9),
        too_small,
        -point.final_pixfrac if too_small else point.final_pixfrac,
        (point.final_kernel, point.final_wht_type) != ("square", "EXP"),
        BySettings(record),
    )
