"""A choice as it stands in ``choice.json``."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from hstdriz_study.choose.words.firmness import margin_said, stability_said

if TYPE_CHECKING:
    from hstdriz_study.choose.choice import Choice
    from hstdriz_study.choose.stability import Stability


def choice_to_json(choice: Choice) -> dict[str, Any]:
    """Return a choice as plain dicts, lists, strings and numbers.

    The chosen settings stand at the top (null when nothing was chosen), the
    full record below them. Numbers that are not finite stay as they are;
    `hstdriz_study.record.write_json` writes them as null.
    """
    content = asdict(choice)
    chosen = content["chosen"] or {}
    told = {
        "filter": choice.filter,
        "final_scale_arcsec": chosen.get("final_scale_arcsec"),
        "final_pixfrac": chosen.get("final_pixfrac"),
        "final_kernel": chosen.get("final_kernel"),
        "final_wht_type": chosen.get("final_wht_type"),
        "key": chosen.get("key"),
        "metrics": chosen.get("metrics", {}),
        "reason": choice.cannot_choose or " ".join(choice.reasons),
        "rule": choice.rule,
        "cannot_choose": choice.cannot_choose,
        "reasons": choice.reasons,
        "short_reason": choice.short_reason,
        "limited_by": content["limited_by"],
        "grid_edges": choice.grid_edges,
        "sharpest": content["sharpest"],
        "fwhm_tolerance_arcsec": content["fwhm_tolerance_arcsec"],
        "depth_tolerance_mag": content["depth_tolerance_mag"],
        "alternatives": content["alternatives"],
        "handbook": content["handbook"],
        "handbook_point": content["handbook_point"],
        "handbook_note": choice.handbook_note,
        "rejected": [_rejection(one) for one in content["rejected"]],
        "goal": choice.goal,
        "runner_up": content["runner_up"],
        "margin": _margin(choice),
        "resampling": _stability(choice.resampling),
        "grid_phases": _stability(choice.grid_phases),
        "extension": choice.extension,
        "warnings": choice.warnings,
        "by_goal": content["by_goal"],
        "by_rule": content["by_rule"],
        "common": content["common"],
    }
    plain: dict[str, Any] = _plain(told)
    return plain


def _rejection(content: dict[str, Any]) -> dict[str, Any]:
    del content["kind"], content["point"]["metrics"]
    return content


def _margin(choice: Choice) -> dict[str, Any] | None:
    margin, runner_up = choice.margin, choice.runner_up
    if margin is None or runner_up is None:
        return None
    return {
        "criterion": margin.criterion.phrase,
        "difference": margin.difference,
        "sigma": margin.sigma,
        "n_sigma": margin.n_sigma,
        "sentence": margin_said(margin, runner_up.label),
    }


def _stability(stability: Stability | None) -> dict[str, Any] | None:
    if stability is None:
        return None
    content = asdict(stability)
    return {
        "n_tables": stability.n_tables,
        "n_same": stability.n_same,
        "votes": content["votes"],
        "undecided": stability.undecided,
        "changed": stability.changed,
        "sentence": stability_said(stability),
        "causes": content["causes"],
    }


def _plain(content: Any) -> Any:
    """Turn tuples into lists and leave out the (empty) replicates and phases."""
    if isinstance(content, dict):
        return {
            key: _plain(item)
            for key, item in content.items()
            if key not in ("replicates", "phases")
        }
    if isinstance(content, (list, tuple)):
        return [_plain(item) for item in content]
    return content
