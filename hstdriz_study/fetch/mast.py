"""From a question to the archive's list of exposures: the only module that knows astroquery."""

from __future__ import annotations

import logging
import re
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from hstdriz_study.errors import DatasetError, first_line
from hstdriz_study.fetch.attempts import PassingError, persistently, within
from hstdriz_study.fetch.http import passing
from hstdriz_study.fetch.products import Product, exposures_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from astropy.table import Table

    from hstdriz_study.dataset import WantedFilter
    from hstdriz_study.fetch.settings import FetchSettings, Question

log = logging.getLogger(__name__)

ARCHIVE = "MAST"
_DEGREES = re.compile(r"[+-]?\d+(\.\d*)?(\s*,\s*|\s+)[+-]?\d+(\.\d*)?")
_VISIT = 6  # IPPPSS, the part of a name that exposures and associations of a visit share
_PER_REQUEST = 200  # observations whose products are asked for at once


def exposures_in_mast(settings: FetchSettings) -> list[Product]:
    """Ask the archive for the exposures of one filter.

    Raises
    ------
    DatasetError
        If there are none, one that is named is not among them or is not public, the target is
        not known, or the archive does not answer.
    """
    question, wanted = settings.question, settings.wanted
    what = f"filter={wanted.name}: {ARCHIVE}'s list of {question.words}"
    found = persistently(
        lambda: within(settings.patience.silence_s, lambda: _asked(question, wanted), ARCHIVE),
        settings.patience,
        what,
    )
    chosen = exposures_of(found, question.obs_ids)
    _check_found(chosen, question, wanted)
    return chosen


def _check_found(chosen: list[Product], question: Question, wanted: WantedFilter) -> None:
    label = f"{wanted.instrument}/{wanted.detector} {wanted.filter}"
    if not chosen:
        raise DatasetError(
            f"filter={wanted.name}: {ARCHIVE} has no {label} exposure of {question.words}; "
            "https://mast.stsci.edu shows what there is"
        )
    known = {name for one in chosen for name in (*one.obs_ids, one.rootname)}
    if absent := [name for name in question.obs_ids if name not in known]:
        raise DatasetError(
            f"filter={wanted.name}: {ARCHIVE} has no {label} exposure of {', '.join(absent)}; "
            "leave out of dataset.mast.obs_ids what is of another filter"
        )
    if kept := [one.name for one in chosen if not one.public]:
        raise DatasetError(
            f"{kept[0]}: not yet public; until it is, download it with your archive account and "
            "name its directory, dataset.path=DIR"
        )


def _asked(question: Question, wanted: WantedFilter) -> list[Product]:
    from astroquery.mast import Observations

    with _in_our_words(question):
        tables = [Observations.query_criteria(**one) for one in _criteria(question, wanted)]
        return [
            product
            for table in tables
            for first in range(0, len(table), _PER_REQUEST)
            for product in _products(table[first : first + _PER_REQUEST])
        ]


def _products(observations: Table) -> Iterator[Product]:
    from astroquery.mast import Observations

    names = {str(row["obsid"]): str(row["obs_id"]).lower() for row in observations}
    for row in Observations.get_product_list(observations):
        if str(row["obs_collection"]) != "HST" or not str(row["dataURI"]).startswith("mast:HST/"):
            continue
        yield Product(
            name=str(row["productFilename"]).lower(),
            uri=str(row["dataURI"]),
            size=0 if row["size"] is np.ma.masked else int(row["size"]),
            obs_ids=frozenset(
                {names.get(str(row["parent_obsid"]), ""), str(row["obs_id"]).lower()}
            ),
            public=str(row["dataRights"]).upper() == "PUBLIC",
        )


def _criteria(question: Question, wanted: WantedFilter) -> Iterator[dict[str, Any]]:
    """Give the criteria of each query; the archive takes one pattern of each column in one."""
    criteria: dict[str, Any] = {
        "obs_collection": "HST",
        "instrument_name": f"{wanted.instrument}/{wanted.detector}",
        "filters": f"*{wanted.filter}*",  # ACS has two wheels: F814W;CLEAR2L
    }
    if question.proposal is not None:
        criteria["proposal_id"] = str(question.proposal)
    if question.target:
        criteria |= _place(question)
    # an exposure of an association is found by the name of the association alone
    visits = sorted({name[:_VISIT] for name in question.obs_ids})
    yield from ({**criteria, "obs_id": f"{visit}*"} for visit in visits)
    if not visits:
        yield criteria


def _place(question: Question) -> dict[str, Any]:
    from astropy import units
    from astropy.coordinates import SkyCoord

    target = (question.target or "").strip()
    radius = question.radius_arcmin * units.arcmin
    if not _DEGREES.fullmatch(target):
        return {"objectname": target, "radius": radius}
    return {"coordinates": SkyCoord(*map(float, re.split(r"[\s,]+", target)), unit="deg"),
            "radius": radius}  # fmt: skip


@contextmanager
def _in_our_words(question: Question) -> Iterator[None]:
    """Tell what astroquery raises: what may pass, and what is wrong with the question."""
    from astroquery.exceptions import NoResultsWarning, RemoteServiceError, ResolverError
    from requests import RequestException

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NoResultsWarning)
            yield
    except ResolverError:
        raise DatasetError(
            f"dataset.mast.target={question.target}: no name that {ARCHIVE} knows; give right "
            "ascension and declination in degrees, \"dataset.mast.target='161.767 17.274'\""
        ) from None
    except RequestException as error:
        raise passing(error, ARCHIVE) from error
    except (RemoteServiceError, TimeoutError, ValueError, KeyError) as error:
        raise PassingError(
            f"{ARCHIVE} gave no answer that can be read ({first_line(error)})"
        ) from error


def server() -> str:
    """Return the archive's address: astroquery's, which its own configuration may change."""
    from astroquery.mast import conf

    return str(conf.server).rstrip("/")
