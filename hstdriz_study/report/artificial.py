"""What a report says of artificial stars: the names of their metrics, a sentence for a paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hstdriz_study.contracts import PointRecord

_PREFIX, _COMPLETENESS = "injected/", "completeness_"
_OWN_NAMES = {
    "depth_abmag": "magnitude of 50 % recovery",
    "flux_ratio": "flux / flux put in",
    "n_stars": "stars measured",
}


def artificial_metric_name(name: str, psf_names: Mapping[str, str]) -> str | None:
    """Name a metric of artificial stars in words; None for a metric of anything else.

    Parameters
    ----------
    name : str
        As in the record.
    psf_names : mapping of str to str
        Words for the PSF metrics, ``psf/...``.
    """
    if not name.startswith(_PREFIX):
        return None
    bare = name.removeprefix(_PREFIX)
    if bare.startswith(_COMPLETENESS):
        step = bare.removeprefix(_COMPLETENESS).replace("_", " ").replace("mag", " mag")
        return f"artificial stars: recovered, {step}"
    words = _OWN_NAMES.get(bare) or psf_names.get(f"psf/{bare}", bare)
    return f"artificial stars: {words}"


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
