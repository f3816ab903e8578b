"""What the pages say of one exposure fewer or more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hstdriz_study.json_files import read_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.choose import Choice
    from hstdriz_study.contracts import PointRecord
    from hstdriz_study.study.directory.layout import StudyDirectory


def what_ifs_told(
    study_dir: StudyDirectory, choice: Choice, records: Sequence[PointRecord]
) -> list[dict[str, Any]]:
    """Return what was foreseen of a filter, one item a change, in the order of their names.

    What was foreseen for another choice, or before points were added, is left out.
    """
    asked = choice.chosen and choice.chosen.key, sorted(record.key for record in records)
    told = []
    for path in study_dir.what_ifs():
        content = read_json(path)
        told += [
            one | {name: content[name] for name in ("change", "case_heads", "assumed")}
            for one in content["filters"]
            if one["filter"] == choice.filter and (one["chosen"], one["points"]) == asked
        ]
    return told
