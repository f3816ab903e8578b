"""Overrides that can be pasted: a shell and Hydra read back what was meant."""

import shlex

from hypothesis import example, given, settings
from hypothesis import strategies as st
from omegaconf import OmegaConf

from hstdriz_study.cli.hydra_parts import parsed_overrides
from hstdriz_study.overrides import excluding, override

TEXTS = st.text("ab1 .,'\"\\$`!(){}[]=#:;&*?~|<>@%é-+/", min_size=1, max_size=8)


def read_back(typed):
    (word,) = shlex.split(typed)
    (parsed,) = parsed_overrides([word])
    config = OmegaConf.create({parsed.key_or_group: parsed.value()})
    return OmegaConf.to_container(config, resolve=True)[parsed.key_or_group]


@settings(max_examples=60)
@given(TEXTS)
@example("null")
@example("1e5")
@example(".5")
@example("a${b}")
@example("\\${x}\\")
@example("a b(c)'d\"")
def test_a_text_is_read_back(text):
    assert read_back(override("title", text)) == text


@settings(max_examples=30)
@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_names_to_leave_out_are_read_back(names):
    assert read_back(excluding(names)) == names


def test_what_needs_no_quotes_has_none():
    assert excluding(["a_flt.fits", "b_flt.fits"]) == "dataset.exclude=[a_flt.fits,b_flt.fits]"
    assert override("dataset.path", "/data/m31") == "dataset.path=/data/m31"


def test_a_hundred_names_are_not_listed():
    assert excluding([f"{n}_flt.fits" for n in range(100)]) == "dataset.exclude=[...]"
