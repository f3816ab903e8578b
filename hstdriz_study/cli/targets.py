"""What a configuration may have called: this package's parts, and launchers and sweepers installed.

Hydra makes an object of whatever a ``_target_`` names, and Python's logging of whatever a ``class``
or ``()`` does: a YAML file that somebody sends would be a program.
"""

from __future__ import annotations

import logging
import logging.handlers
from functools import cache
from typing import TYPE_CHECKING, Any

from hydra.core.config_store import ConfigStore
from omegaconf import DictConfig, OmegaConf

from hstdriz_study.errors import ConfigError
from hstdriz_study.names import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

_OURS = frozenset(
    {
        "hstdriz_study.cli.callbacks.StudyCallback",
        "hstdriz_study.cli.unrun.CheckCallback",
        "hstdriz_study.cli.unrun.FetchCallback",
        "hstdriz_study.cli.unrun.PreviewCallback",
        "hstdriz_study.cli.validation.DirectoryCallback",
    }
)
_LOG_CLASSES = frozenset(
    f"{module.__name__}.{name}"
    for module in (logging, logging.handlers)
    for name, kind in vars(module).items()
    if isinstance(kind, type) and issubclass(kind, (logging.Handler, logging.Formatter))
)
_OUR_LOGS = frozenset({"hstdriz_study.progress.Console"})
_LOGS = ("hydra_logging", "job_logging")


def require_known_targets(config: DictConfig) -> None:
    """Refuse a configuration that names something else to call, before Hydra calls it.

    Raises
    ------
    ConfigError
        Naming the key.
    """
    node = OmegaConf.to_container(config.hydra, resolve=False)
    _require_parts(node)
    for key, name in _called(node, "hydra"):
        in_log = key.split(".")[1] in _LOGS
        if name not in (_LOG_CLASSES | _OUR_LOGS if in_log else _OURS | _registered()):
            raise ConfigError(
                f"{key}={shown(name)}: a configuration may only name what hstdriz-study and the "
                "installed launchers, sweepers and logging handlers are; take it out (own metrics: "
                "measure.metrics)"
            )


def _require_parts(node: Any) -> None:
    """Refuse a word where Hydra, and the study, take a sweeper or launcher apart."""
    for part in ("sweeper", "launcher"):
        if part in node and not isinstance(node[part], dict):
            raise ConfigError(
                f"hydra.{part}={shown(node[part])}: is chosen with a slash, hydra/{part}=NAME"
            )
    if "study" in (called := node.get("callbacks") or {}) and not _has_target(called["study"]):
        raise ConfigError("hydra.callbacks.study: starts the study and must stay; take it out")


def _has_target(node: Any) -> bool:
    return isinstance(node, dict) and bool(node.get("_target_"))


@cache
def _registered() -> frozenset[str]:
    """Return what Hydra and its installed plugins have registered in their groups."""
    found: set[str] = set()
    waiting = [ConfigStore.instance().repo["hydra"]]
    while waiting:
        one: Any = waiting.pop()
        if isinstance(one, dict):
            waiting += one.values()
        else:
            node = OmegaConf.to_container(one.node, resolve=False)
            found.update(str(name) for _, name in _called(node, "hydra.x"))
    return frozenset(found)


def _called(node: Any, key: str) -> Iterator[tuple[str, Any]]:
    """Give the keys, with what they name, of all that would be called."""
    if isinstance(node, list):
        for number, item in enumerate(node):
            yield from _called(item, f"{key}.{number}")
    if not isinstance(node, dict):
        return
    is_log = key.split(".")[1:2] in [[name] for name in _LOGS]
    for name, value in node.items():
        if name == "_target_" or (is_log and name in ("()", "class")):
            yield f"{key}.{name}", value
        else:
            yield from _called(value, f"{key}.{name}")
