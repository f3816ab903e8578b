"""The pictures of all points of a filter side by side: scales down, pixfracs across."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

from hstdriz_study.choose.points import summarise
from hstdriz_study.study.report.images import SIDE_PX, font
from hstdriz_study.study.report.series import variant
from hstdriz_study.study.report.style import CHOSEN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from hstdriz_study.choose import Choice
    from hstdriz_study.contracts import PointRecord

TILE_PX = SIDE_PX // 2
GAP_PX = 8
STEP_PX = TILE_PX + GAP_PX
# Room for the names of the rows and columns.
MARGIN_PX = 30
FRAME_PX = 4
LETTERS_PX = 16
_INK, _PAPER = "black", "white"
_COMPRESS_LEVEL = 4


def mosaic_figure(
    records: Sequence[PointRecord],
    pictures: Mapping[str, Path],
    choice: Choice,
    path: Path,
) -> None:
    """Lay out one picture a point in a grid of final_scale and final_pixfrac.

    Parameters
    ----------
    records : sequence of `~hstdriz_study.contracts.PointRecord`
        Points of one filter with one kernel and weighting.
    pictures : mapping of str to `~pathlib.Path`
        The picture of each point, by its key; a point without one is named.
    choice : Choice
        The chosen point is framed.
    path : `~pathlib.Path`
    """
    points = {record.key: summarise(record) for record in records}
    scales = sorted({point.final_scale_arcsec for point in points.values()})
    pixfracs = sorted({point.final_pixfrac for point in points.values()})
    wall = Image.new(
        "RGB", (MARGIN_PX + len(pixfracs) * STEP_PX, MARGIN_PX + len(scales) * STEP_PX), _PAPER
    )
    for record in records:
        point = points[record.key]
        corner = (
            MARGIN_PX + pixfracs.index(point.final_pixfrac) * STEP_PX,
            MARGIN_PX + scales.index(point.final_scale_arcsec) * STEP_PX,
        )
        if record.key in pictures:
            wall.paste(_halved(pictures[record.key]), corner)
        else:
            said = "no picture" if record.status == "FINISHED" else record.status.lower()
            _write(wall, said, (corner[0] + TILE_PX // 2, corner[1] + TILE_PX // 2))
        if choice.chosen is not None and record.key == choice.chosen.key:
            _frame(wall, corner)
    _name_columns(wall, [f"pixfrac {pixfrac:g}" for pixfrac in pixfracs])
    # written along the rows, read from below
    turned = wall.transpose(Image.Transpose.ROTATE_270)
    _name_columns(turned, [f'{scale:.4g}"' for scale in reversed(scales)], start_px=GAP_PX)
    path.parent.mkdir(parents=True, exist_ok=True)
    turned.transpose(Image.Transpose.ROTATE_90).save(path, compress_level=_COMPRESS_LEVEL)


def shown_variant(records: Sequence[PointRecord], choice: Choice) -> list[PointRecord]:
    """Return the points with the kernel and weighting of the chosen point, or of the first."""
    known = [r for r in records if r.settings.final_scale_arcsec and r.settings.final_pixfrac]
    if not known:
        return []
    wanted = variant(summarise(known[0]) if choice.chosen is None else choice.chosen)
    return [record for record in known if variant(summarise(record)) == wanted]


def _halved(path: Path) -> Image.Image:
    """Read a picture and average 2 x 2 screen pixels."""
    with Image.open(path) as picture:
        return picture.convert("RGB").reduce(2)


def _name_columns(wall: Image.Image, names: Sequence[str], start_px: int = MARGIN_PX) -> None:
    for column, name in enumerate(names):
        _write(wall, name, (start_px + column * STEP_PX + TILE_PX // 2, MARGIN_PX // 2))


def _write(wall: Image.Image, text: str, middle: tuple[int, int]) -> None:
    ImageDraw.Draw(wall).text(middle, text, fill=_INK, font=font(LETTERS_PX), anchor="mm")


def _frame(wall: Image.Image, corner: tuple[int, int]) -> None:
    left, top = (edge - FRAME_PX for edge in corner)
    side = TILE_PX + 2 * FRAME_PX - 1
    ImageDraw.Draw(wall).rectangle(
        (left, top, left + side, top + side), outline=CHOSEN, width=FRAME_PX
    )
