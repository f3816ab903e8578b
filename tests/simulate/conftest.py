"""Simulated sets of both instruments, made and prepared once for all tests of this room."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from astropy.io import fits
from astropy.wcs import WCS

from hstdriz_study.foreign import confined
from hstdriz_study.simulate import BANDS, generate_filter, render_noiseless

ALL_FILTERS = tuple(BANDS)


@dataclass(frozen=True)
class SimulatedSet:
    filter_name: str
    directory: Path
    exposures: tuple[Path, ...]

    @property
    def truth(self) -> Path:
        return self.directory / "truth"


@pytest.fixture(scope="session")
def simulated(tmp_path_factory: pytest.TempPathFactory, spec_of: Any) -> Any:
    """Return the simulated set of a filter and specification, made on first use."""
    made = {}

    def get(filter_name: str, **values: Any) -> SimulatedSet:
        key = (filter_name, tuple(sorted(values.items())))
        if key not in made:
            directory = tmp_path_factory.mktemp(filter_name)
            spec = spec_of(**values)
            paths = generate_filter(directory, BANDS[filter_name], spec)
            made[key] = SimulatedSet(filter_name, directory, tuple(paths))
        return made[key]

    return get


@pytest.fixture(scope="session")
def noiseless(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Return a set of noiseless dithers of isolated stars."""

    def get(filter_name: str, n_side: int) -> SimulatedSet:
        directory = tmp_path_factory.mktemp(f"noiseless_{filter_name}")
        paths = render_noiseless(directory, BANDS[filter_name], n_side=n_side)
        return SimulatedSet(filter_name, directory, tuple(paths))

    return get


@pytest.fixture(scope="session")
def reference_environment() -> Any:
    """Environment in which a set's reference files are found."""

    def variables(simulated_set: SimulatedSet) -> dict[str, str]:
        reference = f"{simulated_set.directory / 'ref'}/"
        return {"iref": reference, "jref": reference}

    return variables


@pytest.fixture(scope="session")
def updated(tmp_path_factory: pytest.TempPathFactory, reference_environment: Any) -> Any:
    """Return copies of a set's exposures on which updatewcs has run."""

    def get(simulated_set: SimulatedSet) -> list[Path]:
        work = tmp_path_factory.mktemp("updated")
        copies = [Path(shutil.copy(path, work)) for path in simulated_set.exposures]
        with confined(work, reference_environment(simulated_set), work / "log"):
            from stwcs.updatewcs import updatewcs

            updatewcs([path.name for path in copies], use_db=False)
        return copies

    return get


class Drizzler:
    """AstroDrizzle on a set of its own: prepared once, final step as often as asked."""

    def __init__(self, paths: list[Path], environment: dict[str, str]) -> None:
        self._work = paths[0].parent
        self._names = [path.name for path in paths]
        self._environment = environment

    def prepare(self, **settings: Any) -> None:
        """Sky and cosmic rays."""
        self._run("prepared", final_kernel="point", context=False, **settings)

    def _run(self, output: str, **settings: Any) -> None:
        fixed = {"build": True, "clean": True, "preserve": False, "num_cores": 1}
        with confined(self._work, self._environment, self._work / "log"):
            from drizzlepac.astrodrizzle import AstroDrizzle

            AstroDrizzle(
                self._names, output=output, final_wcs=True, final_rot=0.0, **fixed, **settings
            )

    def final(self, name: str, **settings: Any) -> Any:
        """SCI, WHT and WCS of one final step."""
        self._run(
            name,
            skysub=False,
            driz_separate=False,
            median=False,
            blot=False,
            driz_cr=False,
            resetbits=0,
            **settings,
        )
        (product,) = self._work.glob(f"{name}_dr?.fits")
        with fits.open(product) as hdus:
            return hdus["SCI"].data, hdus["WHT"].data, WCS(hdus["SCI"].header)


@pytest.fixture(scope="session")
def drizzler(updated: Any, reference_environment: Any) -> Any:
    def get(simulated_set: SimulatedSet) -> Drizzler:
        return Drizzler(updated(simulated_set), reference_environment(simulated_set))

    return get
