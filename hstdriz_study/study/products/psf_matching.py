"""From the choices of a study to the PSF of each, and to the cost of matching them."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from astropy.io import fits

from hstdriz_study.json_files import write_json
from hstdriz_study.measure.matching import match_psf
from hstdriz_study.measure.noise import noise_autocorrelation
from hstdriz_study.study.config import drizzle_settings
from hstdriz_study.study.directory.stored import stored_config
from hstdriz_study.study.products.cards import point_cards
from hstdriz_study.study.products.psf_product import write_psf
from hstdriz_study.study.products.superseded import TO_POINT
from hstdriz_study.whole_files import written_whole

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from hstdriz_study.choose import Choice, CommonScale
    from hstdriz_study.contracts import PointRecord
    from hstdriz_study.field import Field
    from hstdriz_study.field.drizzled_psf import DrizzledPsf
    from hstdriz_study.measure.matching import PsfMatch
    from hstdriz_study.study.config import StudyConfig
    from hstdriz_study.study.directory.layout import StudyDirectory
    from hstdriz_study.study.products.cards import Card

log = logging.getLogger(__name__)

_COMMON = "one scale for all filters"  # what chose a point, as a rule is named in headers


@dataclass(frozen=True)
class _PointPsf:
    """The PSF of a point and what made it."""

    config: StudyConfig
    field: Field
    drizzled: DrizzledPsf
    path: Path
    key: str
    cards: Sequence[Card]

    @property
    def fwhm_arcsec(self) -> float:
        return self.drizzled.stamp.fwhm_arcsec(self.config.filter.psf_fwhm_arcsec)


def make_psfs(
    study_dir: StudyDirectory,
    choices: Sequence[Choice],
    records: Sequence[PointRecord],
    common: CommonScale | None,
    fields: Mapping[str, Field],
) -> list[Path]:
    """Write ``products/psf_<filter>.fits`` of every choice, and match those of one scale.

    With a scale common to several filters, ``products/psf_<filter>_common.fits``
    are their PSFs there, ``products/match_<filter>_to_<broadest>.fits`` the kernels that
    match them to the broadest, and ``psf_matching.json`` says what that costs.

    Parameters
    ----------
    study_dir : `~hstdriz_study.study.directory.layout.StudyDirectory`
    choices : sequence of Choice
    records : sequence of `~hstdriz_study.contracts.PointRecord`
    common : CommonScale or None
        One scale for all filters; None for a study of one.
    fields : mapping of str to `~hstdriz_study.field.Field`
        By filter; one that is not there has no PSF.

    Returns
    -------
    list of `~pathlib.Path`
        PSFs and kernels.

    Raises
    ------
    StudyError
        If a PSF cannot be drizzled.
    """
    products = study_dir.products
    products.path.mkdir(exist_ok=True)
    by_key = {record.key: record for record in records}
    made: dict[str, _PointPsf] = {}
    for choice in choices:
        if choice.chosen is not None and choice.filter in fields:
            record = by_key[choice.chosen.key]
            path = products.psf(choice.filter)
            made[record.key] = _made(record, fields[choice.filter], path, choice.rule)
    shared: dict[str, _PointPsf] = {}
    prices = common.prices if common else ()
    for price in (price for price in prices if price.filter in fields):
        record, path = by_key[price.point.key], products.common_psf(price.filter)
        field = fields[price.filter]
        one = made.get(record.key) or _made(record, field, path, _COMMON)
        shared[price.filter] = one
    study_dir.psf_matching.unlink(missing_ok=True)
    alike = _of_one_scale(shared)
    others = [name for name in shared if name not in alike]
    kernels = _match_all(alike, others, study_dir) if len(shared) > 1 else []
    psfs = dict.fromkeys(one.path for one in (*made.values(), *shared.values()))
    return [*psfs, *kernels]


def _made(record: PointRecord, field: Field, path: Path, rule: str) -> _PointPsf:
    log.info("drizzling the PSF of %s: %s", record.filter, path.name)
    config = stored_config(record.provenance["config"])
    drizzled = field.psf(drizzle_settings(config), config.drizzle.engine, path.parent)
    cards = point_cards(record, config, rule)
    write_psf(drizzled, config.filter.psf_fwhm_arcsec, field.prepared, cards, path)
    return _PointPsf(config, field, drizzled, path, record.key, cards)


def _of_one_scale(shared: Mapping[str, _PointPsf]) -> dict[str, _PointPsf]:
    """Leave out what has other pixels than the finest (integer ratios), or turned ones."""
    if not shared:
        return {}
    finest = min(shared.values(), key=lambda one: one.drizzled.grid.scale_arcsec).drizzled.grid

    def alike(one: _PointPsf) -> bool:
        grid = one.drizzled.grid
        pixels = (grid.scale_arcsec, grid.orientation_deg % 360)
        return np.allclose(pixels, (finest.scale_arcsec, finest.orientation_deg % 360), rtol=1e-6)

    return {name: one for name, one in shared.items() if alike(one)}


def _match_all(
    psfs: Mapping[str, _PointPsf], others: Sequence[str], study_dir: StudyDirectory
) -> list[Path]:
    """Match every PSF to the broadest; write what it costs and the kernels, and return these.

    ``others`` are filters on other pixels, which are only named.
    """
    broadest = max(psfs, key=lambda name: psfs[name].fwhm_arcsec)
    rows, kernels = [], []
    for name, one in psfs.items():
        if name == broadest:
            rows.append({"filter": name, "fwhm_arcsec": one.fwhm_arcsec, **_settings(one)})
            continue
        match = _match(one, psfs[broadest], study_dir)
        path = study_dir.products.kernel(name, broadest)
        _write_kernel(match, one, psfs[broadest], path)
        kernels.append(path)
        rows.append({"filter": name, "kernel": path.name, **_settings(one), **_numbers(match)})
    scale = psfs[broadest].drizzled.grid.final_scale_arcsec
    content = {
        "final_scale_arcsec": scale,
        "broadest": broadest,
        "filters": rows,
        "on_other_pixels": others,
    }
    write_json(study_dir.psf_matching, content)
    return kernels


def _match(one: _PointPsf, broadest: _PointPsf, study_dir: StudyDirectory) -> PsfMatch:
    config = one.config
    pixels = one.field.pixels(
        drizzle_settings(config), config.drizzle.engine, study_dir.products.path
    )
    return match_psf(
        one.drizzled.stamp,
        broadest.drizzled.stamp,
        first_guess_arcsec=config.filter.psf_fwhm_arcsec,
        aperture_radius_arcsec=config.filter.geometry.aperture_radius_arcsec,
        noise_correlation=noise_autocorrelation(pixels, one.field.context(0)),
    )


def _settings(one: _PointPsf) -> dict[str, Any]:
    return {
        "final_pixfrac": drizzle_settings(one.config).pixfrac,
        "aperture_radius_arcsec": one.config.filter.geometry.aperture_radius_arcsec,
    }


def _numbers(match: PsfMatch) -> dict[str, float]:
    return {
        "fwhm_arcsec": match.fwhm_arcsec,
        "matched_fwhm_arcsec": match.matched_fwhm_arcsec,
        "fwhm_growth": match.fwhm_growth,
        "residual": match.residual,
        "pixel_noise": match.pixel_noise,
        "aperture_noise": match.aperture_noise,
        "aperture_light": match.aperture_light,
        "depth_lost_mag": match.depth_lost_mag,
        "window_alpha": match.window_alpha,
    }


def _write_kernel(match: PsfMatch, one: _PointPsf, broadest: _PointPsf, path: Path) -> None:
    header = fits.Header()
    header.extend(one.cards)
    header["FROMPSF"] = (one.config.filter.name, "filter whose image is convolved")
    header["TOPSF"] = (broadest.config.filter.name, "filter whose PSF it then has")
    header[TO_POINT] = (broadest.key, "key of the point with that PSF")
    header["BUNIT"] = ("", "none")
    header["WINDOW"] = (match.window_alpha, "alpha of photutils' TukeyWindow")
    header["RESIDUAL"] = (match.residual, "sum of |matched - target| / sum of target")
    header["COMMENT"] = f"PSF: {one.drizzled.model.description}."
    with written_whole(path) as stream:
        fits.PrimaryHDU(match.kernel.astype(np.float32), header).writeto(stream)
