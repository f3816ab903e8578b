"""From the schema and Hydra's store to ``known.json``: ``python -m hstdriz_study.cli.known_names``.

A test holds the file against the schema.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hydra.core.config_store import ConfigStore
from omegaconf import DictConfig, OmegaConf

from hstdriz_study.cli.registered import register
from hstdriz_study.cli.validation_options import ValidationConfig
from hstdriz_study.conf_files import conf_directory
from hstdriz_study.json_files import write_json
from hstdriz_study.study.config import StudyConfig
from hstdriz_study.study.config.renamed import is_old_name

if TYPE_CHECKING:
    from collections.abc import Iterator

# Of Hydra's own keys, a hundred, those that a study is told with.
HYDRA_KEYS = (
    "hydra.mode",
    "hydra.run.dir",
    "hydra.searchpath",
    "hydra.sweep.dir",
    "hydra.sweeper.points_per_job",
)
# Groups with names that are no files: Hydra's store has them.
STORED = ("goal", "hydra/launcher", "hydra/sweeper")


def known_names() -> dict[str, Any]:
    """Return the content of ``known.json``, described at `hstdriz_study.cli.catalogue.known`."""
    register()
    store = ConfigStore.instance()
    return {
        "groups": [*_groups_of_defaults(), *(group for group in STORED if "/" in group)],
        "stored": {
            group: [name.removesuffix(".yaml") for name in store.list(group)] for group in STORED
        },
        "study": [*_keys(StudyConfig), *HYDRA_KEYS],
        "validate": list(_keys(ValidationConfig)),
    }


def _groups_of_defaults() -> list[str]:
    defaults = OmegaConf.load(conf_directory() / "config.yaml").defaults
    chosen = [str(next(iter(item))) for item in defaults if isinstance(item, DictConfig)]
    return [group for group in chosen if not group.startswith("override ")]


def _keys(schema: Any, above: str = "") -> Iterator[str]:
    """Walk through a schema; a key that is only read for its old name is not offered."""
    for item in fields(schema):
        inner: Any = item.default_factory
        if is_dataclass(inner):
            yield from _keys(inner, f"{above}{item.name}.")
        elif not is_old_name(item):
            yield above + item.name


if __name__ == "__main__":
    write_json(Path(__file__).with_name("known.json"), known_names())
