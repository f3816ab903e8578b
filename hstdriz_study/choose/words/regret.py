"""What one loses at most by taking a point, in sentences and cells of a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hstdriz_study.choose.regret import Role
from hstdriz_study.choose.words.numbers import joined, with_error
from hstdriz_study.choose.words.prices import percent_with_error

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.choose.regret import Regret

REGRET_HEADS = (
    "point",
    "it is",
    "FWHM over the sharpest",
    "shallower than the deepest (mag)",
    "file over the smallest",
)
_SMALLEST = "the smallest"
_ROLES = {
    Role.CHOSEN: "chosen",
    Role.RUNNER_UP: "runner-up",
    Role.BEATS_IT: "beats the chosen",
    Role.SHARPEST: "sharpest",
    Role.DEEPEST: "deepest",
    Role.SMOOTHEST: "most even weights",
    Role.SMALLEST: "fewest pixels",
    Role.HANDBOOK: "nearest to the handbook's",
    Role.EARLIER: "an earlier version's",
}


def regret_row(regret: Regret) -> tuple[str, ...]:
    """Return the cells under `REGRET_HEADS`."""
    roles = [_ROLES[role] for role in regret.roles]
    if not regret.admissible:
        roles.append("breaks a limit")
    return (
        regret.point.label,
        ", ".join(roles) or "admissible",
        percent_with_error(regret.fwhm_growth),
        with_error(regret.depth_loss_mag, unknown="-"),
        _size(regret.size_ratio),
    )


def _size(ratio: float) -> str:
    said = f"{ratio:.2g}"
    return _SMALLEST if said == "1" else f"{said} times"


def _file(ratio: float) -> str:
    size = _size(ratio)
    return f"{size} file" if size == _SMALLEST else f"{size} the smallest file"


def rivals_said(regrets: Sequence[Regret]) -> list[str]:
    """Say what is lost at most with each point that has a role and is not chosen."""
    rivals = [one for one in regrets if one.roles and Role.CHOSEN not in one.roles]
    return [f"{', '.join(regret_row(one)[:2])}: {_lost(one)}" for one in rivals]


def _lost(regret: Regret) -> str:
    fwhm, depth = regret_row(regret)[2:4]
    return f"{fwhm} in FWHM, {depth} mag in depth, {_file(regret.size_ratio)}"


def regret_said(regret: Regret) -> str:
    """Say what is lost at most with a point."""
    said = [f"{percent_with_error(regret.fwhm_growth)} in FWHM"]
    if (depth := with_error(regret.depth_loss_mag, unknown="")) != "":
        said.append(f"{depth} mag in depth")
    return (
        f"Against the best of the admissible points in each one loses at most {joined(said)}; it "
        f"is {_file(regret.size_ratio)}."
    )
