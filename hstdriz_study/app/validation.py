"""``hstdriz-study validate``: the tool against published numbers, closed forms and truth."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import hydra
from hydra.core.config_store import ConfigStore
from hydra.core.hydra_config import HydraConfig
from hydra.types import RunMode
from omegaconf import OmegaConf

from hstdriz_study.app.grid import point_config
from hstdriz_study.errors import ConfigError
from hstdriz_study.validate.options import ValidationOptions, check_options

if TYPE_CHECKING:
    from omegaconf import DictConfig

FAILED = 1


def run_validation(conf_directory: Path) -> None:
    """Let Hydra compose ``conf/validate.yaml`` with the command line, and validate.

    Raises
    ------
    SystemExit
        With code 1 when a row fails or there is none.
    """
    ConfigStore.instance().store(name="validation_schema", node=ValidationOptions)
    hydra.main(version_base="1.3", config_path=str(conf_directory), config_name="validate")(_run)()


def _run(config: DictConfig) -> None:
    # here, because it brings photutils and drizzlepac: a mistyped key is told at once
    from hstdriz_study.validate.run import validate_tool

    context = HydraConfig.get()
    if context.mode != RunMode.RUN:
        raise ConfigError("validate is one run; leave out --multirun")
    options = OmegaConf.to_object(config)
    assert isinstance(options, ValidationOptions)
    check_options(options)
    directory = Path(context.runtime.output_dir).absolute()
    command = shlex.join(["hstdriz-study", "validate", *context.overrides.task])
    if not validate_tool(options, point_config, directory, command):
        sys.exit(FAILED)
