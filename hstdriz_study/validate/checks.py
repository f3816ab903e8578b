"""What every check is given, and which checks there are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hstdriz_study.config import StudyConfig
    from hstdriz_study.validate.options import ValidationOptions
    from hstdriz_study.validate.rows import Row

# Names in ``parts=[...]``: each is a module of this package with a function ``check``.
CHECKS = (
    "correlation",
    "flux",
    "optics",
    "weight_map",
    "weight_sampling",
    "truth",
    "pointing",
    "coverage",
)


@dataclass(frozen=True)
class CheckContext:
    """What a check needs to know.

    Attributes
    ----------
    options : `~hstdriz_study.validate.options.ValidationOptions`
    study_config : callable
        Composes the shipped configuration of a study with overrides.
    n_processes : int
        How many processes a check may keep busy.
    """

    options: ValidationOptions
    study_config: Callable[[tuple[str, ...]], StudyConfig]
    n_processes: int

    def of_filter(self, name: str, *overrides: str) -> StudyConfig:
        """Return the configuration of one filter's simulated set."""
        own = (f"filter={name}", "dataset=synthetic", f"dataset.seed={self.options.seed}")
        cache = f"prepare.cache_dir={self.options.cache_dir}"
        return self.study_config((*own, cache, *overrides))


Check = Callable[[CheckContext], "list[Row]"]


def check_named(name: str) -> Check:
    """Return a check; its module is imported only now, for some bring DrizzlePac."""
    found: Check = import_module(f"hstdriz_study.validate.{name}").check
    return found
