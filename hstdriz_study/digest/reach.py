"""From root functions to a digest of all the code of a package that they reach."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hstdriz_study.digest.finding import Place

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hstdriz_study.digest.nodes import Nodes


@dataclass(frozen=True)
class Reached:
    """What root functions reach.

    Attributes
    ----------
    places : frozenset of `Place`
        Functions, classes and other names of the package.
    outside : frozenset of str
        Dotted names of what is not of the package.
    digest : str
        Checksum of the code at the places, wherever in the package they are.
    """

    places: frozenset[Place]
    outside: frozenset[str]
    digest: str


def reach(roots: Iterable[str], nodes: Nodes, without: Iterable[str] = ()) -> Reached:
    """Follow the references of root functions through a package.

    Parameters
    ----------
    roots : iterable of str
        Dotted names.
    nodes : `Nodes`
        Of the package.
    without : iterable of str
        Dotted names that are not followed.

    Raises
    ------
    LookupError
        If the package has no such name.
    """
    stopped = {_place(name, nodes) for name in without}
    waiting, places = [_place(name, nodes) for name in roots], set[Place]()
    while waiting:
        place = waiting.pop()
        if place not in places and place._replace(methods_alone=False) not in stopped:
            places.add(place)
            node = nodes.at(place)
            waiting += [target for _, target in node.targets if isinstance(target, Place)]
            waiting += node.types
    targets = {target for place in places for _, target in nodes.at(place).targets}
    return Reached(
        places=frozenset(places),
        outside=frozenset(target for target in targets if isinstance(target, str)),
        digest=_digest(places, nodes),
    )


def _place(name: str, nodes: Nodes) -> Place:
    place = nodes.source.place(name)
    if place is None:
        raise LookupError(f"{name}: not a name of {nodes.source.directory.name}")
    return place


def _digest(places: set[Place], nodes: Nodes) -> str:
    """Return a checksum of each definition with those that it refers to.

    A definition counts by what it is and by what its names mean, not by the module that holds
    it: one that has only moved is the same.
    """
    whole = (
        p for p in places if not (p.methods_alone and p._replace(methods_alone=False) in places)
    )
    entries = sorted({_entry(place, nodes) for place in whole if nodes.at(place).own})
    return hashlib.sha256("\n".join(entries).encode()).hexdigest()[:20]


def _entry(place: Place, nodes: Nodes) -> str:
    node = nodes.at(place)
    links = {
        (name, nodes.at(target).own if isinstance(target, Place) else target)
        for name, target in node.targets
    }
    return json.dumps([node.own, sorted(links)])
