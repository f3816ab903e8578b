"""A study that was run, or runs, from Python: nothing of it is written, and nothing is sent.

The names are provisional until version 1.
"""

from __future__ import annotations

import html
from dataclasses import dataclass, fields, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from astropy.coordinates import SkyCoord
from astropy.nddata import Cutout2D
from astropy.table import QTable, Table

from hstdriz_study.choose import choose_all, points_table
from hstdriz_study.choose.rules import find_rule
from hstdriz_study.errors import ConfigError, StudyError
from hstdriz_study.nearest import did_you_mean
from hstdriz_study.prepare.prepare import DITHERS_NAME
from hstdriz_study.study.config import choice_settings
from hstdriz_study.study.config.limits import check_limits
from hstdriz_study.study.config.schema import ChooseConfig
from hstdriz_study.study.directory.ended import read_ended
from hstdriz_study.study.directory.layout import StudyDirectory
from hstdriz_study.study.report.tables import choice_heads, choice_rows

if TYPE_CHECKING:
    from collections.abc import Iterable

    from matplotlib.figure import Figure

    from hstdriz_study.choose import Choice
    from hstdriz_study.contracts import Drizzled, PointRecord, StudyRegions
    from hstdriz_study.field import Field
    from hstdriz_study.study.compare import Comparison
    from hstdriz_study.study.directory.ended import EndedStudy


def open_study(directory: Path | str) -> OpenedStudy:
    """Open the directory of a study, one that still runs too: its points so far are there.

    Parameters
    ----------
    directory : `~pathlib.Path` or str
        That which holds ``study.json``.

    Raises
    ------
    StudyError
        If it is no study's, or none of its points was run.
    """
    return OpenedStudy(read_ended(StudyDirectory(Path(directory).expanduser().absolute())))


