"""What is said of a verdict."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Told:
    """A verdict in words.

    Attributes
    ----------
    in_short : str
        A few words, for one cell of a table.
    reasons : tuple of str
        Why this point, one sentence each.
    cannot_choose : str or None
        One or two sentences when nothing was chosen.
    """

    in_short: str
    reasons: tuple[str, ...] = ()
    cannot_choose: str | None = None

    @property
    def note(self) -> str:
        """Why nothing was chosen, or the reason in a few words."""
        return self.cannot_choose or self.in_short
