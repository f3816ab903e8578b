"""The figures of one filter: which are drawn, where they lie, what they say."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING

from hstdriz_study.cache import content_key
from hstdriz_study.choose.as_json import choice_to_json
from hstdriz_study.choose.points import finished
from hstdriz_study.keys.code import source_checksum
from hstdriz_study.study.report.at_once import draw_all
from hstdriz_study.study.report.curves import curves_figure
from hstdriz_study.study.report.mosaic import mosaic_figure, shown_variant
from hstdriz_study.study.report.style import save
from hstdriz_study.study.report.tradeoff import tradeoff_figure
from hstdriz_study.whole_files import write_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from matplotlib.figure import Figure

    from hstdriz_study.choose import Choice, ChoiceSettings
    from hstdriz_study.contracts import PointRecord
    from hstdriz_study.study.directory.layout import FilterDirectory

ERROR_NOTE = (
    "Error bars are 1 sigma from resampling stars, sky boxes or tiles of the weight map. "
    "Points share stars and sky, so their differences are known better than the bars say."
)
PLOTS = {
    "tradeoff": (
        tradeoff_figure,
        "The trade-off",
        "Sharpness against smooth weights and low noise; numbers are pixfracs.",
    ),
    "curves": (curves_figure, "All metrics", ERROR_NOTE),
}
FOR_PAPERS = (".pdf", ".png")
"""What plots are written as besides."""
MOSAICS = {
    "star_stamp": ("The brightest star", "The brightest selected star at every point."),
    "weight_map": (
        "Weight maps",
        "Weight relative to its median, 0 (dark) to 2 (bright), on one patch of sky.",
    ),
    "science_cutout": ("Science cut-outs", "The same patch of sky in the drizzled image."),
}
_DRAWN_OF = ".drawn"
MOSAIC_NOTE = (
    " Same box of sky and same stretch at every point; pixels without data are pink, "
    "the chosen point is framed."
)
SETUP_FIGURES = {
    "stars": ("Star selection", "Sources of the native-scale image and what became of them."),
    "psf_over_field": (
        "The PSF over the field",
        "Width (colour) and shape (line along the long axis) of each selected star.",
    ),
    "dithers_sky": ("Dithers on the sky", "Offsets of the exposures from the first."),
    "dithers_phase": (
        "Sub-pixel phases",
        "Where each exposure samples the native pixel, from the full distorted WCS.",
    ),
}


@dataclass(frozen=True)
class FigureFile:
    """A figure on disk and the words beside it.

    Attributes
    ----------
    title, caption : str
    path : `~pathlib.Path`
        SVG for plots, PNG for pictures.
    """

    title: str
    caption: str
    path: Path


def draw_filter(
    records: Sequence[PointRecord],
    choice: Choice,
    config: ChoiceSettings,
    pictures: Mapping[str, Mapping[str, Path]],
    directory: Path,
) -> list[FigureFile]:
    """Draw the figures that compare the points of one filter.

    Parameters
    ----------
    records : sequence of `~hstdriz_study.contracts.PointRecord`
    choice : Choice
    config : `~hstdriz_study.choose.ChoiceSettings`
    pictures : mapping
        Image name (`MOSAICS`) to point key to PNG file.
    directory : `~pathlib.Path`
        Made when it is not there.

    Returns
    -------
    list of FigureFile
        Empty when no point was measured.
    """
    if not finished(records):
        return []
    drawn, calls = [], []
    for name, (draw, title, caption) in PLOTS.items():
        path = directory / f"{name}.svg"
        calls.append(partial(_plot, draw, records, choice, config, path))
        drawn.append(FigureFile(title, caption, path))
    of_variant = shown_variant(records, choice)
    for name, (title, caption) in MOSAICS.items():
        if pictures.get(name):
            path = directory / f"{name}.png"
            calls.append(partial(mosaic_figure, of_variant, pictures[name], choice, path))
            drawn.append(FigureFile(title, caption + MOSAIC_NOTE, path))
    drawn_of, note = _drawn_of(records, choice, config), directory / _DRAWN_OF
    if not _is_drawn(drawn, drawn_of, note):
        note.unlink(missing_ok=True)
        draw_all(calls)
        write_text(note, drawn_of)
    return drawn


def _drawn_of(records: Sequence[PointRecord], choice: Choice, config: ChoiceSettings) -> str:
    """Return a name of all that the figures are drawn from, this package among it."""
    points = [(record.key, record.status, record.error, record.metrics) for record in records]
    return content_key([source_checksum(), points, choice_to_json(choice), asdict(config)])


def _is_drawn(figures: Sequence[FigureFile], drawn_of: str, note: Path) -> bool:
    """Tell whether all figures are there, of every kind, and of the same."""
    plots = [figure.path for figure in figures if figure.path.stem in PLOTS]
    files = [figure.path for figure in figures]
    files += [path.with_suffix(suffix) for path in plots for suffix in FOR_PAPERS]
    is_same = note.is_file() and note.read_text() == drawn_of
    return is_same and all(path.is_file() for path in files)


def _plot(
    draw: Callable[[Sequence[PointRecord], Choice, ChoiceSettings], Figure],
    records: Sequence[PointRecord],
    choice: Choice,
    config: ChoiceSettings,
    path: Path,
) -> None:
    figure = draw(records, choice, config)
    for suffix in (path.suffix, *FOR_PAPERS):
        save(figure, path.with_suffix(suffix))


def setup_figures(filter_dir: FilterDirectory) -> list[FigureFile]:
    """Return the figures of stars, PSF and dithers that are there."""
    return [
        FigureFile(title, caption, path)
        for name, (title, caption) in SETUP_FIGURES.items()
        if (path := filter_dir.figure(name)).is_file()
    ]
