"""MLflow's private parts are used in one module, which says why, and in versions it was read in."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from mlflow.utils import mlflow_tags

from hstdriz_study.study.track import mlflow_parts
from hstdriz_study.study.track.mlflow_parts import (
    FILLED_BY_MAKING,
    FIRST_COLUMNS,
    FIRST_TABLE,
    IMAGES_TAG,
    REVISION_COLUMN,
    REVISION_TABLE,
    installed_schema,
    make_tables,
)

if TYPE_CHECKING:
    from pathlib import Path

DOCUMENTED = re.compile(r"mlflow(\.MlflowClient|\.entities\..+|\.exceptions\..+)?")
HOME = "study/track/mlflow_parts.py"


@pytest.fixture
def private(imports_of) -> dict[str, set[str]]:
    """Private parts by the module that imports them; Alembic and SQLAlchemy are such parts."""
    of_libraries = [imports_of(library) for library in ("mlflow", "alembic", "sqlalchemy")]
    paths = {path for found in of_libraries for path in found}
    imported = {
        path: set().union(*(found.get(path, ()) for found in of_libraries)) for path in paths
    }
    undocumented = {
        path: {name for name in names if not DOCUMENTED.fullmatch(name)}
        for path, names in imported.items()
    }
    return {path: names for path, names in undocumented.items() if names}


def test_private_parts_of_mlflow_are_imported_by_their_adapter_alone(private) -> None:
    assert set(private) == {HOME}


def test_the_adapter_says_of_each_part_of_mlflow_what_it_is_for(private) -> None:
    for_types = {"Engine", "ArtifactRepository", "Connection", "Dialect", "Inspector"}
    parts = {name.rpartition(".")[2] for name in private[HOME]} - for_types
    assert all(part in mlflow_parts.__doc__ for part in parts)


def test_the_adapter_was_read_in_the_version_of_mlflow_that_is_pinned(required) -> None:
    asked, pinned = required("mlflow")
    assert any(bound.operator == "<" for bound in asked)
    assert f"read in {pinned}." in mlflow_parts.__doc__


def test_a_store_has_the_tables_that_tell_what_it_is(tmp_path: Path) -> None:
    make_tables(f"sqlite:///{tmp_path}/mlflow.db")
    with closing(sqlite3.connect(tmp_path / "mlflow.db")) as store:
        names = [
            name for (name,) in store.execute("SELECT name FROM sqlite_master WHERE type='table'")
        ]
        rows = {name: store.execute(f'SELECT * FROM "{name}"').fetchone() for name in names}  # noqa: S608
        columns = {row[1] for row in store.execute(f"PRAGMA table_info({FIRST_TABLE})")}
        (revision_column,) = store.execute(f"PRAGMA table_info({REVISION_TABLE})").fetchall()
    assert {name for name, row in rows.items() if row} == FILLED_BY_MAKING
    assert columns >= FIRST_COLUMNS
    assert revision_column[1] == REVISION_COLUMN
    assert rows[REVISION_TABLE] == (installed_schema().head,)


def test_the_tag_of_pictures_is_mlflow_s() -> None:
    assert mlflow_tags.MLFLOW_LOGGED_IMAGES == IMAGES_TAG
