"""What a report says of artificial stars: a sentence for a paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.contracts import PointRecord


def artificial_stars_told(records: Sequence[PointRecord]) -> str:
    """Say in a sentence for a paper which stars were injected; empty when none were."""
    stored = {
        record.filter: record.provenance["injected"]
        for record in records
        if record.provenance.get("injected")
    }
    if not stored:
        return ""
    counts = [f"{one['n_stars']} into those of {name.upper()}" for name, one in stored.items()]
    stand_in = [name.upper() for name, one in stored.items() if one["for_psf"]]
    purpose = "to measure completeness and depth"
    if stand_in:
        purpose += f" and, for want of stars, the point-spread function of {', '.join(stand_in)}"
    return (
        " Artificial stars of a model point-spread function of telescope and detector, with their "
        "photon noise and under the cosmic-ray flags of the exposures, were injected into copies "
        f"of the exposures before drizzling ({', '.join(counts)}), {purpose}."
    )
