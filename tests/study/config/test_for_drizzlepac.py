"""Words and numbers that DrizzlePac would misread are refused before it gets them."""

import math
import re
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hstdriz_study.drizzlepac_options import COMBINE_TYPES, SKY_METHODS, WHT_TYPES
from hstdriz_study.errors import ConfigError
from hstdriz_study.study.config.limits import _are_two
from hstdriz_study.study.config.schema import KERNELS


@pytest.mark.parametrize(
    ("override", "sentence"),
    [
        ("filter.cosmic_rays.combine_type=medain", "must be one of minmed, iminmed, median"),
        # the word of DrizzlePac's own documentation, for which it takes an image of zeros
        ("filter.cosmic_rays.combine_type=average", "must be one of minmed, iminmed, median"),
        ("filter.cosmic_rays.driz_cr_snr=5.0", "must be two numbers above 0"),
        ("filter.cosmic_rays.driz_cr_snr='3,5 3,0'", "must be two numbers above 0"),
        ("filter.cosmic_rays.driz_cr_snr='5.0 0'", "must be two numbers above 0"),
        ("filter.cosmic_rays.driz_cr_snr='nan 3.0'", "must be two numbers above 0"),
        ("filter.cosmic_rays.driz_cr_snr=''", "must be two numbers above 0"),
        ("filter.cosmic_rays.driz_cr_scale='1.2 0.7 0.1'", "must be two numbers of 0 to 1000000"),
        ("filter.cosmic_rays.driz_cr_scale='1.2 -0.7'", "must be two numbers of 0 to 1000000"),
        ("filter.cosmic_rays.driz_cr_scale='1.2 o.7'", "must be two numbers of 0 to 1000000"),
        ("prepare.skymethod=globalmatch", "must be one of localmin, globalmin, match"),
        ("filter.imagefind.threshold=0", "must be above 0"),
        ("filter.imagefind.conv_width=-1", "must be above 0"),
        ("filter.imagefind.skysigma=-0.1", "must be 0 to 1000000"),
        ("filter.imagefind.skysigma=0", "must be above 0 with filter.imagefind.computesig=false"),
        ("track.experiment=''", "must be a title of 1 to 500 printable characters"),
        ("track.experiment=' '", "must be a title of 1 to 500 printable characters"),
    ],
)
def test_what_drizzlepac_would_misread_names_its_key(compose_config, override, sentence):
    with pytest.raises(ConfigError, match=re.escape(sentence)) as refused:
        compose_config(override)
    assert str(refused.value).startswith(override.partition("=")[0] + "=")


def test_sharpness_limits_that_leave_no_source_are_refused(compose_config):
    equal = ("filter.imagefind.sharplo=1.0", "filter.imagefind.sharphi=1.0")
    compose_config(*equal, "filter.imagefind.use_sharp_round=false")
    no_number = ("filter.imagefind.sharplo=nan",)
    for limits, words in ((equal, r"below .*sharphi=1.0"), (no_number, "a finite number")):
        with pytest.raises(ConfigError, match=f"sharplo=.*: must be {words}"):
            compose_config(*limits, "filter.imagefind.use_sharp_round=true")


@pytest.mark.parametrize(
    "kept",
    [
        "filter.cosmic_rays.combine_type=imedian",
        "filter.cosmic_rays.driz_cr_snr='5.0, 4.0'",
        "filter.cosmic_rays.driz_cr_scale='1.2;0'",
        "prepare.skymethod=globalmin+match",
    ],
)
def test_what_drizzlepac_takes_is_kept(compose_config, kept):
    compose_config(kept)


@given(text=st.text(alphabet="0123456789.,; -e", max_size=9))
def test_numbers_are_split_as_drizzlepac_splits_them(text):
    try:
        # drizCR.py, drizzlepac 3.11
        first, second = map(float, filter(None, re.split(r"[,;\s]+", text)))
    except ValueError:
        assert not _are_two(text, lambda _: True)
    else:
        finite = math.isfinite(first) and math.isfinite(second)
        assert _are_two(text, lambda number: number in (first, second)) == finite


def choices(keyword: str) -> set[str]:
    """Read what a keyword may be from the installed DrizzlePac, without importing it."""
    (package,) = find_spec("drizzlepac").submodule_search_locations
    specification = Path(package, "pars", "astrodrizzle.cfgspc").read_text()
    (options,) = re.findall(rf"^{keyword} = option_kw\((.*?)default=", specification, re.MULTILINE)
    return set(re.findall(r'"([^"]+)"', options))


def test_words_are_those_of_the_installed_drizzlepac():
    assert set(COMBINE_TYPES) == choices("combine_type")
    assert set(SKY_METHODS) == choices("skymethod")
    assert set(WHT_TYPES) == choices("final_wht_type")
    # it lists tophat and refuses it
    assert set(KERNELS) == choices("final_kernel") - {"tophat"}
