"""One sentence for what Hydra and OmegaConf say in several lines."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

import yaml
from hydra.errors import HydraException, OverrideParseException
from omegaconf.errors import OmegaConfBaseException

from hstdriz_study.cli.catalogue import groups, study_keys
from hstdriz_study.cli.unfit import full_key, must, unfit
from hstdriz_study.cli.unread import several, unread
from hstdriz_study.errors import ConfigError, first_line
from hstdriz_study.names import shown
from hstdriz_study.nearest import did_you_mean, nearest_key

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence


@contextmanager
def hydra_in_one_sentence(keys: Collection[str] | None = None) -> Iterator[None]:
    """Raise what Hydra and OmegaConf raise as a `ConfigError`; ``keys`` as in `one_sentence`."""
    try:
        yield
    except (HydraException, OmegaConfBaseException) as error:
        raise ConfigError(one_sentence(error, keys)) from None
    except yaml.YAMLError as error:
        raise ConfigError(_no_yaml(error)) from None
    except UnicodeDecodeError as error:
        raise ConfigError(
            f"a YAML file of the configuration is no text in UTF-8 ({error}); look at the file of "
            "the study or group that was named, and save it as UTF-8"
        ) from None
    except RecursionError:
        raise ConfigError(
            "a YAML file of the configuration includes itself among its defaults, or its values "
            "are nested too deep; look at the file of the study or group that was named"
        ) from None
    except Exception as error:
        if isinstance(error.__cause__, OSError):  # logging could not open its file
            raise error.__cause__ from None
        if not _arose_in_hydra(error):
            raise
        raise ConfigError(_not_composed(error)) from None


def _arose_in_hydra(error: BaseException) -> bool:
    """Tell what Hydra, or what it calls, stumbles over in an argument or a YAML file."""
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    module = "" if frame is None else str(frame.tb_frame.f_globals.get("__name__", ""))
    return module.partition(".")[0] in ("hydra", "omegaconf", "yaml", "antlr4")


def _not_composed(error: BaseException) -> str:
    if _GROUP_IS_NO_NAME in str(error):
        return "a group needs a name: GROUP=NAME, not a number"
    return (
        f"what was typed, or a YAML file that it names, cannot be composed ({first_line(error)}); "
        "hstdriz-study --help says what can be typed, and studies/ shows files"
    )


def _no_yaml(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    where = f"{mark.name}, line {mark.line + 1}" if mark else getattr(error, "name", "a YAML file")
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "not readable"
    return f"{where}: no YAML ({problem}); mend the file"


def one_sentence(error: BaseException, keys: Collection[str] | None = None) -> str:
    """Say in one sentence what Hydra and OmegaConf say in several lines.

    Parameters
    ----------
    error : exception
    keys : collection of str, optional
        Among which the nearest to a misspelt one is looked for; without them keys and
        groups of a study.
    """
    if isinstance(error, OverrideParseException):
        return unread(error)
    said = str(error).strip() or str(error.__cause__ or type(error).__name__)
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    cause = (
        str(error.__cause__ or "") if isinstance(error.__cause__, OmegaConfBaseException) else ""
    )
    if _NO_KEY.search(f"{error} {cause}"):
        return _no_such_key(lines, [*groups(), *study_keys()] if keys is None else keys)
    if (found := _UNFIT_VALUE.match(lines[0])) and (words := must(cause)):
        return f"{shown(found[1])}: must {words}"
    if (found := _COMPOSING.match(lines[0])) and len(lines) > 1:
        return f"{found[1]}.yaml: {unfit(lines[1:]) or lines[1]}"
    return unfit(lines) or _otherwise(lines, cause)


def _otherwise(lines: Sequence[str], cause: str) -> str:
    text = several(lines[0]) or lines[0].removeprefix("In 'config': ")
    if key := full_key(lines):
        text += f" (key {key})"
    if options := _options(lines):
        text += _alternatives(text, options)
    return f"{text} {cause.splitlines()[0].rstrip('.')}." if cause else text


_GROUP_IS_NO_NAME = "Config group override must be a string"
_COMPOSING = re.compile(r"In '(.+)': \w+ raised while composing config:")
_UNFIT_VALUE = re.compile(r"Error merging override (.+)")
_OWN_FILES = ("study",)  # whose keys are those of the whole configuration
_NO_KEY = re.compile(r"Key '[^']+' (is )?not in |No match in the defaults list")
_REFUSED_KEY = re.compile(r"Could not override '([^']*)'")


def _no_such_key(lines: Sequence[str], known: Collection[str]) -> str:
    """Name the key, which Hydra puts into one of two places, and the nearest."""
    found = _REFUSED_KEY.match(lines[0])
    if found and not found[1]:
        return "an argument has no key before its equals sign; type GROUP=NAME or KEY=VALUE"
    key = shown(found[1] if found else full_key(lines) or lines[0])
    if key in _OWN_FILES:
        return (
            f"{key}/….yaml: lacks its first line, '# @package _global_', or holds no KEY: VALUE; "
            "studies/quickstart.yaml is an example"
        )
    return "; ".join(
        filter(None, (f"{key}: there is no such key or group", nearest_key(key, known)))
    )


def _alternatives(text: str, options: Sequence[str]) -> str:
    name = re.search(r"Could not find '(?:[^']*/)?([^']+)'", text)
    meant = did_you_mean(name[1], options) if name else ""
    return "; ".join(filter(None, (f"; there are {', '.join(options)}", meant)))


def _options(lines: Sequence[str]) -> list[str]:
    starts = [i for i, line in enumerate(lines) if line.startswith("Available options")]
    return [line for i in starts for line in lines[i + 1 :] if "/" not in line and ":" not in line]
