"""Lists of metric functions."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mlflow.utils.validation import _validate_metric_name

from hstdriz_study.contracts import Metric
from hstdriz_study.errors import ConfigError, MetricUnavailableError
from hstdriz_study.measure import measure, metrics, resolve_metrics


def constant(_point: Any, _context: Any) -> dict[str, Metric]:
    return {"own/constant": Metric(1.0, 0.1)}


def unavailable(_point: Any, _context: Any) -> dict[str, Metric]:
    raise MetricUnavailableError("no such thing here; look elsewhere")


def test_a_metric_of_ones_own_is_one_function(scenes: Any) -> None:
    measured = measure(scenes.point(0.06), scenes.context(scenes.regions()), [constant])
    assert measured.metrics == {"own/constant": Metric(1.0, 0.1)}
    assert measured.warnings == ()


def test_an_unavailable_metric_warns_once_and_the_others_run(scenes: Any) -> None:
    functions = [unavailable, constant, unavailable]
    measured = measure(scenes.point(0.06), scenes.context(scenes.regions()), functions)
    assert set(measured.metrics) == {"own/constant"}
    assert measured.warnings == ("no such thing here; look elsewhere",)


def test_two_functions_may_not_give_the_same_metric(scenes: Any) -> None:
    with pytest.raises(ConfigError, match=r"measure\.metrics: .*'own/constant' a second time"):
        measure(scenes.point(0.06), scenes.context(scenes.regions()), [constant, constant])


@pytest.mark.parametrize("name", ["../x", "/peak", "psf//peak", "psf/peak (e)", "a+b", ".x", ""])
def test_a_metric_that_mlflow_would_refuse_is_refused_with_its_function(
    scenes: Any, name: str
) -> None:
    def odd(_point: Any, _context: Any) -> dict[str, Metric]:
        return {name: Metric(1.0, 0.1)}

    with pytest.raises(ConfigError, match=r"odd gives a metric named .*; name it group/name"):
        measure(scenes.point(0.06), scenes.context(scenes.regions()), [odd])


@given(name=st.from_regex(metrics._NAME, fullmatch=True))
def test_a_metric_that_is_taken_is_one_that_mlflow_takes(name: str) -> None:
    _validate_metric_name(name)


def test_dotted_names_are_imported() -> None:
    (function,) = resolve_metrics(["hstdriz_study.measure.weight.measure_weight"])
    assert function.__name__ == "measure_weight"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("measure_weight", "not a dotted name"),
        ("hstdriz_study.measure.no_such.function", "cannot import"),
        ("hstdriz_study.measure.weight.no_such", "has no function 'no_such'"),
        ("hstdriz_study.measure.empty_apertures.MIN_SKY_BOXES", "has no function"),
    ],
)
def test_a_bad_name_is_one_sentence_with_the_key(name: str, sentence: str) -> None:
    with pytest.raises(ConfigError, match=f"measure.metrics: .*{sentence}"):
        resolve_metrics([name])
