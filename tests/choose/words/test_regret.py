"""What the other points cost is said in a line each."""

from __future__ import annotations

from hstdriz_study.choose.points import PointSummary
from hstdriz_study.choose.regret import Regret, Role
from hstdriz_study.choose.words.regret import rivals_said
from hstdriz_study.contracts import DrizzleSettings, Metric


def regret(scale_arcsec: float, *roles: Role, admissible: bool = True) -> Regret:
    point = PointSummary(
        str(scale_arcsec), DrizzleSettings(scale_arcsec, 0.6, "square", "EXP", None, None, None)
    )
    return Regret(
        point, roles, admissible, Metric(0.026, 0.007), Metric(0.019, 0.004, "mag"), 1.304
    )


def test_points_with_a_role_are_told_and_neither_the_chosen_nor_all_the_others() -> None:
    said = rivals_said(
        [
            regret(0.035, Role.CHOSEN),
            regret(0.04, Role.RUNNER_UP, Role.SHARPEST),
            regret(0.05),
            regret(0.03, Role.EARLIER, admissible=False),
        ]
    )
    cost = "2.6 ± 0.7 % in FWHM, 0.0190 ± 0.0040 mag in depth, 1.3 times the smallest file"
    assert said == [
        f'0.04", pixfrac 0.6, runner-up, sharpest: {cost}',
        f"0.03\", pixfrac 0.6, an earlier version's, breaks a limit: {cost}",
    ]
