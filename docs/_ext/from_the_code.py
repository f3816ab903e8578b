"""Directives whose content is read from the code: keys of the configuration, findings.

``{config-keys}`` makes a table of every key with its default and what it may say;
``{findings}`` shows the head of every script in ``findings/``.
"""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

ROOT = Path(__file__).resolve().parents[2]


class _Written(SphinxDirective):
    """A directive that writes Markdown, which is then read as the page around it is."""

    optional_arguments = 1
    has_content = True

    def run(self) -> list[nodes.Node]:
        container = nodes.Element()
        lines = list(self.lines())
        self.state.nested_parse(StringList(lines, source=self.name), self.content_offset, container)
        return container.children

    def lines(self) -> Iterator[str]:
        raise NotImplementedError


class ConfigKeys(_Written):
    """The keys of one room, as ``{config-keys} drizzle``."""

    has_content = False

    def lines(self) -> Iterator[str]:
        from hstdriz_study.study.config.schema import StudyConfig
        from hstdriz_study.study.config.shipped import shipped_defaults

        room = self.arguments[0]
        (item,) = (item for item in fields(StudyConfig) if item.name == room)
        yield from ("| key | default | may be |", "|---|---|---|")
        for key, default, limits in _keys(item.default_factory, shipped_defaults()[room], room):
            yield f"| `{key}` | {_as_code(default)} | {_cell(limits)} |"


def _keys(schema: Any, defaults: Any, above: str) -> Iterator[tuple[str, Any, str]]:
    from hstdriz_study.study.config.limits import words_of_limits
    from hstdriz_study.study.config.renamed import is_old_name

    for item in fields(schema):
        name, default = f"{above}.{item.name}", (defaults or {}).get(item.name, _NONE)
        if is_dataclass(item.default_factory):
            yield from _keys(item.default_factory, {} if default is _NONE else default, name)
        elif not is_old_name(item):
            yield name, default, words_of_limits(item) or _in_words(item.type)


_WORDS = {
    "str": "text", "bool": "true or false", "float": "a number", "list[str]": "a list of texts",
    "Any": "as its comment says",
}  # fmt: skip


def _in_words(annotation: Any) -> str:
    """Say a type as one who writes YAML does."""
    of, _, null = str(annotation).partition(" | ")
    return _WORDS[of] + (null and ", or null")


_NONE = object()


def _as_code(value: Any) -> str:
    if value is _NONE or value == "???":
        return "each file says it"
    written = json.dumps(value) if value is None or isinstance(value, bool) else str(value)
    return f"`{_cell(written)}`"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", r"\|") or " "


class ConfigFiles(_Written):
    """The files of one group with their comments, as ``{config-files} drizzle``."""

    def lines(self) -> Iterator[str]:
        group = self.arguments[0]
        for path in sorted((ROOT / "conf" / group).glob("*.yaml")):
            yield from (f"**`conf/{group}/{path.name}`**", "", "```yaml")
            yield from path.read_text("utf-8").splitlines()
            yield from ("```", "")


class Findings(_Written):
    """The comment at the head of each script."""

    def lines(self) -> Iterator[str]:
        for path in sorted((ROOT / "findings").glob("*.sh")):
            head = path.read_text("utf-8").partition("\nset -")[0].splitlines()[1:]
            yield from (f"**`findings/{path.name}`**", "")
            yield from (line.removeprefix("#").strip() for line in head)
            yield ""


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("config-keys", ConfigKeys)
    app.add_directive("config-files", ConfigFiles)
    app.add_directive("findings", Findings)
    return {"parallel_read_safe": True}
