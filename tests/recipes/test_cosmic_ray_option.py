"""A keyword of AstroDrizzle's cosmic-ray steps: key and range, the call, one line of conf/."""

from __future__ import annotations

import re

import pytest

from tests.optics.own_hrc import write_own_hrc

pytestmark = pytest.mark.endtoend

# of which every number is good enough to be chosen
POINT = (
    "filter=f160w", "drizzle.final_scale=psf/2.5", "drizzle.final_pixfrac=1.0",
    "choose.max_rms_over_median=9", "choose.max_hole_fraction=1",
)  # fmt: skip


def follow(checkout) -> None:
    checkout.add(
        "hstdriz_study/study/config/schema/filter.py",
        "    driz_cr_grow: int = key(within(1, 100))",
        after="    driz_cr_scale: str = key(TWO_NOT_NEGATIVE)",
    )
    options = "hstdriz_study/drizzlepac_options.py"
    checkout.add(options, "    driz_cr_grow: int", after="    driz_cr_scale: str")
    checkout.add(
        options,
        '        "driz_cr_grow": chosen.driz_cr_grow,',
        after='        "driz_cr_scale": chosen.driz_cr_scale,',
    )
    checkout.replace(
        "conf/detector/default.yaml",
        "cosmic_ray_rate:",
        "  driz_cr_grow: 1              # side in pixels of the box that is flagged about a hit\n"
        "cosmic_ray_rate:",
    )
    checkout.module("hstdriz_study.cli.known_names")


def test_a_cosmic_ray_option_reaches_astrodrizzle(checkout, keeps_to_its_recipe):
    follow(checkout)
    shown = checkout.program("--cfg", "job", "-p", "filter.cosmic_rays", "filter=uvis_f814w")
    assert "driz_cr_grow: 1" in shown.stdout
    as_before = checkout.study(*POINT)
    grown = checkout.study(*POINT, "filter.cosmic_rays.driz_cr_grow=5")
    assert (as_before.code, grown.code) == (0, 0), as_before.stderr + grown.stderr
    assert grown.table["weight/median"][0] < as_before.table["weight/median"][0]
    for done, value in ((as_before, 1), (grown, 5)):
        script = (done.study_dir / "make_product_f160w.py").read_text()
        assert re.search(rf"driz_cr_grow\W+{value}\b", script)
    keeps_to_its_recipe(checkout, "a cosmic-ray option")
    checkout.tests(
        "tests/test_drizzlepac_options.py", "tests/study/config/test_renamed.py",
        "tests/study/config/test_shipped.py", "tests/cli/test_known.py",
    )  # fmt: skip
    checkout.lint()


def test_what_is_out_of_its_range_is_one_sentence(checkout):
    follow(checkout)
    refused = checkout.study(*POINT, "filter.cosmic_rays.driz_cr_grow=0")
    assert refused.code == 2
    assert "filter.cosmic_rays.driz_cr_grow=0: must be 1 to 100" in refused.stderr


def test_a_detector_of_ones_own_has_the_default(checkout):
    follow(checkout)
    write_own_hrc(checkout.work)
    shown = checkout.program("--cfg", "job", "-p", "filter.cosmic_rays", "filter=own_f606w")
    assert "driz_cr_grow: 1" in shown.stdout, shown.stderr
