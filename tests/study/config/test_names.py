"""Names are parts of file names, never paths."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hstdriz_study.errors import ConfigError
from hstdriz_study.names import is_name, shown

NOT_NAMES = (
    "../../x", "/x/y", ".", "..", ".x", "-x", "a/b", "a b", "a:b", "$x", "a" * 65, "é",
    "a\nb", "",
)  # fmt: skip


@pytest.mark.parametrize(
    ("key", "value"), [*(("name", value) for value in NOT_NAMES), ("filter.name", "../../x")]
)
def test_a_name_that_is_no_part_of_a_file_name_is_one_line(compose_config, key, value):
    with pytest.raises(ConfigError, match=r"^[a-z.]+=.*: must be 1 to 64 letters") as refused:
        compose_config(f'{key}="{value}"')
    assert str(refused.value).startswith(f"{key}=")
    assert len(str(refused.value).splitlines()) == 1


@pytest.mark.parametrize("key", ["name", "filter.name"])
@pytest.mark.parametrize("value", ["v1.fits", "mine_drz", "a_DRC_b", "x.c0h"])
def test_a_name_that_astrodrizzle_would_cut_is_refused(compose_config, key, value):
    with pytest.raises(ConfigError, match=f"^{key}={value}: must be without _drz, _drc, .fits"):
        compose_config(f"{key}={value}")


@pytest.mark.parametrize("value", ["uvis_f438w", "v1.2+deep-3", "_x", "2", "a" * 64, "a..b"])
def test_other_names_are_kept(compose_config, value):
    assert compose_config(f"name='{value}'", f"filter.name='{value}'").name == value


@given(name=st.text(max_size=70))
def test_a_name_stays_in_its_directory_and_on_its_line(tmp_path_factory, name):
    if is_name(name):
        directory = tmp_path_factory.getbasetemp()
        assert (directory / name).resolve().parent == directory.resolve()
        assert name.isprintable()
        assert not name.startswith("-")
    assert len(shown(name).splitlines()) == 1
