"""From aligned exposures to ones whose cosmic rays are flagged (DQ bit 4096).

AstroDrizzle writes the flags only in its final step, so one is run, as cheap
as it can be.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hstdriz_study.drizzlepac_options import preparing_options
from hstdriz_study.errors import DrizzleError
from hstdriz_study.foreign import counted_by_messages, messages_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hstdriz_study.prepare.settings import PrepareSettings


STEP_ENDED = "' finished at "
"""What stands in the message with which AstroDrizzle ends a step (drizzlepac's util.py)."""

N_STEPS = 8
"""Of AstroDrizzle, from its initialization to the final drizzle."""

# What drizzlepac's sky.py logs when skymatch has failed, before it goes on with another method.
_SKY_REVERTED = "Reverting sky computation"
_DOING = "flagging cosmic rays with AstroDrizzle, steps"


def flag_cosmic_rays(names: Sequence[str], settings: PrepareSettings, directory: Path) -> None:
    """Measure the sky and flag cosmic rays in the files, in place.

    AstroDrizzle's intermediate files stay in the working directory; the static
    masks are among them.

    Raises
    ------
    DrizzleError
        If AstroDrizzle fails, or measures the sky by another method than it is
        told (stsci.skypac 1.0.12 cannot match skies with spherical_geometry
        1.4.0, and then leaves no sky in the files).
    """
    from drizzlepac.astrodrizzle import AstroDrizzle

    steps = settings.steps_of(len(names))
    try:
        with (
            messages_of("drizzlepac.sky") as told,
            counted_by_messages("drizzlepac.util", STEP_ENDED, _DOING, N_STEPS),
        ):
            AstroDrizzle(list(names), output="prepare", **preparing_options(steps))
    except Exception as error:
        raise DrizzleError(
            f"filter={settings.filter_name}: AstroDrizzle failed while flagging cosmic rays "
            f"({type(error).__name__}: {error})"
        ) from error
    _check_sky_method(told, settings)
    products = list(directory.glob("prepare_dr?.fits"))
    if not products:
        raise DrizzleError(
            f"filter={settings.filter_name}: AstroDrizzle made no product while flagging cosmic "
            "rays; its log says why"
        )
    for product in products:
        product.unlink()


def _check_sky_method(told: Sequence[str], settings: PrepareSettings) -> None:
    if any(_SKY_REVERTED in message for message in told):
        raise sky_method_fails(settings)


def sky_method_fails(settings: PrepareSettings) -> DrizzleError:
    """Return the error of a method that AstroDrizzle would not carry out but replace."""
    return DrizzleError(
        f"filter={settings.filter_name}: prepare.skymethod={settings.steps.skymethod} fails in "
        "the installed DrizzlePac (stsci.skypac), which then takes another method; set "
        "prepare.skymethod=localmin or globalmin"
    )
