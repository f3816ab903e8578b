"""From aligned exposures to ones whose cosmic rays are flagged (DQ bit 4096).

AstroDrizzle writes the flags only in its final step, so one is run, as cheap
as it can be.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hstdriz_study.errors import DrizzleError
from hstdriz_study.foreign import messages_of
from hstdriz_study.prepare.flags import COSMIC_RAY_BIT

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hstdriz_study.config import StudyConfig

# No display, nothing kept beside the product, and no multiprocessing of its own: that is slower
# here and dies inside workers.
COMMON_OPTIONS: dict[str, Any] = {
    "build": True,
    "clean": True,
    "preserve": False,
    "num_cores": 1,
}


def cosmic_ray_options(config: StudyConfig) -> dict[str, Any]:
    """Return AstroDrizzle's keywords for steps 1 to 6, static mask to cosmic rays."""
    rays = config.filter.cosmic_rays
    return {
        "resetbits": COSMIC_RAY_BIT,
        "static": True,
        "skysub": True,
        "skymethod": config.prepare.skymethod,
        "driz_separate": True,
        "driz_sep_bits": config.prepare.driz_sep_bits,
        "median": True,
        "combine_type": rays.combine_type,
        "blot": True,
        "driz_cr": True,
        "driz_cr_snr": rays.driz_cr_snr,
        "driz_cr_scale": rays.driz_cr_scale,
    }


# What drizzlepac's sky.py logs when skymatch has failed, before it goes on with another method.
_SKY_REVERTED = "Reverting sky computation"


def flag_cosmic_rays(names: Sequence[str], config: StudyConfig, directory: Path) -> None:
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

    cheap_final = {"final_wcs": True, "final_kernel": "point", "final_scale": 1.0, "context": False}
    options = COMMON_OPTIONS | cosmic_ray_options(config) | cheap_final | {"clean": False}
    try:
        with messages_of("drizzlepac.sky") as told:
            AstroDrizzle(list(names), output="prepare", **options)
    except Exception as error:
        raise DrizzleError(
            f"filter={config.filter.name}: AstroDrizzle failed while flagging cosmic rays "
            f"({type(error).__name__}: {error})"
        ) from error
    _check_sky_method(told, config)
    products = list(directory.glob("prepare_dr?.fits"))
    if not products:
        raise DrizzleError(
            f"filter={config.filter.name}: AstroDrizzle made no product while flagging cosmic "
            "rays; its log says why"
        )
    for product in products:
        product.unlink()


def _check_sky_method(told: Sequence[str], config: StudyConfig) -> None:
    if any(_SKY_REVERTED in message for message in told):
        raise DrizzleError(
            f"filter={config.filter.name}: prepare.skymethod={config.prepare.skymethod} fails in "
            "the installed DrizzlePac (stsci.skypac), which then takes another method; set "
            "prepare.skymethod=localmin or globalmin"
        )