@dataclass(frozen=True, repr=False)
class OpenedStudy:
    """What a study has measured and what it would choose.

    Attributes
    ----------
    ended : `~hstdriz_study.study.directory.ended.EndedStudy`
        Its configuration and records, as the report reads them.
    """

    ended: EndedStudy

    @property
    def filters(self) -> tuple[str, ...]:
        """The filters of its points, in the order of the sweep."""
        return tuple(dict.fromkeys(record.filter for record in self.ended.records))

    @property
    def records(self) -> tuple[PointRecord, ...]:
        """All points with settings, metrics and their bootstrap replicates, provenance."""
        return self.ended.records

    @cached_property
    def points(self) -> QTable:
        """One row a point, columns with units: what ``points.ecsv`` holds."""
        return points_table(self.ended.records)

    @cached_property
    def choices(self) -> dict[str, Choice]:
        """The choice of each filter by the rule of the study, as the report has it."""
        return self.choose()

    def choose(self, **changes: Any) -> dict[str, Choice]:
        """Try another rule, or other limits, on the points that there are; nothing is run.

        Parameters
        ----------
        **changes
            Keys of ``conf/choose/default.yaml``: ``rule="deepest"``, ``max_rms_over_median=0.15``.
            Another rule has its own settings, as with ``choose=RULE``; the rest are the study's.

        Returns
        -------
        dict of str to Choice
            By filter.

        Raises
        ------
        ConfigError, ChoiceError
            For a key or rule that there is not, or a value outside its limits.
        """
        asked = {item.name: getattr(self.ended.config.choose, item.name) for item in _KEYS}
        _require_known(changes, asked)
        config = ChooseConfig(**asked | changes)
        check_limits(config, "choose.")
        settings = choice_settings(config)
        if config.rule != self.ended.config.choose.rule:
            settings = replace(find_rule(config.rule).as_shipped(settings), **changes)
        chosen = choose_all(self.ended.records, settings, self.ended.handbooks)
        return {choice.filter: choice for choice in chosen}

    def regions(self, name: str) -> StudyRegions:
        """Return where a filter was measured: stars, boxes of sky and weight, warnings."""
        from hstdriz_study.field.inspection import load_inspection

        return load_inspection(self._filter_dir(name)).regions

    def stars(self, name: str) -> QTable:
        """Return the stars that a filter's PSF was measured of."""
        return QTable(self.regions(name).stars)

    def dithers(self, name: str) -> QTable:
        """Return where the exposures of a filter lie, and at which sub-pixel phase."""
        return QTable(Table.read(self._filter_dir(name) / DITHERS_NAME))

    def warnings(self, name: str) -> tuple[str, ...]:
        """Return all that a reader must know of a filter, each once."""
        of_points = [text for record in self._of(name) for text in record.warnings]
        choice = self.choices[name]
        told = [caution.sentence for caution in choice.cautions]
        return tuple(dict.fromkeys([*told, *of_points]))

    def field(self, name: str) -> Field:
        """Return the `~hstdriz_study.field.Field` of a filter, to measure points of one's own.

        Exposures that are no longer in the cache are prepared anew.

        Raises
        ------
        StudyError
            If the exposures themselves are gone.
        """
        from hstdriz_study.study.run.anew import field_of

        return field_of(self._of(name)[0], self.ended.directory)

    def image(self, key: str) -> Drizzled:
        """Drizzle a point again, the whole of it: ``sci``, ``wht`` and ``wcs``.

        Parameters
        ----------
        key : str
            Of the point: a value of the column ``key``, or its beginning.

        Raises
        ------
        StudyError
            If no point, or more than one, has the key.
        """
        record = self._point(key)
        return self.field(record.filter).image(record.settings, "frame")

    def stamps(self, key: str, size_arcsec: float = 3.0) -> list[Cutout2D]:
        """Drizzle a point again and cut out the stars that its PSF was measured of.

        Parameters
        ----------
        key : str
            As for `image`.
        size_arcsec : float
            Side of a stamp.

        Returns
        -------
        list of `~astropy.nddata.Cutout2D`
            In the order of `stars`: ``data`` in electrons (ACS) or electrons per second, with
            ``wcs``; NaN beyond the edge of the image.
        """
        image, stars = self.image(key), self.stars(self._point(key).filter)
        side = max(round(size_arcsec / image.final_scale_arcsec), 1)
        return [
            Cutout2D(image.sci, sky, side, wcs=image.wcs, mode="partial", fill_value=np.nan)
            for sky in SkyCoord(stars["ra"], stars["dec"])
        ]

    def figure(self, kind: str, name: str) -> Figure:
        """Draw a figure of the report.

        Parameters
        ----------
        kind : str
            ``tradeoff`` or ``curves``.
        name : str
            Of the filter.

        Returns
        -------
        `~matplotlib.figure.Figure`
        """
        from hstdriz_study.study.report.figures import PLOTS

        if kind not in PLOTS:
            raise StudyError(_no_such("figure", kind, PLOTS))
        draw, *_ = PLOTS[kind]
        settings = choice_settings(self.ended.config.choose)
        return draw(self._of(name), self.choices[name], settings)

    def compare(self, other: OpenedStudy) -> Comparison:
        """Put another study beside this one: what changed, and by how many sigma.

        Raises
        ------
        StudyError
            If they share no filter, or one has not ended.
        """
        from hstdriz_study.study.compare import compare_studies, read_side

        return compare_studies(read_side(self.ended.directory), read_side(other.ended.directory))

    def what_if(self, change: str, name: str) -> QTable:
        """Foresee what exposures fewer or more would change; nothing is written.

        Parameters
        ----------
        change : str
            ``drop:1``, ``drop:EXPOSURE`` or ``add:1``.
        name : str
            Of the filter.

        Returns
        -------
        `~astropy.table.QTable`
            One row a case and point, as ``what_if/<change>.ecsv`` has them.

        Raises
        ------
        StudyError
            If the filter's exposures do not allow it.
        """
        from hstdriz_study.study.what_if import foresee_change
        from hstdriz_study.what_if.change import parse_change
        from hstdriz_study.what_if.outcome_table import what_if_table

        foreseen = foresee_change(self.ended, self.choices[name], parse_change(change))
        return what_if_table([foreseen])

    def _of(self, name: str) -> list[PointRecord]:
        found = [record for record in self.ended.records if record.filter == name]
        if not found:
            raise StudyError(_no_such("filter", name, self.filters))
        return found

    def _point(self, key: str) -> PointRecord:
        found = [record for record in self.ended.records if record.key.startswith(key)]
        if len(found) != 1:
            raise StudyError(f"{len(found)} points have a key that begins with {key!r}; give one's")
        return found[0]

    def _filter_dir(self, name: str) -> Path:
        self._of(name)
        return self.ended.directory.of_filter(name).path

    def __repr__(self) -> str:
        """Say which study it is, and how much of it there is."""
        n_points = f"{len(self.records)} of {self.ended.n_points} points"
        return f"<study {self.ended.directory}: {', '.join(self.filters)}, {n_points}>"

    def _repr_html_(self) -> str:
        """Show the choices as a table, for notebooks."""
        rows = choice_rows(tuple(self.choices.values()))
        cells = [_row("th", choice_heads()), *(_row("td", row) for row in rows)]
        title = html.escape(f"{self.ended.directory.path.name}: {self.ended.data.line}")
        return f"<p>{title}</p><table>{''.join(cells)}</table>"


_KEYS = fields(ChooseConfig)


def _require_known(given: Iterable[str], known: Iterable[str]) -> None:
    names = list(known)
    for name in given:
        if name not in names:
            raise ConfigError(_no_such("key", f"choose.{name}", [f"choose.{one}" for one in names]))


def _no_such(kind: str, word: str, known: Iterable[str]) -> str:
    names = list(known)
    return "; ".join(filter(None, (f"{word}: there is no such {kind}", did_you_mean(word, names))))


def _row(tag: str, cells: Iterable[str]) -> str:
    return f"<tr>{''.join(f'<{tag}>{html.escape(cell)}</{tag}>' for cell in cells)}</tr>"
