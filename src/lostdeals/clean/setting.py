"""What every cleaning step may know besides the frame."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from lostdeals.clean.emails import Emails
from lostdeals.clean.phones import Phones
from lostdeals.vocab import Vocabulary


@dataclass(frozen=True)
class Setting:
    """The words, the day and the language; nothing here changes while a frame is cleaned."""

    vocabulary: Vocabulary
    today: date
    language: str
    """``zh`` or ``en``: decides only where the column itself does not."""
    tz: str | None = None
    """Time zone name that turns zoned times into local dates; None keeps the times as written."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """LEADS column -> header as the user wrote it, which may hold a unit (万元, USD)."""

    date_order: str | None = None
    """``dmy``, ``mdy`` or ``ymd`` where the user has settled it; None learns it from each column."""
    written: date | None = None
    """The day the sheet itself says it was made; 昨天 in a row without its own day is counted from it."""
    winsorise: bool = False
    """Far-out numbers are brought in to the fence they lie beyond."""
    amounts: frozenset[str] = frozenset()
    """LEADS columns without a role that hold numbers or money all the same, because a scorecard asks for them."""

    currency: str | None = None
    """ISO code of most amounts, where they say one: tells how the sheet's people write dates that may be read two ways."""

    @cached_property
    def phones(self) -> Phones:
        """Reads phones; remembers those it has read."""
        return Phones(self.vocabulary, self.language)

    @cached_property
    def emails(self) -> Emails:
        """Reads e-mail addresses; remembers those it has read."""
        return Emails(self.vocabulary)
