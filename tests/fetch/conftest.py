"""Simulated exposures on a server of one's own, which the real astroquery and crds ask."""

from __future__ import annotations

from pathlib import Path

import pytest
from astropy.io import fits
from astroquery.mast import conf
from astroquery.mast.discovery_portal import PortalAPI

from hstdriz_study.dataset import WantedFilter
from hstdriz_study.fetch import CrdsSettings, FetchSettings, Patience, Question
from hstdriz_study.simulate import BANDS, generate_filter
from tests.fetch.archive import Archive, served

IDCTAB = "w3m18525i_idc.fits"


@pytest.fixture(scope="session")
def exposures(tmp_path_factory, spec_of) -> list[Path]:
    """Four exposures of WFC3/IR F160W; ``ref`` beside them holds their calibration files."""
    made = tmp_path_factory.mktemp("archive")
    generate_filter(made, BANDS["f160w"], spec_of())
    (table,) = made.glob("ref/*_idc.fits")
    table.rename(table.with_name(IDCTAB))  # crds tells the instrument by the name
    for path in made.glob("*_flt.fits"):
        fits.setval(path, "IDCTAB", value=f"iref${IDCTAB}")
    return sorted(made.glob("*_flt.fits"))


@pytest.fixture
def archive(exposures, monkeypatch):
    """A server that has one visit; astroquery asks it, and crds where it is told to."""
    kept = Archive()
    for path in exposures[0].parent.glob("ref/*.fits"):
        kept.references[path.name] = path.read_bytes()
    kept.add_visit(exposures, "F160W", "WFC3/IR")
    with served(kept), conf.set_temp("server", kept.url):
        # astroquery has read its configuration when it was imported
        monkeypatch.setattr(PortalAPI, "MAST_REQUEST_URL", f"{kept.url}/api/v0/invoke")
        columns = f"{kept.url}/portal/Mashup/Mashup.asmx/columnsconfig"
        monkeypatch.setattr(PortalAPI, "COLUMNS_CONFIG_URL", columns)
        monkeypatch.setenv("http_proxy", kept.url)  # the resolver's address is written in the code
        monkeypatch.setenv("no_proxy", "localhost,127.0.0.1")
        for variable in ("iref", "jref"):
            monkeypatch.delenv(variable, raising=False)
        yield kept


@pytest.fixture
def asking(archive, tmp_path):
    """Settings of a question to the archive: about WFC3/IR F160W unless another is wanted."""

    def asked(
        filter_name: str = "F160W", detector: str = "WFC3/IR", attempts: int = 4, **question: object
    ) -> FetchSettings:
        instrument, _, of_instrument = detector.partition("/")
        wanted = WantedFilter(filter_name.lower(), instrument, of_instrument, filter_name, 0.13)
        return FetchSettings(
            question=Question(**question or {"proposal": 11570}),
            wanted=wanted,
            folder=tmp_path / "fetched",
            reference_dirs={},
            crds=CrdsSettings(archive.url, tmp_path / "crds"),
            patience=Patience(attempts, silence_s=1.0, wait_s=0.01),
        )

    return asked


@pytest.fixture
def without_references(asking):
    """The same, of somebody who has calibration files already."""

    def asked(*arguments: str, **question: object) -> FetchSettings:
        settings = asking(*arguments, **question)
        settings.reference_dirs.update(iref=Path("mine"), jref=Path("mine"))
        return settings

    return asked
