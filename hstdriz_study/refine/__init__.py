"""From a choice to the points that make it closer, and to how closely it is known."""

from hstdriz_study.refine.between import Between, Foresee, places_between
from hstdriz_study.refine.ending import how_closely, why_ended
from hstdriz_study.refine.history import Ending, Refinement, Round
from hstdriz_study.refine.known import AxisKnown, Known
from hstdriz_study.refine.neighbourhood import Spot, spot_of
from hstdriz_study.refine.propose import Proposal, propose, sweep_of
from hstdriz_study.refine.settings import RefineSettings

__all__ = [
    "AxisKnown",
    "Between",
    "Ending",
    "Foresee",
    "Known",
    "Proposal",
    "RefineSettings",
    "Refinement",
    "Round",
    "Spot",
    "how_closely",
    "places_between",
    "propose",
    "spot_of",
    "sweep_of",
    "why_ended",
]
