"""Settings of the final step that are carried out, but not without a word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hstdriz_study.contracts.metric_table import FLUX_RATIO

NEAR_NATIVE = 0.1

if TYPE_CHECKING:
    from hstdriz_study.contracts import DrizzleSettings


def settings_warnings(settings: DrizzleSettings, native_scale_arcsec: float) -> tuple[str, ...]:
    """Warn of a kernel or a weighting used where it is not meant to be.

    lanczos3 is for pixfrac 1 near the native scale (DrizzlePac Handbook,
    Gonzaga et al. 2012, on ``final_kernel``). ERR arrays hold the sources' own
    photon noise: on the simulated F160W set (0.081", pixfrac 0.6) they cost
    stars 14 % of their aperture flux and change the FWHM from 0.181" to 0.153".
    """
    return (*_kernel_warnings(settings, native_scale_arcsec), *_weight_warnings(settings))


def _weight_warnings(settings: DrizzleSettings) -> tuple[str, ...]:
    if settings.final_wht_type != "ERR":
        return ()
    warning = (
        "final_wht_type=ERR weighs bright pixels down, for their errors hold the source's own "
        f"photon noise: widths and fluxes of stars are not those of the sky ({FLUX_RATIO.name}); "
        "measure on EXP or IVM"
    )
    return (warning,)


def _kernel_warnings(settings: DrizzleSettings, native_scale_arcsec: float) -> tuple[str, ...]:
    if settings.final_kernel != "lanczos3":
        return ()
    scale, pixfrac = settings.final_scale_arcsec, settings.final_pixfrac
    near_native = scale is None or abs(scale / native_scale_arcsec - 1) <= NEAR_NATIVE
    if near_native and pixfrac in (None, 1.0):
        return ()
    warning = (
        "final_kernel=lanczos3 is meant for pixfrac 1 near the native scale "
        f'({native_scale_arcsec:g}"): elsewhere it rings, and its weights can be negative'
    )
    return (warning,)
