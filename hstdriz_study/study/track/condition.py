"""A SQLite file and the installed MLflow to what has to be done before one can use the other."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from hstdriz_study.errors import ConfigError, TrackingError
from hstdriz_study.study.track.database import Database, read_database
from hstdriz_study.study.track.mlflow_parts import installed_schema
from hstdriz_study.study.track.uri import absolute_uri, sqlite_path

if TYPE_CHECKING:
    from pathlib import Path

    from hstdriz_study.study.track.mlflow_parts import Schema


class StoreNotReadyError(TrackingError):
    """The store of a study has to be made, or made anew, before it can be used."""


class State(Enum):
    """What a file is to the installed MLflow."""

    ABSENT = "gone"
    SOUND = "sound"
    HALF_MADE = "half-made"
    DAMAGED = "damaged"
    OLDER = "older"
    NEWER = "newer"
    FOREIGN = "foreign"


@dataclass(frozen=True)
class Condition:
    """What a file is, and the facts that say so."""

    path: Path
    state: State
    found: Database

    def refuse(self) -> None:
        """Refuse a file that must stay as it is.

        Raises
        ------
        TrackingError
            Naming the way on.
        """
        if self.state is State.FOREIGN:
            raise TrackingError(f"{self.path}: {_foreign(self.found)}")
        if self.state is State.NEWER:
            raise TrackingError(
                f"{self.path}: was made by a newer MLflow (schema {self.found.revision}) than the "
                "one installed, and stays as it is; install that MLflow, or set "
                "track.tracking_uri=sqlite:///DIR/mlflow.db to another file"
            )

    def require_sound(self) -> None:
        """Refuse a store that has to be made ready first.

        Raises
        ------
        StoreNotReadyError
            If sending a study does that.
        TrackingError
            If only the user can.
        """
        self.refuse()
        if self.state is not State.SOUND:
            raise StoreNotReadyError(f"{self.path}: {_NOT_READY[self.state]}")


_NOT_READY = {
    State.ABSENT: "the tracking database is gone; run `hstdriz-study send STUDY_DIR` to make it "
    "again from the records",
    State.HALF_MADE: "the tracking database is half made; run `hstdriz-study send STUDY_DIR` to "
    "set it aside and make it again from the records",
    State.DAMAGED: "the tracking database is damaged; run `hstdriz-study send STUDY_DIR` to set "
    "it aside and make it again from the records",
    State.OLDER: "the tracking database has the schema of an older MLflow; run `hstdriz-study "
    "send STUDY_DIR` to have it kept as it is and a copy upgraded",
}


def look(path: Path) -> Condition:
    """Tell what a file is; MLflow must have been imported.

    Raises
    ------
    TrackingError
        If it is locked, or may not be read.
    """
    if not path.exists():
        return Condition(path, State.ABSENT, Database())
    found = read_database(path)
    return Condition(path, state_of(found, installed_schema()), found)


def refuse_foreign_file(tracking_uri: str, base: Path) -> None:
    """Refuse a SQLite file that holds something else, before any work; MLflow is not needed.

    Parameters
    ----------
    tracking_uri : str
        As in ``track.tracking_uri``.
    base : `~pathlib.Path`
        Directory that a relative path starts from.

    Raises
    ------
    ConfigError
        If the file is not MLflow's, or MLflow cannot use the URI.
    """
    path = sqlite_path(absolute_uri(tracking_uri, base))
    if path is None:
        return
    with suppress(TrackingError, OSError):  # told when the store is used; the study goes on
        if path.exists() and (found := read_database(path, patience_s=0)).is_foreign:
            raise ConfigError(f"track.tracking_uri={tracking_uri}: {_foreign(found)}")


def state_of(found: Database, schema: Schema) -> State:
    """Tell what a database that is there is to an MLflow."""
    if found.is_foreign:
        return State.FOREIGN
    if found.damage is not None:
        return State.DAMAGED
    if found.revision == schema.head:
        return State.SOUND
    if found.revision is not None and found.revision not in schema.known:
        return State.NEWER
    # A store that was ever complete holds an experiment; one without a row has nothing to lose.
    return State.OLDER if found.is_used else State.HALF_MADE


def _foreign(found: Database) -> str:
    return (
        f"holds something else than MLflow's runs ({found.content}), and stays as it is; set "
        "track.tracking_uri=sqlite:///DIR/mlflow.db to another file"
    )
