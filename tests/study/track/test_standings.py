"""How the run of each point stands to the choice, in a real SQLite store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mlflow import MlflowClient

from hstdriz_study.study.track import close_study, send_point
from hstdriz_study.study.track.close_pictures import N_CLOSE, close_key
from hstdriz_study.study.track.standings import RANK, VERDICT_TAG

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import SimpleNamespace

    from mlflow.entities import Run

    from hstdriz_study.study.directory.layout import StudyDirectory

    Children = Callable[[StudyDirectory], list[Run]]


def _by_rank(runs: list[Run]) -> list[tuple[str, str]]:
    ranked = sorted(runs, key=lambda run: run.data.metrics[RANK])
    return [(run.info.run_name, run.data.tags[VERDICT_TAG]) for run in ranked]


def _sent(make_study: SimpleNamespace, uri: str) -> StudyDirectory:
    """Return a study of a whole grid whose points are there."""
    study: StudyDirectory = make_study.open(uri)
    for point in make_study.grid(study):
        send_point(study, point)
    return study


def test_the_chosen_run_is_marked_and_first_and_inadmissible_ones_are_last(
    make_study: SimpleNamespace, sqlite_uri: str, children: Children
) -> None:
    study = _sent(make_study, sqlite_uri)
    make_study.results(study)
    close_study(study)
    shown = _by_rank(children(study))
    assert shown[0] == ("★ f160w 0.065″ pf 0.7", "chosen")
    assert shown[1] == ("f160w 0.08″ pf 0.7", "runner-up: 2 % wider")
    assert shown[2] == ("f160w 0.065″ pf 0.4", "further: 2 % wider")  # the sharpest of the others
    assert [name[0] for name, verdict in shown if verdict.startswith("inadmissible")] == ["✗"] * 3
    kinds = [verdict.partition(":")[0] for _, verdict in shown]
    assert set(kinds[-4:]) == {"inadmissible", "failed"}


def test_another_choice_moves_the_mark_and_the_same_one_writes_nothing(
    make_study: SimpleNamespace, sqlite_uri: str, children: Children
) -> None:
    study = _sent(make_study, sqlite_uri)
    for pixfrac, chosen in ((0.7, "★ f160w 0.065″ pf 0.7"), (1.0, "★ f160w 0.065″ pf 1")):
        make_study.results(study, pixfrac)
        close_study(study)
        names = [name for name, _ in _by_rank(children(study))]
        assert names[0] == chosen
        assert [name for name in names if name.startswith("★")] == [chosen]
    stamps = {place.tracked: place.tracked.stat().st_mtime_ns for place in study.points()}
    close_study(study)
    assert stamps == {path: path.stat().st_mtime_ns for path in stamps}


def test_a_run_that_is_found_again_loses_the_mark_of_an_earlier_choice(
    make_study: SimpleNamespace, sqlite_uri: str, children: Children
) -> None:
    study = _sent(make_study, sqlite_uri)
    make_study.results(study, 0.7)
    close_study(study)
    for place in study.points():
        place.tracked.unlink()
        send_point(study, place)
    make_study.results(study, 1.0)
    close_study(study)
    names = [run.info.run_name for run in children(study)]
    assert [name for name in names if name.startswith("★")] == ["★ f160w 0.065″ pf 1"]


def test_a_run_that_needs_no_mark_keeps_the_name_that_it_was_given(
    make_study: SimpleNamespace, sqlite_uri: str, children: Children
) -> None:
    study = _sent(make_study, sqlite_uri)
    renamed = next(run for run in children(study) if run.info.run_name == "f160w 0.08″ pf 0.7")
    MlflowClient(sqlite_uri).update_run(renamed.info.run_id, name="for the paper")
    make_study.results(study)
    close_study(study)
    assert "for the paper" in [run.info.run_name for run in children(study)]


def test_the_chosen_and_its_rivals_have_their_pictures_once_more_and_no_others(
    make_study: SimpleNamespace, sqlite_uri: str, children: Children
) -> None:
    study = _sent(make_study, sqlite_uri)
    for pixfrac in (0.7, 1.0):
        make_study.results(study, pixfrac)
        close_study(study)
        for run in children(study):
            pictures = {path.name for path in (_artifacts(run) / "images").glob("*.png")}
            close = [name for name in pictures if name.startswith(close_key(""))]
            is_close = run.data.metrics[RANK] < N_CLOSE
            assert len(close) == (len(pictures) // 2 if is_close else 0)
            assert len(close) == 3 or not is_close


def _artifacts(run: Run) -> Path:
    return Path(run.info.artifact_uri.removeprefix("file://"))


def test_runs_of_one_scale_have_one_colour(
    make_study: SimpleNamespace, sqlite_uri: str, children: Children
) -> None:
    study = _sent(make_study, sqlite_uri)
    make_study.results(study)
    close_study(study)
    colors: dict[str, set[str]] = {}
    for run in children(study):
        scale = run.data.params["final_scale_arcsec"]
        colors.setdefault(scale, set()).add(run.data.tags["mlflow.runColor"])
    assert all(len(of_scale) == 1 for of_scale in colors.values())
    assert len(set.union(*colors.values())) == len(colors)
