"""Whose exposures a study is about: a path means the user's own, and the words are true."""

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from hydra import initialize_config_dir
from hypothesis import given
from hypothesis import strategies as st

from hstdriz_study.cli.points import point_config
from hstdriz_study.conf_files import conf_directory
from hstdriz_study.errors import ConfigError
from hstdriz_study.study.config import (
    data_told,
    datasets_of,
    points_told,
    without_part,
)

SIMULATED = "simulated (seed 1), not HST data"


@pytest.fixture(scope="module", autouse=True)
def _hydra():
    with initialize_config_dir(str(conf_directory()), version_base="1.3"):
        yield


def test_without_a_path_the_exposures_are_simulated():
    point = point_config(("filter=f160w",))
    assert point.dataset.kind == "synthetic"
    assert point == point_config(("filter=f160w", "dataset=synthetic"))
    assert points_told([point]).line == f"Exposures: {SIMULATED}"


@pytest.mark.parametrize("more", [(), ("dataset=local",), ("dataset.kind=local",)])
def test_a_path_means_exposures_of_ones_own(more):
    point = point_config((*more, "dataset.path=data", "filter=f160w"))
    assert point.dataset.kind == "local"
    assert point.dataset.path == str(Path.cwd() / "data")
    told = points_told([point])
    assert (told.words, told.simulated) == (point.dataset.path, False)


def test_a_path_may_name_the_filter():
    points = [
        point_config((f"filter={name}", "dataset.path=/data/${filter.name}"))
        for name in ("f160w", "f814w")
    ]
    assert [point.dataset.path for point in points] == ["/data/f160w", "/data/f814w"]
    assert points_told(points).words == "f160w: /data/f160w; f814w: /data/f814w"


@pytest.mark.parametrize("asked", ["dataset=synthetic", "dataset.kind=synthetic"])
@pytest.mark.parametrize("override", ["dataset.path=/data", "dataset.path=''"])
def test_simulated_exposures_and_a_path_contradict_one_another(asked, override):
    with pytest.raises(ConfigError, match="asks for simulated ones"):
        point_config((asked, override))


@pytest.mark.parametrize(
    "overrides", [("dataset=local",), ("dataset.kind=local",), ("dataset.path=",)]
)
def test_exposures_of_ones_own_without_a_directory_are_refused(overrides):
    with pytest.raises(ConfigError, match="names no directory"):
        point_config(overrides)


@pytest.mark.parametrize(
    "setting",
    ["dataset.seed=1", "dataset.full_frame=true", "dataset.n_exposures=6",
     "dataset.pointing_error_px=0.3"],
)  # fmt: skip
def test_a_typed_setting_of_simulated_exposures_is_refused_for_ones_own(setting):
    with pytest.raises(ConfigError, match=f"{setting.split('=')[0]}=.* how exposures are simul"):
        point_config((setting, "dataset.path=/data"))
    assert setting.split("=")[1] in json.dumps(asdict(point_config((setting,)).dataset))


def test_a_setting_of_a_file_that_has_no_part_is_told():
    ours = point_config(("study=recipe_opt", "dataset.path=/data"))
    assert ours.dataset.kind == "local"
    (told,) = without_part([ours, ours])
    assert told.startswith("dataset.pointing_error_px=0.3 has no part: it is of simulated exposu")
    assert without_part([point_config(("study=recipe_opt",))]) == []
    assert without_part([point_config(("dataset.path=/data",))]) == []


@given(
    seed=st.integers(0, 10**6), n_exposures=st.integers(2, 12), full_frame=st.booleans(),
    error_px=st.sampled_from([0.0, 0.1, 0.35]),
)  # fmt: skip
def test_words_tell_every_setting_of_a_simulation_that_is_not_the_usual(
    seed, n_exposures, full_frame, error_px
):
    point = point_config(("filter=f160w",))
    dataset = replace(
        point.dataset, seed=seed, n_exposures=n_exposures, full_frame=full_frame,
        pointing_error_px=error_px,
    )  # fmt: skip
    words = points_told([replace(point, dataset=dataset)]).words
    assert words.startswith(f"simulated (seed {seed}")
    assert words.endswith("), not HST data")
    assert ("full frames" in words) == full_frame
    assert (f"{n_exposures} exposures" in words) == (n_exposures != 4)
    assert (f"pointing errors of {error_px:g} pixel" in words) == (error_px > 0)


