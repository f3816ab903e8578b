"""The ``tracking`` section of ``study.json``: all that is needed to send a study, at any time."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from hstdriz_study.errors import TrackingError
from hstdriz_study.json_files import rewrite_json, update_json
from hstdriz_study.study.directory.layout import REPORT_HTML
from hstdriz_study.study.directory.stored import read_study
from hstdriz_study.study.track.link import (
    artifact_link,
    comparison_link,
    page_root,
    view_link,
)
from hstdriz_study.study.track.payload import STUDY_TAG

if TYPE_CHECKING:
    from hstdriz_study.study.directory.layout import StudyDirectory

SECTION = "tracking"


@dataclass(frozen=True)
class Ticket:
    """Where a study is tracked.

    Attributes
    ----------
    tracking_uri : str
        Absolute.
    experiment : str
        Name of the MLflow experiment.
    artifact_location : str or None
        For an experiment that has to be created.
    ui_port : int
        Port of the local MLflow pages, where it is free.
    patience_s : float
        How long the end of the study waits for the store.
    study_id : str or None
        On every run of the study, wherever copies of its directory lie; None of an earlier version.
    name, title : str
        What the parent run is called, and its one-sentence description.
    overrides : tuple of str
        The command line, as Hydra took it.
    experiment_id, parent_run_id : str or None
        None until the store was reached.
    filters : tuple of str
        Filters of the points, as far as they are known.
    status : str or None
        How the study ended; None while it runs.
    shown : str or None
        Digest of what the store shows of the study; None until all of it was sent.
    """

    tracking_uri: str
    experiment: str
    artifact_location: str | None
    ui_port: int
    name: str
    title: str
    overrides: tuple[str, ...]
    patience_s: float = 60.0
    study_id: str | None = None
    experiment_id: str | None = None
    parent_run_id: str | None = None
    filters: tuple[str, ...] = ()
    status: str | None = None
    shown: str | None = None

    @property
    def ids(self) -> tuple[str, str]:
        """Experiment and parent run.

        Raises
        ------
        TrackingError
            If the store has never been reached.
        """
        if self.experiment_id is None or self.parent_run_id is None:
            raise TrackingError(
                f"study {self.name}: has no run in the tracking store yet; run "
                "`hstdriz-study send STUDY_DIR` when the store can be reached"
            )
        return self.experiment_id, self.parent_run_id

    @property
    def heading(self) -> str:
        """Title of the study, or its name where it has none."""
        return self.title or self.name

    def filter_links(self, root: str) -> dict[str, str]:
        """Return the page of every filter of a study of several, by filter."""
        if len(self.filters) <= 1:
            return {}
        return {name: view_link(root, *self.ids, name) for name in self.filters}

    def links(self) -> dict[str, str]:
        """Return the addresses of the study's pages, of whatever layout."""
        root = page_root(self.tracking_uri, self.ui_port)
        return {
            "link": view_link(root, *self.ids),
            "plain_link": comparison_link(root, *self.ids),
        }

    def pages(self, root: str) -> dict[str, str]:
        """Return the pages that are laid out for the study, by what they are called."""
        return {"Comparison": view_link(root, *self.ids), **self.filter_links(root)}

    def report_page(self, root: str) -> str:
        """Return the page that shows the report among what was sent of the study."""
        return artifact_link(root, *self.ids, REPORT_HTML)


def read_ticket(study_dir: StudyDirectory) -> Ticket:
    """Read where a study is tracked.

    Raises
    ------
    TrackingError
        If the study was made without tracking.
    """
    section = read_study(study_dir).get(SECTION)
    if not section:
        raise TrackingError(
            f"{study_dir.description}: does not say where to send the study; run the study again "
            "with track=sqlite or track=server"
        )
    return _ticket(section)


def find_ticket(study_dir: StudyDirectory) -> Ticket | None:
    """Return where a study was tracked before, None when it is new."""
    if not (study_dir.description).is_file():
        return None
    section = read_study(study_dir).get(SECTION)
    return _ticket(section) if section else None


def write_ticket(study_dir: StudyDirectory, ticket: Ticket) -> None:
    """Write where a study is tracked; the other keys of ``study.json`` stay."""
    update_json(study_dir.description, {SECTION: _section(ticket)})


def change_ticket(study_dir: StudyDirectory, **changes: Any) -> Ticket:
    """Change some of what is known of where a study is tracked.

    The study, and the process that sends it, may do so at the same time.
    """

    def changed(content: dict[str, Any]) -> dict[str, Any]:
        ticket = replace(_ticket(content[SECTION]), **changes)
        return content | {SECTION: _section(ticket)}

    read_ticket(study_dir)  # or its sentence
    rewrite_json(study_dir.description, changed)
    return read_ticket(study_dir)


def study_tags(ticket: Ticket) -> dict[str, str]:
    """Return what says on every run of a study that it is one of it."""
    return {} if ticket.study_id is None else {STUDY_TAG: ticket.study_id}


def _section(ticket: Ticket) -> dict[str, Any]:
    section = asdict(ticket)
    if ticket.parent_run_id is not None:
        root = page_root(ticket.tracking_uri, ticket.ui_port)
        section |= ticket.links() | {"filter_links": ticket.filter_links(root)}
    return section


def set_status(study_dir: StudyDirectory, status: str) -> Ticket:
    """Record how a study ended, before anyone is told."""
    return change_ticket(study_dir, status=status)


def _ticket(section: dict[str, Any]) -> Ticket:
    known = {field.name for field in fields(Ticket)}
    kept = {name: value for name, value in section.items() if name in known}
    lists = {name: tuple(kept.get(name, ())) for name in ("overrides", "filters")}
    return Ticket(**{**kept, **lists})
