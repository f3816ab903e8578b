"""Which artificial stars are injected."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class InjectSettings:
    """Artificial stars; the names are those of the keys of ``measure``.

    Attributes
    ----------
    inject_stars : int
        Bright ones, and as many faint ones of each step; 0: none.
    inject_snr : float
        Signal-to-noise of the bright ones in the aperture of the native-scale product.
    """

    inject_stars: int
    inject_snr: float