def test_filters_of_different_exposures_are_told_apart():
    ours = point_config(("filter=f160w", "dataset.path=/data"))
    theirs = [point_config((f"filter={name}",)) for name in ("f814w", "f606w")]
    told = data_told({"datasets": datasets_of([ours, *theirs])})
    assert told.words == f"f160w: /data; f814w, f606w: {SIMULATED}"
    assert told.kinds == ("local", "synthetic")
    assert told.simulated


QUESTION = ("dataset.mast.proposal=11570", "dataset.mast.target=NGC 3370")


@pytest.mark.parametrize("more", [(), ("dataset=mast",), ("dataset.kind=mast",)])
def test_a_question_means_exposures_of_the_archive(more):
    point = point_config((*more, *QUESTION, "filter=f160w"))
    assert point.dataset.kind == "mast"
    assert point.dataset.path == str(Path.cwd() / "mast" / "11570_ngc_3370_3arcmin")
    told = points_told([point])
    asked = "proposal 11570, within 3 arcmin of NGC 3370"
    assert told.words == f"{point.dataset.path}, fetched from MAST ({asked})"
    assert (told.kinds, told.simulated) == (("mast",), False)


def test_with_a_question_the_path_is_where_files_are_fetched_to():
    point = point_config(("dataset.path=data", *QUESTION))
    assert (point.dataset.kind, point.dataset.path) == ("mast", str(Path.cwd() / "data"))


@pytest.mark.parametrize(
    ("overrides", "told"),
    [
        (("dataset=mast",), "dataset.mast says nothing to ask the archive for; give dataset.mast"),
        (("dataset=mast", "dataset.path=/data"), "dataset.mast says nothing to ask the archive"),
        (("dataset.mast.obs_ids=[ib1f]",), "mast.obs_ids=.ib1f.: must be names of exposures"),
        (("dataset.mast.proposal=0",), "dataset.mast.proposal=0: must be 1 to 99999"),
        (("dataset.mast.target=' '",), "dataset.mast.target=' ': must be a name or a place"),
        (("dataset.mast.proposal=1", "dataset=synthetic"), r"mast \(proposal 1\) asks for"),
        (("dataset.mast.proposal=1", "dataset=local", "dataset.path=/data"), "leave one of"),
        (("dataset.mast.proposal=1", "dataset.seed=2"), "dataset.seed=2: says how exposures are"),
        (("dataset.mast.proposal=1", "dataset.mast.crds_server=here"), r"must be http\(s\)://HOST"),
        (("dataset.mast.proposal=1", "dataset.mast.radius_arcmin=0"), "above 0 and at most 120"),
    ],
)  # fmt: skip
def test_questions_that_cannot_be_asked_are_refused(overrides, told):
    with pytest.raises(ConfigError, match=told):
        point_config(overrides)


def test_a_question_of_a_study_waits_for_being_asked_for():
    twin = point_config(("study=ngc3370",))
    assert (twin.dataset.kind, twin.dataset.path) == ("synthetic", None)
    real = point_config(("study=ngc3370", "dataset.kind=mast"))
    assert real.dataset.kind == "mast"
    assert "ib1f19l6q, ib1f19l7q, ib1f19l9q, ib1f19laq" in points_told([real]).words


def test_a_question_stored_with_a_study_is_the_same_again():
    points = [point_config((*QUESTION, f"filter={name}")) for name in ("f160w", "f814w")]
    stored = json.loads(json.dumps(datasets_of(points)))
    assert data_told({"datasets": stored}) == points_told(points)
