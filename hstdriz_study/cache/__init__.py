"""What takes long to make, kept from one study to the next: entries that are whole or not there."""

from __future__ import annotations

from hstdriz_study.cache.checksums import content_key, file_checksum
from hstdriz_study.cache.damage import damage
from hstdriz_study.cache.entry import cached, is_whole
from hstdriz_study.cache.keeping import Entry, entries, prune
from hstdriz_study.cache.scratch import remove_leftovers, scratch_directory
from hstdriz_study.cache.use import NotKnownInUseError, use

__all__ = [
    "Entry",
    "NotKnownInUseError",
    "cached",
    "content_key",
    "damage",
    "entries",
    "file_checksum",
    "is_whole",
    "prune",
    "remove_leftovers",
    "scratch_directory",
    "use",
]
