"""From described exposures to those that are one exposure under several names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hstdriz_study.errors import DatasetError
from hstdriz_study.names import listed
from hstdriz_study.overrides import excluding

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hstdriz_study.contracts import Exposure

# A detector needs seconds between two exposures; a tenth of a second is above rounding of headers.
_SAME_START_DAYS = 1e-6
_N_JOINED = 4
_LAUNCH_MJD = 48005.0  # 24 April 1990; an EXPSTART before it is no time of an exposure
# IPPPSSOOT: instrument, programme, observation set, observation, and how the data came down, a
# letter, which is not always the same and not always written (HST Data Handbook, file names).
_IPPPSSOOT = re.compile(r"([iju][0-9a-z]{7})[a-z]?")


def check_each_once(exposures: Sequence[Exposure], label: str, where: Path) -> None:
    """Refuse exposures that are there twice, which would count twice in every weight.

    The archive delivers an exposure under its rootname and, among the Hubble
    Advanced Products, under a long name; a link is another name too.

    Parameters
    ----------
    exposures : sequence of `~hstdriz_study.contracts.Exposure`
        Of one detector and filter.
    label : str
        What they are exposures of, for the message.
    where : `~pathlib.Path`
        Their directory.

    Raises
    ------
    DatasetError
        Naming every file of every such exposure, and what to exclude.
    """
    together = grouped(exposures)
    repeated = [sorted(group, key=_preference) for group in together if len(group) > 1]
    if not repeated:
        return
    told = listed([_described(group) for group in repeated])
    if len(together) == 1:
        raise DatasetError(
            f"{label}: only one exposure in {where}, under more than one name: {told}; drizzling a "
            "dither needs two or more"
        )
    excluded = [one.path.name for group in repeated for one in group[1:]]
    raise DatasetError(
        f"{label}: the same exposure is there more than once: {told}; take each once with "
        f"{excluding(excluded)}"
    )


def _described(group: Sequence[Exposure]) -> str:
    names = [one.path.name for one in group]
    told = " and ".join(names) if len(names) <= _N_JOINED else listed(names)
    rootnames = ", ".join(sorted({one.rootname for one in group}))
    return f"{told} (ROOTNAME {rootnames}, EXPSTART {group[0].expstart_mjd})"


def grouped(exposures: Sequence[Exposure]) -> list[list[Exposure]]:
    """Put together the files of one detector that hold the same exposure, in their order."""
    groups: list[list[Exposure]] = []
    for exposure in exposures:
        known = next((group for group in groups if _same(exposure, group[0])), None)
        if known is None:
            groups.append([exposure])
        else:
            known.append(exposure)
    return groups


def _same(one: Exposure, other: Exposure) -> bool:
    if one.rootname and _observation(one.rootname) == _observation(other.rootname):
        return True
    starts = one.expstart_mjd, other.expstart_mjd
    return min(starts) > _LAUNCH_MJD and abs(starts[0] - starts[1]) <= _SAME_START_DAYS


def _observation(rootname: str) -> str:
    """Return what identifies an observation: IPPPSSOO, or the whole of another name."""
    match = _IPPPSSOOT.fullmatch(rootname.lower())
    return match[1] if match else rootname.lower()


def _preference(exposure: Exposure) -> tuple[bool, bool, int, str]:
    """Sort first what should be kept: corrected for charge transfer, named by its rootname."""
    name = exposure.path.name.lower()
    own = name.startswith(_observation(exposure.rootname))
    return not name.endswith("_flc.fits"), not own, len(name), name
