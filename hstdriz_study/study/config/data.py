"""Whose exposures a study is about: settled once, said in the same words wherever it is read."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from hstdriz_study.errors import ConfigError
from hstdriz_study.fetch.settings import Question
from hstdriz_study.study.config.schema import KINDS
from hstdriz_study.study.config.shipped import shipped_defaults

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from hstdriz_study.study.config.schema import DatasetConfig, MastConfig, StudyConfig

SYNTHETIC, LOCAL, MAST = KINDS
# Keys of ``dataset`` that say how exposures are simulated, and what they say in words.
_SIMULATION = {
    "seed": "seed {}",
    "full_frame": "full frames",
    "n_exposures": "{} exposures a filter",
    "pointing_error_px": "pointing errors of {:g} pixel",
}


@dataclass(frozen=True)
class DataTold:
    """What the exposures of a study are.

    Attributes
    ----------
    words : str
        ``simulated (seed 1), not HST data`` or the directory, filter by filter
        where they differ; empty when the study does not tell.
    kinds : tuple of str
        ``synthetic``, ``local``, ``mast``.
    """

    words: str
    kinds: tuple[str, ...]

    @property
    def simulated(self) -> bool:
        """Whether any of the exposures are simulated."""
        return SYNTHETIC in self.kinds

    @property
    def line(self) -> str:
        """The words with what they are about; empty when there are none."""
        return f"Exposures: {self.words}" if self.words else ""


def data_told(study: Mapping[str, Any]) -> DataTold:
    """Say what the exposures of a study are.

    Parameters
    ----------
    study : mapping
        What ``study.json`` holds.
    """
    return _told(study.get("datasets", {}))


def points_told(points: Sequence[StudyConfig]) -> DataTold:
    """Say what the exposures of points that are not yet a study are."""
    return _told(datasets_of(points))


def datasets_of(points: Sequence[StudyConfig]) -> dict[str, dict[str, Any]]:
    """Return the ``dataset`` of each filter, as `data_told` reads it in ``study.json``."""
    return {point.filter.name: asdict(point.dataset) for point in points}


def _told(datasets: Mapping[str, Mapping[str, Any]]) -> DataTold:
    filters: dict[str, list[str]] = {}
    for name, dataset in datasets.items():
        filters.setdefault(_words(dataset), []).append(name)
    if len(filters) == 1:
        (words,) = filters
    else:
        words = "; ".join(f"{', '.join(names)}: {said}" for said, names in filters.items())
    kinds = {dataset["kind"] for dataset in datasets.values() if dataset["kind"]}
    return DataTold(words, tuple(sorted(kinds)))


def _words(dataset: Mapping[str, Any]) -> str:
    if dataset["kind"] == LOCAL:
        return str(dataset["path"])
    if dataset["kind"] == MAST:
        return f"{dataset['path']}, fetched from MAST ({_question(dataset['mast']).words})"
    if dataset["kind"] == SYNTHETIC:
        settings = {"seed": dataset["seed"]} | _of_simulation(dataset)
        how = ", ".join(_SIMULATION[name].format(value) for name, value in settings.items())
        return f"simulated ({how}), not HST data"
    return ""


def question_of(mast: MastConfig) -> Question:
    """Return what is asked of the archive."""
    return _question(asdict(mast))


def _question(mast: Mapping[str, Any]) -> Question:
    obs_ids = tuple(dict.fromkeys(name.lower() for name in mast["obs_ids"]))
    return Question(mast["proposal"], obs_ids, mast["target"], mast["radius_arcmin"])


def _of_simulation(dataset: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings of a simulation that are not the usual ones."""
    usual = shipped_defaults()["dataset"]
    return {name: dataset[name] for name in _SIMULATION if dataset[name] != usual[name]}


def with_kind(config: StudyConfig, typed: Collection[str] = ()) -> StudyConfig:
    """Settle whose exposures they are: a question means the archive's, a path the user's own.

    Parameters
    ----------
    config : `~hstdriz_study.study.config.StudyConfig`
    typed : collection of str
        Dotted keys given with the command, files apart.

    Raises
    ------
    ConfigError
        If exposures of two kinds are asked for, a path or a question is asked for and not
        given, or a setting of simulated exposures was typed for others.
    """
    dataset, question = config.dataset, question_of(config.dataset.mast)
    kind = dataset.kind or (MAST if question.asks else _kind_by_path(dataset))
    if kind != MAST and question.asks and any(key.startswith("dataset.mast.") for key in typed):
        raise ConfigError(
            f"dataset.mast ({question.words}) asks for exposures of the archive, but dataset.kind="
            f"{kind} for others; leave one of the two out"
        )
    if kind == MAST:
        check_question(question)
        _check_not_simulated(dataset, typed, "dataset.mast asks for the archive's")
        path = dataset.path or f"mast/{question.folder_name}"
        return replace(config, dataset=replace(dataset, kind=kind, path=path))
    if kind == LOCAL:
        _check_local(dataset, typed)
    elif dataset.path is not None:
        raise ConfigError(
            f"dataset.path={dataset.path} names exposures of your own, but dataset.kind={kind} "
            "(dataset=synthetic) asks for simulated ones; leave one of the two out (dataset.path="
            "null takes back the path of a file)"
        )
    return replace(config, dataset=replace(dataset, kind=kind))


def _kind_by_path(dataset: DatasetConfig) -> str:
    return SYNTHETIC if dataset.path is None else LOCAL


def check_question(question: Question) -> None:
    """Refuse to ask the archive for nothing.

    Raises
    ------
    ConfigError
        With the keys that ask.
    """
    if not question.asks:
        raise ConfigError(
            "dataset.mast says nothing to ask the archive for; give dataset.mast.proposal=11570, "
            'dataset.mast.obs_ids=[ib1f19l6q] or "dataset.mast.target=NGC 3370"'
        )


def _check_local(dataset: DatasetConfig, typed: Collection[str]) -> None:
    if not dataset.path:
        raise ConfigError(
            "dataset.path names no directory; give that of your exposures, dataset.path=DIR"
        )
    _check_not_simulated(dataset, typed, f"dataset.path={dataset.path} names your own")


def _check_not_simulated(dataset: DatasetConfig, typed: Collection[str], but: str) -> None:
    for name in _SIMULATION:
        if f"dataset.{name}" in typed:
            raise ConfigError(
                f"dataset.{name}={getattr(dataset, name)}: says how exposures are simulated, but "
                f"{but}; leave one of the two out (dataset.exclude=[...] leaves out exposures)"
            )


def without_part(points: Sequence[StudyConfig]) -> list[str]:
    """Say which settings of files have no part, because the exposures are the user's own."""
    found = {
        f"dataset.{name}={value}"
        for point in points
        if point.dataset.kind in (LOCAL, MAST)
        for name, value in _of_simulation(asdict(point.dataset)).items()
    }
    return [
        f"{setting} has no part: it is of simulated exposures, yours are taken as they are"
        for setting in sorted(found)
    ]
