"""A choice as it stands in ``choice.json``."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

from hstdriz_study.choose.points import PointSummary
from hstdriz_study.choose.words.firmness import margin_said, stability_said

if TYPE_CHECKING:
    from hstdriz_study.choose.choice import Choice
    from hstdriz_study.choose.stability import Stability

# What stands there as it is told, in place of its numbers.
_LEFT_OUT = ("replicates", "phases")  # of a metric: a summary has none
_TOLD = {"edges": "grid_edges", "beyond": "extension", "cautions": "warnings"}


def choice_to_json(choice: Choice) -> dict[str, Any]:
    """Return a choice as plain dicts, lists, strings and numbers.

    The chosen settings stand at the top (null when nothing was chosen), the
    full record below them. Numbers that are not finite stay as they are;
    `hstdriz_study.json_files.write_json` writes them as null.
    """
    content = _plain(choice) | {
        "margin": _margin(choice),
        "resampling": _stability(choice.resampling),
        "grid_phases": _stability(choice.grid_phases),
    }
    chosen = content.pop("chosen") or {}
    for rejection in content["rejected"]:
        del rejection["kind"], rejection["point"]["metrics"]
    head = {
        "filter": content.pop("filter"),
        "final_scale_arcsec": chosen.get("final_scale_arcsec"),
        "final_pixfrac": chosen.get("final_pixfrac"),
        "final_kernel": chosen.get("final_kernel"),
        "final_wht_type": chosen.get("final_wht_type"),
        "key": chosen.get("key"),
        "metrics": chosen.get("metrics", {}),
        "reason": choice.cannot_choose or " ".join(choice.reasons),
    }
    told = {
        _TOLD.get(name, name): getattr(choice, _TOLD[name]) if name in _TOLD else item
        for name, item in content.items()
    }
    return {name: _plain(item) for name, item in (head | told).items()}


def _point(point: PointSummary) -> dict[str, Any]:
    return {
        "key": point.key,
        "final_scale_arcsec": point.final_scale_arcsec,
        "final_pixfrac": point.final_pixfrac,
        "final_kernel": point.final_kernel,
        "final_wht_type": point.final_wht_type,
        "metrics": _plain(point.metrics),
    }


def _margin(choice: Choice) -> dict[str, Any] | None:
    margin, runner_up = choice.margin, choice.runner_up
    if margin is None or runner_up is None:
        return None
    sentence = margin_said(margin, runner_up.label)
    return _plain(margin) | {"criterion": margin.criterion.phrase, "sentence": sentence}


def _stability(stability: Stability | None) -> dict[str, Any] | None:
    if stability is None:
        return None
    content = _plain(stability)
    causes = content.pop("causes")
    del content["varied"], content["rival"]
    return content | {"sentence": stability_said(stability), "causes": causes}


def _plain(content: Any) -> Any:
    """Turn tuples into lists, and values that travel into dicts."""
    if isinstance(content, PointSummary):
        return _point(content)
    if is_dataclass(content):
        return {
            item.name: _plain(getattr(content, item.name))
            for item in fields(content)
            if item.name not in _LEFT_OUT
        }
    if isinstance(content, dict):
        return {key: _plain(item) for key, item in content.items()}
    if isinstance(content, (list, tuple)):
        return [_plain(item) for item in content]
    return content
