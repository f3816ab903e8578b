"""A store that does not answer is a sentence; a defect of this package stays one."""

from __future__ import annotations

import pytest

from hstdriz_study.errors import TrackingError
from hstdriz_study.study.track.client import failures_as_sentences, probe

URI = "sqlite:////data/mlflow.db"


def test_a_database_that_does_not_answer_is_named_without_its_password(free_port) -> None:
    port = free_port()
    with pytest.raises(TrackingError) as raised:
        probe(f"postgresql://me:secret@127.0.0.1:{port}/runs")
    sentence = str(raised.value)
    assert sentence.startswith(
        f"postgresql://me:***@127.0.0.1:{port}/runs: no database answers there ("
    )
    assert sentence.endswith("start it, then run `hstdriz-study send STUDY_DIR`")


@pytest.mark.parametrize("uri", [URI, "http://127.0.0.1:1", "postgresql:///runs"])
def test_what_has_no_address_is_not_asked(uri: str) -> None:
    probe(uri)


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (OSError("no space left on device\nmore"), r"\(no space left on device\)"),
        (ModuleNotFoundError("No module named 'psycopg2'"), r"pip install 'hstdriz-study\["),
    ],
)
def test_a_failure_of_a_store_is_one_sentence(failure: Exception, words: str) -> None:
    sentence = f"^{URI}: the tracking store cannot be used.*{words}"
    with pytest.raises(TrackingError, match=sentence), failures_as_sentences(URI):
        raise failure


@pytest.mark.parametrize("defect", [ZeroDivisionError("a defect"), TrackingError("said already")])
def test_what_is_no_failure_of_a_store_is_left_as_it_is(defect: Exception) -> None:
    with pytest.raises(type(defect)) as raised, failures_as_sentences(URI):
        raise defect
    assert raised.value is defect
