"""``hstdriz-study validate``: the tool against published numbers, closed forms and truth."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hydra
from hydra.core.config_store import ConfigStore
from hydra.core.hydra_config import HydraConfig
from hydra.experimental.callback import Callback
from hydra.types import RunMode
from omegaconf import OmegaConf

from hstdriz_study.cli.arguments import read_arguments
from hstdriz_study.cli.callbacks import leaving_on_failure
from hstdriz_study.cli.catalogue import validate_keys
from hstdriz_study.cli.points import point_config
from hstdriz_study.cli.registered import register
from hstdriz_study.cli.sentences import hydra_in_one_sentence
from hstdriz_study.cli.validation_options import ValidationConfig, validation_options
from hstdriz_study.conf_files import conf_directory
from hstdriz_study.errors import ConfigError
from hstdriz_study.whole_files import require_writable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omegaconf import DictConfig

    from hstdriz_study.validate.context import SetOptions, SimulatedSet

FAILED = 1


class DirectoryCallback(Callback):
    """Refuse a directory that cannot be written before Hydra makes it, and before the work."""

    def on_run_start(self, config: DictConfig, **_: Any) -> None:
        """Try it."""
        way_on = "name a directory of your own with hydra.run.dir=DIR"
        leaving_on_failure(lambda: require_writable(Path(config.hydra.run.dir), way_on))


def run_validation(arguments: Sequence[str]) -> int:
    """Let Hydra compose ``conf/validate.yaml`` with the command line, and validate.

    Parameters
    ----------
    arguments : sequence of str
        What Hydra is given.

    Raises
    ------
    SystemExit
        With code 1 when a row fails or there is none.
    """
    register()  # sets are simulated by the shipped configuration
    ConfigStore.instance().store(name="validation_schema", node=ValidationConfig)
    run = hydra.main(version_base="1.3", config_path=str(conf_directory()), config_name="validate")
    sys.argv[1:] = read_arguments(arguments)
    with hydra_in_one_sentence(validate_keys()):
        run(_run)()
    return 0


def _run(config: DictConfig) -> None:
    # here, because it brings photutils and drizzlepac: a mistyped key is told at once
    from hstdriz_study.validate.run import validate_tool

    context = HydraConfig.get()
    if context.mode != RunMode.RUN:
        raise ConfigError("validate is one run; leave out --multirun")
    asked = OmegaConf.to_object(config)
    assert isinstance(asked, ValidationConfig)
    options = validation_options(asked)
    directory = Path(context.runtime.output_dir).absolute()
    command = shlex.join(["hstdriz-study", "validate", *context.overrides.task])
    if not validate_tool(options, _options_of, directory, command):
        sys.exit(FAILED)


def _options_of(wanted: SimulatedSet) -> SetOptions:
    """Compose the shipped configuration of a study of a simulated set."""
    from hstdriz_study.study.config import (
        choice_settings,
        drizzle_settings,
        field_options,
        point_options,
    )
    from hstdriz_study.validate.context import SetOptions

    lines = [
        f"filter={wanted.filter}",
        "dataset=synthetic",
        f"dataset.seed={wanted.seed}",
        f"prepare.cache_dir={wanted.cache_dir}",
    ]
    if wanted.pointing_error_px:
        lines += ["prepare=tweakreg", f"dataset.pointing_error_px={wanted.pointing_error_px}"]
    config = point_config(tuple(lines))
    return SetOptions(
        field_options(config),
        drizzle_settings(config),
        point_options(config),
        choice_settings(config.choose),
    )
