"""From the files of one filter to what their headers say is wrong, or a refusal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hstdriz_study.dataset.headers.alone import wrong_alone
from hstdriz_study.dataset.headers.claims import read_claims
from hstdriz_study.dataset.headers.shared_sky import check_shared_sky
from hstdriz_study.dataset.headers.solutions import wrong_solutions
from hstdriz_study.dataset.headers.structure import changed_since, check_structure
from hstdriz_study.dataset.headers.together import check_one_filter, wrong_together
from hstdriz_study.dataset.solutions import UPDATEWCS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hstdriz_study.contracts import Finding


def examine_headers(
    paths: Sequence[Path], label: str, native_scale_arcsec: float, wcs: str
) -> list[Finding]:
    """Examine the exposures of one filter by their headers; files are only read.

    Parameters
    ----------
    paths : sequence of `~pathlib.Path`
        Calibrated exposures of one detector and filter.
    label : str
        What they are exposures of, for messages.
    native_scale_arcsec : float
        Of the filter's detector, unbinned.
    wcs : str
        ``updatewcs``: made anew from the IDCTAB; ``active``: that of the files; or a name.

    Returns
    -------
    list of `~hstdriz_study.contracts.Finding`

    Raises
    ------
    DatasetError
        If they cannot be combined, whatever is accepted.
    """
    for path in paths:
        check_structure(path)
    claims = [read_claims(path) for path in paths]
    found = [finding for one in claims for finding in wrong_alone(one)]
    check_one_filter(claims, label, native_scale_arcsec, updatewcs=wcs == UPDATEWCS)
    check_shared_sky(claims, label)
    found += wrong_together(claims)
    found += wrong_solutions(paths, claims, label, wcs)
    return found + [finding for path in paths for finding in changed_since(path)]
