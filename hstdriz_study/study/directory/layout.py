"""What lies where in a study's directory: the one place where its names are spelled.

::

    study.json                 what the study is, its points and its MLflow ids
    plan.json multirun.yaml    overrides of every point of a sweep, and which job runs which
    jobs/<n>/                  Hydra's own files of one job
    stopped.txt                why no further point is begun
    filters/<filter>/          where its points start from; star table and figure, dithers, the
                               shifts (shift.txt) and what they are relative to
    points/<n>/record.json     one point: settings, metrics, timing, provenance
    points/<n>/replicates.npz  bootstrap replicates of the metrics
    points/<n>/images/         the images of the cross-run grid
    superseded/<n>-<key>/      a point before it was run anew with other code, libraries or inputs
    refinement.json            which points were added around the choice, and why it ended
    products/                  on request: the chosen images, their noise maps and PSFs
    psf_matching.json          what matching these PSFs costs
    what_if/                   pages and tables of ``hstdriz-study what-if``
    figures/<filter>/          figures of the report
    points.ecsv choice.json report.md report.html make_product_<filter>.py

What the science rooms write into a directory that they are given, they name themselves.
"""

from __future__ import annotations

import glob
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hstdriz_study.drizzlepac_options import (
    CATALOGUE_FILE,
    IMAGE_FILE,
    SHIFT_FILE,
    SHIFT_WCS_FILE,
)

if TYPE_CHECKING:
    from pathlib import Path

_IMAGES = "images"
_RECORD = "record.json"
REPORT_HTML = "report.html"


def damaged(path: Path) -> Path:
    """Return where a file is kept that was cut off."""
    return path.with_name(f"{path.name}.damaged")


@dataclass(frozen=True)
class _Directory:
    path: Path

    def __str__(self) -> str:
        return str(self.path)


@dataclass(frozen=True)
class PointDirectory(_Directory):
    """The directory of one point."""

    @property
    def record(self) -> Path:
        """Settings, metrics, timing, provenance."""
        return self.path / _RECORD

    @property
    def replicates(self) -> Path:
        """Bootstrap replicates of the metrics."""
        return self.path / "replicates.npz"

    @property
    def images(self) -> Path:
        """Directory of the pictures by which points are compared."""
        return self.path / _IMAGES

    @staticmethod
    def relative_image(file: str) -> str:
        """Return a picture as the record has it, relative to the point."""
        return f"{_IMAGES}/{file}"

    @property
    def log(self) -> Path:
        """What was logged while the point ran."""
        return self.path / "hstdriz-study.log"

    @property
    def crash_log(self) -> Path:
        """Where compiled code was when it crashed; not there when it did not."""
        return self.path / "crash.log"

    @property
    def tracked(self) -> Path:
        """Which run of the tracking store shows the record."""
        return self.path / "tracked.json"

    @property
    def tracking_begun(self) -> Path:
        """There since before the run was made: without it there is none in the store."""
        return self.path / ".tracked.begun"

    @property
    def tracking_lock(self) -> Path:
        """Held by the process that sends the record."""
        return self.path / ".tracked.lock"


@dataclass(frozen=True)
class FilterDirectory(_Directory):
    """The directory of what the points of one filter share."""

    @property
    def setup(self) -> Path:
        """Where the points start from, or why they cannot."""
        return self.path / "setup.json"

    @property
    def shifts(self) -> Path:
        """How the exposures were aligned, as TweakReg writes it; there when they were."""
        return self.path / SHIFT_FILE

    @property
    def shift_wcs(self) -> Path:
        """The WCS in whose pixels the shifts are."""
        return self.path / SHIFT_WCS_FILE

    @property
    def aligned_to(self) -> Path | None:
        """The catalogue or the image that the exposures were aligned to; None without one."""
        kept = (self.path / name for name in (CATALOGUE_FILE, IMAGE_FILE))
        return next((path for path in kept if path.is_file()), None)

    @property
    def between(self) -> Path:
        """What is foretold of places between the points."""
        return self.path / "between.json"

    def figure(self, name: str) -> Path:
        """Return a figure of the star selection or the dithers."""
        return self.path / f"{name}.png"


