"""Lists of metric functions."""

import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mlflow.utils.validation import _validate_metric_name

from hstdriz_study.contracts import Metric, MetricEntry, gives
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


PEAK = MetricEntry("own/peak", label="peak", unit="electron / s")


@gives(PEAK, MetricEntry("own/never", label="given to nobody"))
def described(_point: Any, _context: Any) -> dict[str, Metric]:
    return {PEAK.name: Metric(2.0, 0.1), "own/bare": Metric(3.0, 0.1, "pix")}


@gives(PEAK)
def in_another_unit(_point: Any, _context: Any) -> dict[str, Metric]:
    return {PEAK.name: Metric(2.0, 0.1, "arcsec")}


@gives(PEAK)
def under_another_name(_point: Any, _context: Any) -> dict[str, Metric]:
    return {"own/peek": Metric(2.0, 0.1)}


def test_a_metric_brings_its_entry_along_and_takes_its_unit(scenes: Any) -> None:
    measured = measure(scenes.point(0.06), scenes.context(scenes.regions()), [constant, described])
    assert measured.metrics["own/peak"] == Metric(2.0, 0.1, "electron / s")
    assert measured.metrics["own/bare"].unit == "pix"
    assert measured.entries == {"own/peak": PEAK}


def number(_point: Any, _context: Any) -> Any:
    return 1.0


def bare_number(_point: Any, _context: Any) -> Any:
    return {"own/number": 1.0}


def no_name(_point: Any, _context: Any) -> Any:
    return {"own/a (b)": Metric(1.0, 0.1)}


def empty_part(_point: Any, _context: Any) -> Any:
    return {"own//a": Metric(1.0, 0.1)}


@pytest.mark.parametrize(
    ("function", "sentence"),
    [
        (number, "number returns float; return metrics by name"),
        (bare_number, "gives float as 'own/number'; give Metric"),
        (no_name, r"gives a metric named 'own/a \(b\)'; name it"),
        (empty_part, "gives a metric named 'own//a'; name it"),
        (under_another_name, r"gives own/peek, and its entry \(@gives\) is of own/peak; give both"),
        (in_another_unit, "own/peak in 'arcsec' and its entry says 'electron / s'"),
    ],
)
def test_a_function_that_gives_no_metric_is_named_in_a_sentence(
    scenes: Any, function: Any, sentence: str
) -> None:
    with pytest.raises(ConfigError, match=sentence):
        measure(scenes.point(0.06), scenes.context(scenes.regions()), [function])


def raises(_point: Any, _context: Any) -> Any:
    return np.ones(3)[7]


def exits(_point: Any, _context: Any) -> Any:
    sys.exit(3)


def no_arguments() -> Any:
    return {}


@pytest.mark.parametrize(
    ("function", "sentence"),
    [
        (raises, r"raises raises IndexError: index 7 .* \(.*test_metrics\.py, line \d+\); mend it"),
        (exits, r"exits raises SystemExit: 3 \(.*, line \d+\); mend it"),
        (no_arguments, r"no_arguments raises TypeError: .* were given; mend it"),
    ],
)
def test_what_a_function_of_ones_own_raises_is_a_sentence_with_its_line(
    scenes: Any, function: Any, sentence: str
) -> None:
    with pytest.raises(ConfigError, match=sentence):
        measure(scenes.point(0.06), scenes.context(scenes.regions()), [function])


WEIGHT = "hstdriz_study.measure.weight.measure_weight"
PSF = "hstdriz_study.measure.psf.measure_psf"


def test_own_metrics_are_measured_besides_and_none_twice() -> None:
    functions = resolve_metrics([WEIGHT], [PSF, WEIGHT], injected=True)
    assert [function.__name__ for function in functions] == [
        "measure_weight", "measure_psf", "measure_injected_psf", "measure_completeness",
    ]  # fmt: skip


def test_a_bad_name_among_ones_own_is_told_with_its_key() -> None:
    with pytest.raises(ConfigError, match=r"^measure\.own_metrics: .*not a dotted name"):
        resolve_metrics([WEIGHT], ["measure_peak"])


def test_a_module_that_cannot_be_read_is_one_sentence(tmp_path: Any, monkeypatch: Any) -> None:
    (tmp_path / "broken_of_a_test.py").write_text("def measure_x(:\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ConfigError, match=r"own_metrics: cannot import .*SyntaxError"):
        resolve_metrics([WEIGHT], ["broken_of_a_test.measure_x"])


def test_a_module_that_exits_is_one_sentence(tmp_path: Any, monkeypatch: Any) -> None:
    (tmp_path / "exits_of_a_test.py").write_text("raise SystemExit(4)\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ConfigError, match=r"own_metrics: cannot import .*SystemExit: 4"):
        resolve_metrics([WEIGHT], ["exits_of_a_test.measure_x"])


@pytest.mark.parametrize("file", ["statistics.py", "time.py", "astropy/stats.py"])
def test_a_module_hidden_by_an_installed_one_is_told(
    tmp_path: Any, monkeypatch: Any, file: str
) -> None:
    (tmp_path / file).parent.mkdir(exist_ok=True)
    (tmp_path / file).write_text("def measure_x(point, context): ...\n")
    monkeypatch.chdir(tmp_path)
    name = file.removesuffix(".py").replace("/", ".")
    with pytest.raises(ConfigError, match=f"is not in {file} here, .*; give {file} another name"):
        resolve_metrics([WEIGHT], [f"{name}.measure_x"])


def test_a_module_of_ones_own_without_the_function_is_not_called_hidden(
    tmp_path: Any, monkeypatch: Any
) -> None:
    (tmp_path / "own_of_a_test.py").write_text("")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    with pytest.raises(ConfigError, match=r"'own_of_a_test' has no function 'measure_x'"):
        resolve_metrics([WEIGHT], ["own_of_a_test.measure_x"])


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
