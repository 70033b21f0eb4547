"""What the options of ``funnel`` and ``forecast`` mean."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import cast, get_args

from lostdeals.cli import options
from lostdeals.errors import LostDealsError
from lostdeals.funnels import Asked, Order

UNITS = {"h": 1 / 24, "d": 1.0, "w": 7.0, "": 1.0}
"""Days in a unit of a window."""


def asked(
    *,
    by: str | None = None,
    baseline: str | None = None,
    bins: str | None = None,
    funnel: str | None = None,
    steps: str | None = None,
    order: str | None = None,
    window: str | None = None,
    per_step: bool = False,
    tables: Sequence[Path] | None = None,
    over: str | None = None,
    since: str | None = None,
    between: str | None = None,
) -> Asked:
    """The options as the analysis takes them; LostDealsError ``bad-option`` (usage) for a value that cannot be one."""
    if by is not None and not by.strip():
        raise LostDealsError("bad-option", usage=True, option="--by", value=by, wanted="source, owner, tier, month")
    if order is not None and order not in get_args(Order):
        raise LostDealsError("bad-option", usage=True, option="--order", value=order, wanted=tuple(get_args(Order)))
    if funnel is not None and steps is not None:
        raise LostDealsError("bad-option", usage=True, option="--funnel", value="--steps", wanted="--funnel / --steps")
    for option, value, needs in (("--baseline", baseline, by), ("--bins", bins, by), ("--per-step", per_step, window)):
        if value and not needs:
            wanted = "--window 7d --per-step" if option == "--per-step" else f"--by … {option} …"
            said = "" if value is True else value
            raise LostDealsError("bad-option", usage=True, option=option, value=said, wanted=wanted)
    return Asked(
        by=_names(by) if by else (),
        baseline=baseline,
        bins=_numbers(bins) if bins else (),
        funnel=funnel,
        steps=tuple(part.strip() for part in re.split("[,，、]", steps)) if steps else (),
        order=cast("Order | None", order),
        window_days=days_of(window, "--window") if window else None,
        per_step=per_step,
        tables=tuple(tables or ()),
        over=_period(over) if over else None,
        since=_day(since) if since else None,
        between=_two(between) if between else None,
    )


def again(path: Path, given: options.Asked, *, steps: Asked, tables: Sequence[Path] = ()) -> str:
    """The sheet and what says how it is read, as the next command takes them.

    >>> again(Path("my leads.xlsx"), options.Asked(sheet="客户", mapping=["Tags=notes"]), steps=Asked())
    "'my leads.xlsx' --sheet 客户 --map Tags=notes"
    """
    from lostdeals.write.screen import quoted

    words: list[tuple[str, object]] = [("--with", table) for table in tables]
    words += [("--sheet", given.sheet), ("--header-row", given.header_row)]
    words += [("--map", pair) for pair in given.mapping or ()]
    words += [("--join", other) for other in given.joins or ()]
    words += [(f"--{key}", getattr(given, key)) for key in ("outcome", "won", "lost", "open", "invalid", "lang", "tz")]
    words += [("--funnel", steps.funnel), ("--steps", ",".join(steps.steps) or None)]
    said = [f"{flag} {quoted(str(value))}" for flag, value in words if value is not None]
    return " ".join([quoted(str(path)), *said, *(["--all-sheets"] if given.all_sheets else [])])


def days_of(text: str, option: str) -> float:
    """A length of time in days.

    >>> days_of("12h", "--window"), days_of("2w", "--window"), days_of("30", "--window")
    (0.5, 14.0, 30.0)
    """
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([hdw]?)\s*", text.lower())
    if found is None or float(found[1]) == 0:
        raise LostDealsError("bad-option", usage=True, option=option, value=text, wanted="7d, 12h, 2w")
    return float(found[1]) * UNITS[found[2]]


def _period(text: str) -> str:
    known = ("day", "week", "month", "quarter")
    if text not in known:
        raise LostDealsError("bad-option", usage=True, option="--over", value=text, wanted=tuple(known))
    return text


def _two(text: str) -> tuple[str, str, str]:
    """A dimension and two of its values."""
    name, equals, values = text.partition("=")
    parts = [part.strip() for part in re.split("[,，、]", values) if part.strip()]
    if not equals or not name.strip() or len(parts) != 2:
        raise LostDealsError("bad-option", usage=True, option="--between", value=text, wanted="owner=A,B")
    return name.strip(), parts[0], parts[1]


def _names(text: str) -> tuple[str, ...]:
    """One dimension or two; whether a comma parts them is settled when the sheet's headers are known."""
    return (text.strip(),)


def _numbers(text: str) -> tuple[float, ...]:
    try:
        return tuple(sorted(float(part) for part in re.split("[,，、]", text) if part.strip()))
    except ValueError:
        raise LostDealsError("bad-option", usage=True, option="--bins", value=text, wanted="1000,5000") from None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise LostDealsError("bad-option", usage=True, option="--since", value=text, wanted="YYYY-MM-DD") from None