@dataclass(frozen=True)
class ProductsDirectory(_Directory):
    """The directory of what is made of the choices."""

    def image(self, output: str) -> Path | None:
        """Find a drizzled image: ``_drz``, or ``_drc`` of flc files; None when there is none."""
        return next(iter(sorted(self.path.glob(f"{glob.escape(output)}_dr?.fits"))), None)

    @property
    def superseded(self) -> Path:
        """Directory of what was made of points that are no longer chosen."""
        return self.path / "superseded"

    def work(self, script: Path) -> Path:
        """Return where a script works, on copies of the exposures; gone when it has ended."""
        return self.path / f".{script.stem}"

    def made_by(self, script: Path) -> Path:
        """Return the script that made an image, kept beside it."""
        return self.path / script.name

    def log(self, script: Path) -> Path:
        """Return what a script has printed."""
        return self.path / f"{script.stem}.log"

    def noise_map(self, name: str) -> Path:
        """Return the noise map of a filter's image."""
        return self.path / f"noise_{name}.fits"

    def read_back(self, name: str) -> Path:
        """Return in what a filter's image is not what was measured."""
        return self.path / f"read_back_{name}.json"

    def psf(self, name: str) -> Path:
        """Return the PSF of a filter's choice."""
        return self.path / f"psf_{name}.fits"

    def common_psf(self, name: str) -> Path:
        """Return the PSF of a filter at the scale common to all."""
        return self.path / f"psf_{name}_common.fits"

    def kernel(self, name: str, broadest: str) -> Path:
        """Return the kernel that matches a filter's PSF to the broadest."""
        return self.path / f"match_{name}_to_{broadest}.fits"


@dataclass(frozen=True)
class StudyDirectory(_Directory):
    """The directory of a study.

    Examples
    --------
    >>> from pathlib import Path
    >>> StudyDirectory(Path("kept")).point(3).record.as_posix()
    'kept/points/3/record.json'
    """

    @property
    def description(self) -> Path:
        """What the study is, its points and its MLflow ids."""
        return self.path / "study.json"

    @property
    def driver(self) -> Path:
        """There while a process starts, reports, sends or otherwise drives the study."""
        return self.path / ".driver.lock"

    @property
    def plan(self) -> Path:
        """Overrides of every point of a sweep, and which job runs which."""
        return self.path / "plan.json"

    @property
    def multirun(self) -> Path:
        """The sweep as Hydra composed it."""
        return self.path / "multirun.yaml"

    @property
    def stopped(self) -> Path:
        """There when no further point is to begin; it says why."""
        return self.path / "stopped.txt"

    @property
    def refinement(self) -> Path:
        """Which points were added around the choice, and why it ended."""
        return self.path / "refinement.json"

    @property
    def filters(self) -> Path:
        """Directory of the filters' directories."""
        return self.path / "filters"

    def of_filter(self, name: str) -> FilterDirectory:
        """Return the directory of one filter."""
        return FilterDirectory(self.filters / name)

    @property
    def _points(self) -> Path:
        return self.path / "points"

    def point(self, name: int | str) -> PointDirectory:
        """Return the directory of a point, by its number in the sweep or the name it has."""
        return PointDirectory(self._points / str(name))

    def points(self) -> list[PointDirectory]:
        """Return the directories that hold a record, in the order of the sweep."""
        found = [path.parent for path in self._points.glob(f"*/{_RECORD}")]
        return [PointDirectory(path) for path in sorted(found, key=lambda p: (len(p.name), p.name))]

    @property
    def superseded(self) -> Path:
        """Directory of points before they were run anew."""
        return self.path / "superseded"

    def set_aside(self, point: PointDirectory, key: str) -> Path:
        """Return where a point is kept that no longer holds."""
        return self.superseded / f"{point.path.name}-{key[:8]}"

    @property
    def table(self) -> Path:
        """The table of all points."""
        return self.path / "points.ecsv"

    @property
    def choice(self) -> Path:
        """The choice of every filter."""
        return self.path / "choice.json"

    @property
    def markdown(self) -> Path:
        """The report as Markdown."""
        return self.path / "report.md"

    @property
    def html(self) -> Path:
        """The report as one HTML page."""
        return self.path / REPORT_HTML

    @property
    def figures(self) -> Path:
        """Directory of the report's figures, a directory a filter."""
        return self.path / "figures"

    def script(self, name: str) -> Path:
        """Return the script that makes the chosen product of a filter."""
        return self.path / f"make_product_{name}.py"

    def scripts(self) -> list[Path]:
        """Return the scripts that are there."""
        return sorted(self.path.glob(self.script("*").name))

    @property
    def products(self) -> ProductsDirectory:
        """What is made of the choices."""
        return ProductsDirectory(self.path / "products")

    @property
    def psf_matching(self) -> Path:
        """What matching the PSFs of several filters costs."""
        return self.path / "psf_matching.json"

    def what_if(self, change: str) -> Path:
        """Return the page of what a change of the exposures would do; its tables lie beside it."""
        return self.path / "what_if" / f"{change}.md"

    def what_ifs(self) -> list[Path]:
        """Return what is stored of every change that was foreseen, for the report."""
        page = self.what_if("*").with_suffix(".json")
        return sorted(page.parent.glob(page.name))
