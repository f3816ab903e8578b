"""The rules by name, one module each. A new rule is one function and one line in `RULES`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hstdriz_study.choose.handbook import handbook_pick
from hstdriz_study.choose.points import DEPTH, FWHM, RMS_OVER_MEDIAN
from hstdriz_study.choose.rules.curve_break import break_of_curve
from hstdriz_study.choose.rules.deepest import deepest_point_sources
from hstdriz_study.choose.rules.default import practically_sharpest
from hstdriz_study.choose.rules.handbook import nearest_to_handbook
from hstdriz_study.choose.rules.pareto_knee import knee_of_front
from hstdriz_study.choose.rules.uniform_noise import flattest_weights
from hstdriz_study.choose.rules.weighted import smallest_weighted_score
from hstdriz_study.errors import ChoiceError

if TYPE_CHECKING:
    from hstdriz_study.choose.verdict import Rule
    from hstdriz_study.config import ChooseConfig

RULES: dict[str, Rule] = {
    "default": practically_sharpest,
    "handbook": nearest_to_handbook,
    "curve_break": break_of_curve,
    "uniform_noise": flattest_weights,
    "deepest": deepest_point_sources,
    "pareto_knee": knee_of_front,
    "weighted": smallest_weighted_score,
}

# What conf/choose/<rule>.yaml sets for one rule alone.
_OWN_SETTINGS: dict[str, dict[str, Any]] = {
    "uniform_noise": {"max_fwhm_growth": 0.1},
    "deepest": {"max_fwhm_growth": 0.1},
    "weighted": {
        "weights": {
            FWHM: 1.0,
            DEPTH: 1.0,
            RMS_OVER_MEDIAN: 1.0,
        }
    },
}


def own_settings(name: str) -> dict[str, Any]:
    """Return the keys of ``choose`` that ``choose=NAME`` sets for a rule."""
    return {"max_fwhm_growth": None, "weights": {}} | _OWN_SETTINGS.get(name, {})


def find_rule(name: str) -> Rule:
    """Return the rule of a name.

    Raises
    ------
    ChoiceError
        If there is no such rule.
    """
    try:
        return RULES[name]
    except KeyError:
        raise ChoiceError(
            f"choose.rule: there is no rule {name!r}; use one of {', '.join(sorted(RULES))}"
        ) from None


def check_rule(config: ChooseConfig) -> None:
    """Refuse what a rule would refuse at the end of a study, before it begins.

    The rule is applied to no points, so that only its settings can be wrong.

    Raises
    ------
    ChoiceError
        If there is no such rule, or one of its keys is missing or wrong.
    """
    any_filter = handbook_pick(wavelength_nm=1000.0, native_scale_arcsec=0.1)
    find_rule(config.rule)((), config, any_filter)
