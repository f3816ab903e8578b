"""From the products of a study to what its pages say of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from astropy.io import fits

from hstdriz_study.disk import size_text
from hstdriz_study.drizzle.grid import output_grid
from hstdriz_study.json_files import read_json
from hstdriz_study.predict.needs import product_disk
from hstdriz_study.prepare.chips import load_mosaic
from hstdriz_study.prepare.prepare import PREPARED_NAME

if TYPE_CHECKING:
    from pathlib import Path

    from hstdriz_study.contracts import PointRecord
    from hstdriz_study.study.directory.layout import StudyDirectory

PRODUCT_HEADS = ("file", "what it is", "pixels", "size")
_IMAGE = "the drizzled image, with weights and context"
# What begins a file's name, and what it is.
_KINDS = {"noise_": "noise of each pixel, for sums over areas", "psf_": "PSF of the settings",
          "match_": "kernel that matches the PSF to that of another filter"}  # fmt: skip


def product_rows(study_dir: StudyDirectory, key: str) -> list[tuple[str, ...]]:
    """Return the products of the point with a key, under `PRODUCT_HEADS`."""
    paths = sorted(study_dir.products.path.glob("*.fits"), key=_order)
    found = (_row(path, key, study_dir) for path in paths)
    return [row for row in found if row is not None]


def image_told(study_dir: StudyDirectory, record: PointRecord) -> str:
    """Say how large the image of a point is; nothing of a study of an earlier version."""
    prepared = study_dir.of_filter(record.filter).path / PREPARED_NAME
    if not prepared.is_file() or "mosaic" not in (content := read_json(prepared)):
        return ""
    n_y, n_x = output_grid(load_mosaic(content), record.settings).shape
    size = size_text(product_disk((n_y, n_x), noise_map=False))
    return f"{n_x} by {n_y} pixels, {size} with weights and context"


def _order(path: Path) -> tuple[bool, str]:
    return _kind(path) != _IMAGE, path.name


def _kind(path: Path) -> str:
    return next((what for start, what in _KINDS.items() if path.name.startswith(start)), _IMAGE)


def _row(path: Path, key: str, study_dir: StudyDirectory) -> tuple[str, ...] | None:
    try:
        with fits.open(path) as hdus:
            if hdus[0].header.get("POINTKEY") != key:
                return None
            images = (hdu for hdu in hdus if hdu.is_image and hdu.header["NAXIS"])
            shape = " by ".join(map(str, reversed(next(images).shape)))
    except OSError:  # cut short: whoever uses it says so
        return None
    name = path.relative_to(study_dir.path).as_posix()
    return name, _kind(path), shape, size_text(path.stat().st_size)
