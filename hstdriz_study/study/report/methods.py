"""A methods paragraph for a paper, and its BibTeX, from the study's own settings and numbers."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import jinja2

from hstdriz_study.choose import find_rule
from hstdriz_study.choose.limits import GROWTH_LIMIT
from hstdriz_study.choose.points import finished, settings_of
from hstdriz_study.choose.words.numbers import joined, with_error
from hstdriz_study.contracts.metric_table import DEPTH, FWHM, N_STARS
from hstdriz_study.contracts.sky import CIRCLE
from hstdriz_study.dataset.solutions import UPDATEWCS
from hstdriz_study.drizzlepac_options import FAST
from hstdriz_study.study.config import data_told
from hstdriz_study.study.report.artificial import artificial_stars_told

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hstdriz_study.choose import Choice, ChoiceSettings
    from hstdriz_study.contracts import PointRecord

ENGINES = {
    "fast": "with the drizzle library on AstroDrizzle's own pixel mapping",
    "frame": "with the drizzle library on AstroDrizzle's own pixel mapping",
    "astrodrizzle": "with AstroDrizzle itself",
}


def methods_paragraph(
    study: Mapping[str, Any],
    records: Sequence[PointRecord],
    choices: Sequence[Choice],
    config: ChoiceSettings,
    exposures: Mapping[str, tuple[int, float]] = MappingProxyType({}),
) -> str:
    """Say in one paragraph what was done, in the words of a paper.

    Parameters
    ----------
    study : mapping
        What ``study.json`` holds.
    records : sequence of `~hstdriz_study.contracts.PointRecord`
        All points of the study.
    choices : sequence of Choice
    config : `~hstdriz_study.choose.ChoiceSettings`
        The rule's limits.
    exposures : mapping, optional
        Filter to the number of its exposures and their time together, in seconds.
    """
    versions = study.get("versions", {})
    settings = study.get("config") or {}
    measure, names = settings.get("measure", {}), [choice.filter.upper() for choice in choices]
    phases = measure.get("grid_phases", 1)
    measured = finished(records)
    environment = _environment()
    environment.globals["version"] = lambda name: f" {versions[name]}" if name in versions else ""
    text = environment.get_template("methods.txt.j2").render(
        data=data_told(study),
        filters=joined(names),
        n_filters=len(names),
        prepared=_prepared(
            settings.get("prepare", {}), _wcs_names(measured), rays=_looks_for_rays(study)
        ),
        exposures=_exposures(exposures),
        n_points=len(measured),
        grid=_grid(measured),
        engine=ENGINES.get(settings.get("drizzle", {}).get("engine", ""), "with AstroDrizzle"),
        refined=_refined(settings.get("refine", {})),
        n_bootstrap=measure.get("n_bootstrap", "the"),
        phases=_phases(phases),
        where=_where(measure),
        artificial=artificial_stars_told(measured),
        goal=_goal(choices[0]),
        rule=choices[0].rule,
        takes=find_rule(choices[0].rule).takes,
        limits=_limits(config, choices[0].rule),
        results=" ".join(_result(choice) for choice in choices),
    )
    return text.strip()


def bibtex(study: Mapping[str, Any]) -> str:
    """Return the BibTeX of what `methods_paragraph` cites, with the versions used."""
    versions = study.get("versions", {})
    source = files("hstdriz_study.study.report").joinpath("templates", "references.bib").read_text()
    return re.sub(r"<([\w-]+)>", lambda found: versions.get(found[1], "unknown"), source).strip()


def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("hstdriz_study.study.report"),
        autoescape=False,  # noqa: S701 - plain text; the pages escape it
        undefined=jinja2.StrictUndefined,
    )


def _looks_for_rays(study: Mapping[str, Any]) -> bool:
    """Tell whether cosmic rays were looked for in a filter; earlier versions always did."""
    filters = study.get("filter_configs", {}).values()
    return any(one.get("cosmic_rays", {}).get("driz_cr", True) for one in filters) or not filters


def _prepared(prepare: Mapping[str, Any], wcs_names: Sequence[str], *, rays: bool) -> str:
    steps = []
    wcs = prepare.get("wcs")
    if wcs == UPDATEWCS:
        steps.append("their world coordinate systems were made anew with stwcs' updatewcs")
    elif wcs is not None:
        named = f" ({joined(list(wcs_names))})" if wcs_names else ""
        steps.append(f"their world coordinate systems are those in the files{named}")
    if prepare.get("tweakreg"):
        to = f" to {Path(prepare['align_to']).name}" if prepare.get("align_to") else ""
        steps.append(f"they were aligned{to} with TweakReg")
    if prepare.get("shifts"):
        steps.append(f"they were aligned by the shifts in {Path(prepare['shifts']).name}")
    steps.append("the sky was measured")
    if rays:
        # the fast engine's flags are AstroDrizzle's, which may have set them after all
        how = "as AstroDrizzle flags them" if prepare.get("engine") == FAST else "by AstroDrizzle"
        steps.append(f"cosmic rays were flagged {how}")
    return joined(steps)


def _wcs_names(records: Sequence[PointRecord]) -> list[str]:
    """Return the names of the WCS solutions that the prepared exposures have."""
    told = (record.provenance.get("wcs", {}).get("WCSNAME", "") for record in records)
    return list(dict.fromkeys(name for names in told for name in names.split(", ") if name))


def _exposures(exposures: Mapping[str, tuple[int, float]]) -> str:
    told = [f"{name.upper()}: {n}, {time_s:.0f} s" for name, (n, time_s) in exposures.items()]
    return f" ({'; '.join(told)})" if told else ""


def _grid(records: Sequence[PointRecord]) -> str:
    points = [settings_of(record) for record in records]
    if not points:
        return ""
    scales = sorted({point.final_scale_arcsec for point in points})
    pixfracs = sorted({point.final_pixfrac for point in points})
    kernels = sorted({point.final_kernel for point in points})
    wht_types = sorted({point.final_wht_type for point in points})
    return (
        f" (scales from {scales[0]:.4g} to {scales[-1]:.4g} arcsec, pixfracs from "
        f"{pixfracs[0]:g} to {pixfracs[-1]:g}; {joined(kernels)} kernel; "
        f"{joined(wht_types)} weights)"
    )


def _refined(refine: Mapping[str, Any]) -> str:
    if not refine.get("enabled"):
        return ""
    return (
        f" After a first grid, up to {refine['max_points']} settings were added around the choice "
        f"of each filter, to bring its neighbours within {100 * refine['scale_tolerance']:g} % in "
        f"scale and {refine['pixfrac_tolerance']:g} in pixfrac."
    )


def _phases(n_along_axis: int) -> str:
    if n_along_axis == 1:
        return ""
    number = n_along_axis**2
    return f" Each measurement was repeated at {number} sub-pixel phases of the output grid."


def _where(measure: Mapping[str, Any]) -> str:
    """Say which part of the field and which stars the user named."""
    inside, out = (_named(measure.get(name)) for name in ("region", "leave_out"))
    stars = _named(measure.get("stars"))
    parts = [f"inside {inside}" if inside else "", f"outside of {out}" if out else ""]
    said = ""
    if inside or out:
        what = "Blank sky and weights" if stars else "Stars, blank sky and weights"
        said = f" {what} were taken {joined([part for part in parts if part])}."
    return f"{said} The stars are those of the list {stars}." if stars else said


def _named(text: str | None) -> str:
    return "" if not text else text if CIRCLE.match(text) else Path(text).name


def _goal(choice: Choice) -> str:
    """Name the goal, unless its rule or limits were changed."""
    used = any(pick.used for pick in choice.by_goal)
    return f' for the goal "{choice.goal}"' if used else ""


def _limits(config: ChoiceSettings, rule: str) -> str:
    """Say which limits the rule keeps."""
    holes = f"a fraction of pixels without data of at most {config.max_hole_fraction:g}"
    limits = {
        "max_rms_over_median": f"RMS/median of at most {config.max_rms_over_median:g}",
        "max_hole_fraction": f"{holes} (less its sampling error)",
        "min_pixels_per_fwhm": f"at least {config.min_pixels_per_fwhm:g} pixels per FWHM",
    }
    if config.max_fwhm_growth is not None:
        growth = 100 * config.max_fwhm_growth
        limits[GROWTH_LIMIT] = f"a FWHM at most {growth:g} % above the sharpest"
    kept = find_rule(rule).limits
    return joined([said for key, said in limits.items() if key in kept])


def _result(choice: Choice) -> str:
    name = choice.filter.upper()
    if choice.chosen is None:
        return f"For {name} no setting could be chosen."
    point = choice.chosen
    said = (
        f"For {name} we adopt {point.final_scale_arcsec:.4g} arcsec pixels and pixfrac "
        f"{point.final_pixfrac:g}"
    )
    numbers = [
        f"{entry.phrase} {with_error(point.metrics[entry.name])} {entry.unit_words}"
        for entry in (FWHM, DEPTH)
        if entry.name in point.metrics
    ]
    if N_STARS.name in point.metrics:
        numbers.append(f"{point.metrics[N_STARS.name].value:.0f} stars")
    said += f" ({', '.join(numbers)})" if numbers else ""
    if choice.resampling is not None:
        kept = 100 * (1 - choice.resampling.changed)
        said += f"; the choice is the same in {kept:.0f} % of the resamples"
    on_edge = any(not edge.of_sharpest for edge in choice.edges)
    return (
        f"{said}; it lies on the edge of the settings that were tried." if on_edge else f"{said}."
    )
