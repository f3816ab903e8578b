"""The rules, one module each. A new rule is one object in a module of its own and one line here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hstdriz_study.choose.rules.curve_break import CURVE_BREAK
from hstdriz_study.choose.rules.deepest import DEEPEST
from hstdriz_study.choose.rules.default import DEFAULT
from hstdriz_study.choose.rules.handbook import HANDBOOK
from hstdriz_study.choose.rules.pareto_knee import PARETO_KNEE
from hstdriz_study.choose.rules.uniform_noise import UNIFORM_NOISE
from hstdriz_study.choose.rules.weighted import WEIGHTED
from hstdriz_study.contracts import ENTRIES
from hstdriz_study.errors import ChoiceError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hstdriz_study.choose.rule import Rule
    from hstdriz_study.choose.settings import ChoiceSettings
    from hstdriz_study.contracts import MetricEntry

RULES: dict[str, Rule] = {
    rule.name: rule
    for rule in (
        DEFAULT,
        HANDBOOK,
        CURVE_BREAK,
        UNIFORM_NOISE,
        DEEPEST,
        PARETO_KNEE,
        WEIGHTED,
    )
}


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


def check_rule(settings: ChoiceSettings, entries: Mapping[str, MetricEntry] = ENTRIES) -> None:
    """Refuse what a rule would refuse at the end of a study, before it begins.

    Parameters
    ----------
    settings : ChoiceSettings
    entries : mapping of str to `~hstdriz_study.contracts.MetricEntry`
        Of the metrics that will be measured, by name.

    Raises
    ------
    ChoiceError
        If there is no such rule, or one of its keys is missing or wrong.
    """
    find_rule(settings.rule).check(settings, entries)
