"""One sentence for what Hydra and OmegaConf say in several lines."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

import yaml
from hydra.errors import HydraException
from omegaconf.errors import OmegaConfBaseException

from hstdriz_study.cli.catalogue import groups, study_keys
from hstdriz_study.errors import ConfigError
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
    except ValueError as error:
        if isinstance(error.__cause__, OSError):  # logging could not open its file
            raise error.__cause__ from None
        if _GROUP_IS_NO_NAME not in str(error):
            raise
        raise ConfigError("a group needs a name: GROUP=NAME, not a number") from None


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
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    cause = (
        str(error.__cause__ or "") if isinstance(error.__cause__, OmegaConfBaseException) else ""
    )
    if _NO_KEY.search(f"{error} {cause}"):
        return _no_such_key(lines, [*groups(), *study_keys()] if keys is None else keys)
    if (found := _UNFIT_VALUE.match(lines[0])) and (must := _must(cause)):
        return f"{found[1]}: must {must}"
    text = _unread(lines[0]) if lines else type(error).__name__
    for line in lines[1:]:
        if line.startswith(_FULL_KEY):
            text += f" (key {line.removeprefix(_FULL_KEY).strip()})"
    if options := _options(lines):
        text += _alternatives(text, options)
    if cause:
        text += f" {cause.splitlines()[0].rstrip('.')}."
    return text


_GROUP_IS_NO_NAME = "Config group override must be a string"
_UNFIT_VALUE = re.compile(r"Error merging override (.+)")
# What OmegaConf says of a value of another type than the schema's.
_MUST = {
    "is not Optional": "have a value",
    "is incompatible with type hint 'float'": "be numbers with a decimal point",
    "converted to Float": "be a number",
    "converted to Integer": "be a whole number",
    "not a valid bool": "be true or false",
    "is not a subclass of": "be given by its keys: KEY.NAME=VALUE",
    "is not a ListConfig": "be a list: KEY=[VALUE,VALUE]",
}


def _must(cause: str) -> str:
    """Say what a value must be, empty where that is not known."""
    return next((must for said, must in _MUST.items() if said in cause), "")


_NO_KEY = re.compile(r"Key '[^']+' (is )?not in |No match in the defaults list")
_FULL_KEY = "full_key:"
_REFUSED_KEY = re.compile(r"Could not override '([^']+)'")


def _no_such_key(lines: Sequence[str], known: Collection[str]) -> str:
    """Name the key, which Hydra puts into one of two places, and the nearest."""
    found = _REFUSED_KEY.match(lines[0])
    full = [line.removeprefix(_FULL_KEY).strip() for line in lines if line.startswith(_FULL_KEY)]
    key = found[1] if found else full[0]
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


# What Hydra says of a value that it cannot read as it was typed, and what is to be done.
_UNREAD = (
    (
        re.compile(r"Ambiguous value for argument '([^=]+)=(.*)'"),
        "give one value here, or a list [VALUE,VALUE]; one value with a comma needs quotes",
    ),
    (
        re.compile(r"LexerNoViableAltException: ([^=]+)=(.*)"),
        "a value with a sign that Hydra cannot read needs quotes",
    ),
)
_NO_OVERRIDE = re.compile(r"Error parsing override '([^=]+)'")


def _unread(text: str) -> str:
    if found := _NO_OVERRIDE.fullmatch(text):
        return f"{found[1]}: not GROUP=NAME or KEY=VALUE; a command comes first"
    for pattern, cure in _UNREAD:
        if found := pattern.fullmatch(text):
            key, value = found.groups()
            return f"{key}={value}: {cure}: \"{key}='{value}'\""
    return text
