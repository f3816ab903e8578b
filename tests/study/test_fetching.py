"""What is fetched before a study, and what is refused."""

import pytest

from hstdriz_study.errors import ConfigError
from hstdriz_study.study.fetching import fetch_exposures, fetch_points


def test_fetch_is_for_exposures_of_the_archive(compose_config, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(
        ConfigError, match=r"dataset\.kind=synthetic asks .* add dataset\.kind=mast"
    ):
        fetch_points([compose_config("study=ngc3370", "filter=f160w")])
    with pytest.raises(ConfigError, match="says nothing to ask the archive for"):
        fetch_points([compose_config("filter=f160w", "dataset.path=here")])
    assert not list(tmp_path.iterdir())


def test_other_studies_fetch_nothing(compose_config, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    fetch_exposures([compose_config("filter=f160w"), compose_config("dataset.path=here")])
    assert not list(tmp_path.iterdir())
