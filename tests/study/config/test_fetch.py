"""From keys to what is fetched."""

from pathlib import Path

import pytest

from hstdriz_study.fetch import Patience, Question
from hstdriz_study.study.config import fetch_settings


def test_keys_become_what_is_asked(compose_config, tmp_path):
    config = compose_config(
        "filter=f814w", "dataset.mast.proposal=11570", "dataset.mast.obs_ids=[JB1F19L6Q,jb1f19l6q]",
        f"dataset.path={tmp_path}", "dataset.mast.attempts=2", "filter.jref=mine",
        "dataset.mast.crds_cache='~/crds'",
    )  # fmt: skip
    settings = fetch_settings(config)
    assert settings.question == Question(11570, ("jb1f19l6q",), None, 3.0)
    assert (settings.wanted.instrument, settings.wanted.detector) == ("ACS", "WFC")
    assert (settings.folder, settings.patience) == (tmp_path, Patience(2, 120.0, 2.0))
    assert settings.reference_dirs == {"jref": Path.cwd() / "mine"}
    assert settings.crds.cache == Path.home() / "crds"


@pytest.mark.parametrize(
    ("environment", "asked", "server"),
    [
        ("", (), "https://hst-crds.stsci.edu"),
        ("https://jwst-crds.stsci.edu", (), "https://hst-crds.stsci.edu"),
        ("https://hst-crds.example.org/", (), "https://hst-crds.example.org"),
        ("https://x", ("dataset.mast.crds_server=http://localhost:80",), "http://localhost:80"),
    ],
)
def test_the_server_of_calibration_files_is_one_of_hubbles(
    compose_config, monkeypatch, environment, asked, server
):
    monkeypatch.setenv("CRDS_SERVER_URL", environment)
    config = compose_config("filter=f160w", "dataset.mast.proposal=1", *asked)
    assert fetch_settings(config).crds.server == server
