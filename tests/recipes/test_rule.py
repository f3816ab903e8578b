"""A rule that is built in: one object, one line, its group file and its places in the pages."""

from __future__ import annotations

import json

import numpy as np
import pytest

pytestmark = pytest.mark.endtoend

RULE = '''"""The smallest width, whatever the depth costs.

Source: what a morphologist would like, if noise were no matter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hstdriz_study.choose.margin import WIDER
from hstdriz_study.choose.points import FWHM, metric_of
from hstdriz_study.choose.ranking import NO_SIGMA, SMOOTHEST, Ranking, decide_by
from hstdriz_study.choose.rule import Rule
from hstdriz_study.choose.words.ranking import told_by

if TYPE_CHECKING:
    from hstdriz_study.choose.rule_of_thumb import HandbookPick
    from hstdriz_study.choose.screen import Screening
    from hstdriz_study.choose.settings import ChoiceSettings
    from hstdriz_study.choose.verdict import Verdict


def _decide(screening: Screening, _: ChoiceSettings, __: HandbookPick) -> Verdict:
    """Choose the admissible point with the smallest FWHM."""
    scores = {record.key: metric_of(record, FWHM) for record in screening.admissible}
    return decide_by(Ranking(scores, WIDER, 0.0, NO_SIGMA, SMOOTHEST), screening)


SHARPEST_STARS = Rule(
    name="sharpest",
    takes="the smallest FWHM",
    source="this test",
    held_back_by="RMS/median ≤ 0.2, at least 2 pixels per FWHM",
    decide=_decide,
    words=told_by(lambda _, __: "The sharpest stars."),
    ranks_by=(FWHM,),
)
'''

CONF = """# The sharpest stars.
defaults:
  - default
  - _self_
rule: sharpest
"""

ROW = "| `sharpest` | the smallest FWHM | this test | RMS/median ≤ 0.2, at least 2 pixels per FWHM |\n"  # noqa: E501


def follow(checkout) -> None:
    registry = "hstdriz_study/choose/rules/__init__.py"
    checkout.write("hstdriz_study/choose/rules/sharpest.py", RULE)
    checkout.add(
        registry,
        "from hstdriz_study.choose.rules.sharpest import SHARPEST_STARS",
        after="from hstdriz_study.choose.rules.pareto_knee import PARETO_KNEE",
    )
    checkout.add(registry, "        SHARPEST_STARS,", after="        WEIGHTED,")
    checkout.write("conf/choose/sharpest.yaml", CONF)
    weighted = "| `weighted` | the smallest weighted mean"
    checkout.replace("docs/choosing.md", weighted, ROW + weighted)
    checkout.replace("README.md", "| weighted | handbook`", "| weighted | sharpest | handbook`")


def test_a_rule_chooses_and_stands_beside_the_others(checkout, keeps_to_its_recipe):
    follow(checkout)
    done = checkout.study(
        "filter=f160w", "drizzle.final_scale=psf/2,psf/2.5", "drizzle.final_pixfrac=0.8,1.0",
        "choose=sharpest", "choose.max_rms_over_median=1",
    )  # fmt: skip
    assert done.code == 0, done.stderr
    (choice,) = json.loads((done.study_dir / "choice.json").read_text())["choices"]
    assert "The sharpest stars." in choice["reasons"]
    assert "The sharpest stars." in (done.study_dir / "report.md").read_text()
    sharpest = done.table[np.argmin(done.table["psf/fwhm_arcsec"])]
    told = checkout.program("rules", str(done.study_dir)).stdout
    (line,) = [line for line in told.splitlines() if "sharpest" in line]
    scale, pixfrac = sharpest["final_scale_arcsec"].value, sharpest["final_pixfrac"]
    assert f'{scale:.4g}", {pixfrac:g}' in line
    keeps_to_its_recipe(checkout, "a rule")
    checkout.tests("tests/choose/rules", "tests/choose/test_rule.py")
    checkout.lint()
