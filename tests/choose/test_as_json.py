"""A choice as it stands in choice.json."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

from hstdriz_study.choose import (
    ChoiceSettings,
    HandbookPick,
    choice_to_json,
    choose,
)
from hstdriz_study.contracts import Metric, PointRecord
from hstdriz_study.json_files import write_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


def test_choice_as_json_is_strict_and_holds_the_settings_at_the_top(
    ir_grid: list[PointRecord], settings: ChoiceSettings, handbook: HandbookPick, tmp_path: Path
) -> None:
    content = choice_to_json(choose(ir_grid, settings, handbook))
    write_json(tmp_path / "choice.json", content)
    back = json.loads((tmp_path / "choice.json").read_text())
    assert back == content
    assert (back["filter"], back["final_scale_arcsec"], back["final_pixfrac"]) == (
        "f160w",
        0.08,
        0.6,
    )
    assert back["metrics"]["psf/fwhm_arcsec"] == {"value": 0.201, "err": 1e-6, "unit": "arcsec"}
    assert "practically equal" in back["reason"]


def keys_of(content: Any) -> Iterator[str]:
    if isinstance(content, dict):
        for key, item in content.items():
            yield key
            yield from keys_of(item)
    elif isinstance(content, list):
        for item in content:
            yield from keys_of(item)


def test_every_point_in_it_has_its_settings_beside_its_key(
    model_grid: Callable[..., list[PointRecord]], settings: ChoiceSettings, handbook: HandbookPick
) -> None:
    content = choice_to_json(choose(model_grid(noise=0.01), settings, handbook))
    vote = content["resampling"]["votes"][0]["point"]
    for point in (vote, content["runner_up"], content["handbook_point"]):
        assert {"key", "final_scale_arcsec", "final_pixfrac", "final_kernel"} <= set(point)
    assert not {"settings", "replicates", "phases", "final_bits"} & set(keys_of(content))


def test_a_choice_that_was_not_made_has_null_settings_and_its_reason(
    point: Callable[..., PointRecord],
    settings: ChoiceSettings,
    handbook: HandbookPick,
    tmp_path: Path,
) -> None:
    records = [point(0.06, 0.5, math.nan, metrics={"x": Metric(math.nan, math.nan)})]
    content = choice_to_json(choose(records, settings, handbook))
    write_json(tmp_path / "choice.json", content)
    assert content["final_scale_arcsec"] is None
    assert "psf/fwhm_arcsec" in content["reason"]
