"""What of the network may pass: which errors are worth another attempt."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from hstdriz_study.errors import DatasetError
from hstdriz_study.fetch.attempts import PassingError

if TYPE_CHECKING:
    from requests import RequestException, Response

_PASSING = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS)


def passing(error: RequestException, who: str) -> PassingError:
    """Return an error of a request as one that is worth another attempt.

    Raises
    ------
    DatasetError
        If it is not: the server has refused the request itself.
    """
    import requests

    if error.response is not None:
        check_status(error.response, who)
    if isinstance(error, requests.Timeout):
        return PassingError(f"{who} is silent")
    if isinstance(error, requests.ConnectionError) and error.response is None:
        return PassingError(f"no connection to {who}, or it broke off")
    return PassingError(f"{who} ended its answer in the middle")


def check_status(response: Response, who: str) -> None:
    """Refuse an answer that is none.

    A link that the server has sent us on to may have expired: the server is asked for another.

    Raises
    ------
    PassingError
        If the next attempt may be answered.
    DatasetError
        If not.
    """
    code = response.status_code
    if code < HTTPStatus.BAD_REQUEST:
        return
    said = f"{who} answers {code} {response.reason or ''}".rstrip()
    if code >= HTTPStatus.INTERNAL_SERVER_ERROR or code in _PASSING:
        raise PassingError(said, _retry_after_s(response))
    if response.history:
        raise PassingError(f"{said} for a link that it gave, which may have expired")
    raise DatasetError(f"{said} to {response.url.partition('?')[0]}; {_cure(code)}")


def _retry_after_s(response: Response) -> float:
    said = response.headers.get("Retry-After", "")
    return float(said) if said.isdigit() else 0.0  # a date is not waited for


def _cure(code: int) -> str:
    if code in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return "what is not yet public can be had with your archive account alone"
    return "see https://mast.stsci.edu whether what you ask for is there"
