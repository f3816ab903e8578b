"""The detectors that are known, one module each.

Optics as in Tiny Tim (Krist et al. 2011, SPIE 8127), with jitter and halo adjusted to the published
encircled energy; full wells, noise, layout and dither patterns (ACS-WFC-DITHER-BOX,
WFC3-UVIS-DITHER-BOX, WFC3-IR-DITHERBOX-MIN) from the ACS Instrument Handbook, chapters 3 to 5, and
the WFC3 Instrument Handbook, chapters 5 to 7, and their appendices.

PHOTFLAM and PHOTPLAM are those that calibrated files of the archive carry (ACS/WFC: PHOTMODE
``MJD#52599`` and ``MJD#56438``; WFC3/IR: the 2012 inverse sensitivities; WFC3/UVIS and ACS's F775W:
rounded to the handbooks' zero points).
"""

from __future__ import annotations

from hstdriz_study.errors import ConfigError, DatasetError
from hstdriz_study.named import named
from hstdriz_study.optics.detector import Detector
from hstdriz_study.optics.detectors.acs_hrc import ACS_HRC
from hstdriz_study.optics.detectors.acs_sbc import ACS_SBC
from hstdriz_study.optics.detectors.acs_wfc import ACS_WFC
from hstdriz_study.optics.detectors.wfc3_ir import WFC3_IR
from hstdriz_study.optics.detectors.wfc3_uvis import WFC3_UVIS

DETECTORS = (ACS_WFC, ACS_HRC, ACS_SBC, WFC3_UVIS, WFC3_IR)


def detector_of(instrument: str, channel: str, record: str | None = None) -> Detector:
    """Return the record of a detector.

    Parameters
    ----------
    instrument, channel : str
        INSTRUME and DETECTOR of its headers.
    record : str, optional
        ``filter.record``: the dotted name of a record that is not among `DETECTORS`.

    Raises
    ------
    DatasetError
        If there is none.
    ConfigError
        If ``record`` does not name one of this detector.
    """
    label = f"{instrument}/{channel}"
    if record is not None:
        return _own(record, label)
    for known in DETECTORS:
        if known.label == label:
            return known
    raise DatasetError(
        f"no model of {label}: it can neither be simulated nor have artificial stars or a PSF "
        "product; name your own exposures with dataset.path=DIR, or write its record and name it "
        "with filter.record=package.module.NAME"
    )


def _own(record: str, label: str) -> Detector:
    found = named(record, "filter.record", "package.module.NAME")
    if not isinstance(found, Detector):
        raise ConfigError(f"filter.record={record}: is not a Detector; mend the name")
    if found.label != label:
        raise ConfigError(
            f"filter.record={record}: is the record of {found.label}, but filter.instrument and "
            f"filter.detector say {label}; mend one of them"
        )
    return found
