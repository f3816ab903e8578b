"""What is read from a study's directory, as the present version writes it.

``study.json``, the records of points and what filters share hold the number of their format. A
file of an earlier one is brought up to date in memory, step by step; it stays as it is on disk.
Each step lists, by kind of file, what has become of it; files that hold no number are of format 0,
and a step leaves alone what is already as it makes it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from hstdriz_study.errors import StudyError
from hstdriz_study.good_bits import good_bits
from hstdriz_study.json_files import read_json, write_json

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    Content = dict[str, Any]

_NUMBER = "format"


class Kind(StrEnum):
    """The kinds of files that are read back."""

    STUDY = "study"
    RECORD = "record"
    SETUP = "setup"
    PLAN = "plan"
    CHOICE = "choice"
    MATCHING = "matching"


def read_stored(path: Path, kind: Kind) -> Content:
    """Read a file of a study as the present version would have written it.

    Raises
    ------
    StudyError
        If the file is missing, is not JSON, or was written by a newer version.
    """
    content: Any = read_json(path)
    number = content.pop(_NUMBER, 0) if isinstance(content, dict) else 0
    early_choice = kind is Kind.CHOICE and isinstance(content, list)
    if not isinstance(number, int) or not (early_choice or isinstance(content, dict)):
        raise StudyError(
            f"{path}: is not as hstdriz-study writes it; restore the file, or run the study again"
        )
    if number > FORMAT:
        raise StudyError(
            f"{path}: has format {number}, of which this version reads up to {FORMAT}; install "
            f"hstdriz-study {_writer(content)} or newer"
        )
    for step in STEPS[number:]:
        content = step.get(kind, dict)(content)
    return dict(content)


def write_stored(path: Path, content: Mapping[str, Any]) -> None:
    """Write a file with the number of its format."""
    write_json(path, {_NUMBER: FORMAT} | dict(content))


def _writer(content: Content) -> str:
    """Return the version that wrote a study or a record."""
    versions = content.get("versions") or content.get("provenance", {}).get("versions", {})
    return str(versions.get("hstdriz-study", "of the version that wrote it"))


# Format 0 to 1. Defaults are those of that time, whatever the configuration says today.

_RENAMED_IN_1 = {("prepare", "max_star_core_flagged"): ("checks", "max_star_core_flagged")}
_DATASET_IN_1: Content = {
    "kind": None,
    "seed": 1,
    "full_frame": False,
    "n_exposures": 4,
    "pointing_error_px": 0.0,
}


def _study_to_1(study: Content) -> Content:
    """Tell the exposures of every filter; before, those of the first point alone were known."""
    config = _config_to_1(study.get("config", {}))
    known: Content = study.get("datasets", {})
    of_first: Content = config.get("dataset", {})
    names: list[str] = study.get("filters") or list(known) or [""]  # which it tells, or one
    datasets = dict.fromkeys(names, of_first) | known
    filters = {name: _filter_to_1(one) for name, one in study.get("filter_configs", {}).items()}
    return study | {
        "config": config,
        "datasets": {name: _DATASET_IN_1 | one for name, one in datasets.items()},
        "filter_configs": filters,
    }


def _config_to_1(config: Content) -> Content:
    """Put values of renamed keys under their new names, and write good bits as a number."""
    found = {room: dict(of) if isinstance(of, dict) else of for room, of in config.items()}
    for (room, name), (new_room, new_name) in _RENAMED_IN_1.items():
        value = found.get(room, {}).pop(name, None)
        if value is not None:
            found.setdefault(new_room, {})[new_name] = value
    if "filter" in found:
        found["filter"] = _filter_to_1(found["filter"])
    for room, name in (("prepare", "driz_sep_bits"), ("drizzle", "final_bits")):
        if room in found:
            found[room] = _with_number(found[room], name, room)
    return found


def _filter_to_1(of_filter: Content) -> Content:
    found = _with_number(of_filter, "good_bits", "filter")
    if "recipe" in found:
        found["recipe"] = _with_number(found["recipe"], "good_bits", "filter.recipe")
    return found


def _with_number(settings: Content, name: str, above: str) -> Content:
    if name not in settings:
        return dict(settings)
    return settings | {name: good_bits(settings[name], f"{above}.{name}")}


def _record_to_1(record: Content) -> Content:
    """Add what early records lack: entries and phases of metrics, the parts of the key."""
    provenance = record["provenance"]
    if provenance:
        provenance = {"stages": {}} | provenance
    if "config" in provenance:
        provenance = provenance | {"config": _config_to_1(provenance["config"])}
    metrics = {name: {"phases": None} | one for name, one in record["metrics"].items()}
    return {"entries": {}} | record | {"metrics": metrics, "provenance": provenance}


def _setup_to_1(setup: Content) -> Content:
    return {"injected": None, "stages": {}} | setup


def _plan_to_1(plan: Content) -> Content:
    return {"added": []} | plan


def _choice_to_1(choice: Any) -> Content:
    """Early choices were a bare list."""
    return dict(choice) if isinstance(choice, dict) else {"choices": choice}


def _matching_to_1(matching: Content) -> Content:
    return {"on_other_pixels": []} | matching


# Format 1 to 2.

_WCS_IN_2 = {True: "updatewcs", False: "active"}


def _study_to_2(study: Content) -> Content:
    return study | {"config": _config_to_2(study.get("config", {}))}


def _record_to_2(record: Content) -> Content:
    provenance = record["provenance"]
    if "config" in provenance:
        provenance = provenance | {"config": _config_to_2(provenance["config"])}
    return record | {"provenance": provenance}


def _config_to_2(config: Content) -> Content:
    """Say by the name of the present key which WCS was used."""
    if "prepare" not in config:
        return config
    prepare = dict(config["prepare"])
    updatewcs = prepare.pop("updatewcs", None)
    if updatewcs is not None:
        prepare["wcs"] = _WCS_IN_2[updatewcs]
    return config | {"prepare": prepare}


STEPS: tuple[Mapping[Kind, Callable[[Any], Content]], ...] = (
    {
        Kind.STUDY: _study_to_1,
        Kind.RECORD: _record_to_1,
        Kind.SETUP: _setup_to_1,
        Kind.PLAN: _plan_to_1,
        Kind.CHOICE: _choice_to_1,
        Kind.MATCHING: _matching_to_1,
    },
    {Kind.STUDY: _study_to_2, Kind.RECORD: _record_to_2},
)
"""What each format changed in the one before, by kind of file."""

FORMAT = len(STEPS)
"""The format that this version writes."""
