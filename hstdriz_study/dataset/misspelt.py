"""Whether INSTRUME, DETECTOR and filter of an exposure are such as the telescope has.

A file with a misspelt one would be left out of its filter without a word.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hstdriz_study.contracts import WFPC2
from hstdriz_study.errors import DatasetError
from hstdriz_study.names import shown
from hstdriz_study.overrides import excluding

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hstdriz_study.contracts import Exposure
    from hstdriz_study.dataset.settings import WantedFilter

# The instruments whose calibrated exposures are named _flt or _flc, and their detectors; those of
# WFPC2 hold the chips of both cameras.
_DETECTORS = {
    "ACS": ("WFC", "HRC", "SBC"),
    "WFC3": ("UVIS", "IR"),
    WFPC2: ("PC+WF",),
    "STIS": ("CCD", "NUV-MAMA", "FUV-MAMA"),
    "COS": ("NUV", "FUV"),
}
# Of ACS and WFC3: filters, quads, ramps, grisms and prisms, polarisers, and what lets no light in.
_FILTER = re.compile(
    r"CLEAR\w*|F\d{3,4}(W|LP|M|N|X)|FQ\d{3}N|FR\d{3,4}\w|G\d{3}L?|PR\d{3}L|POL\w+|BL\w+|N/A"
)


def check_spelling(exposures: Iterable[Exposure], wanted: WantedFilter) -> None:
    """Refuse exposures of no instrument, detector or filter of the telescope.

    Those of the wanted filter are as the configuration has them, whatever that is.

    Raises
    ------
    DatasetError
        Naming the file, the keyword and what it may be.
    """
    for one in exposures:
        if (one.instrument, one.detector, one.filter) == _of(wanted):
            continue
        if one.instrument not in {wanted.instrument, *_DETECTORS}:
            raise _refused(one, "INSTRUME", one.instrument, ", ".join(_DETECTORS))
        known = (*_DETECTORS.get(one.instrument, ()), *_own(one, wanted))
        if one.detector not in known:
            raise _refused(one, "DETECTOR", one.detector, ", ".join(dict.fromkeys(known)))
        if one.instrument in ("ACS", "WFC3"):
            for name in one.filter.split("+"):
                if not _FILTER.fullmatch(name):
                    raise _refused(one, "the filter", name, f"one of {one.instrument}")


def _of(wanted: WantedFilter) -> tuple[str, str, str]:
    return wanted.instrument, wanted.detector, wanted.filter


def _own(one: Exposure, wanted: WantedFilter) -> tuple[str, ...]:
    return (wanted.detector,) if one.instrument == wanted.instrument else ()


def _refused(one: Exposure, what: str, value: str, may_be: str) -> DatasetError:
    return DatasetError(
        f"{one.path}: {what} is {shown(value)}, which may be {may_be}: it would be left out of its "
        f"filter; correct it, or leave it out with {excluding([one.path.name])}"
    )
