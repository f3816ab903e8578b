"""From a choice to the points that make it closer, and to how closely it is known."""

from typing import TYPE_CHECKING

from hstdriz_study.lazy import lazily

if TYPE_CHECKING:
    from hstdriz_study.refine.ending import how_closely, why_ended
    from hstdriz_study.refine.history import (
        Ending,
        Refinement,
        Round,
        read_refinement,
        write_refinement,
    )
    from hstdriz_study.refine.known import AxisKnown, Known
    from hstdriz_study.refine.neighbourhood import Spot, spot_of
    from hstdriz_study.refine.proposal import Proposal, propose
    from hstdriz_study.refine.settings import RefineSettings
else:
    __getattr__ = lazily(
        __name__,
        {
            "AxisKnown": "known",
            "Ending": "history",
            "Known": "known",
            "Proposal": "proposal",
            "RefineSettings": "settings",
            "Refinement": "history",
            "Round": "history",
            "Spot": "neighbourhood",
            "how_closely": "ending",
            "propose": "proposal",
            "read_refinement": "history",
            "spot_of": "neighbourhood",
            "why_ended": "ending",
            "write_refinement": "history",
        },
    )

__all__ = [
    "AxisKnown",
    "Ending",
    "Known",
    "Proposal",
    "RefineSettings",
    "Refinement",
    "Round",
    "Spot",
    "how_closely",
    "propose",
    "read_refinement",
    "spot_of",
    "why_ended",
    "write_refinement",
]
