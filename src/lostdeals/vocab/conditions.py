"""The small language of conditions that scorecards, tiers and playbooks share, evaluated on whole columns.

pandas is imported where it is used: the words of ``--help`` come from this package, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from lostdeals.errors import LostDealsError

if TYPE_CHECKING:
    import pandas as pd

TESTS = ("is", "has", "at_least", "below", "known")


def matches(condition: Mapping[str, Any], frame: pd.DataFrame) -> pd.Series[bool]:
    """Which rows of a frame meet a condition; a row whose field is unknown meets none but ``known = false``.

    Forms: ``{field = "intent_class", is = ["high"]}``; ``has`` for one of several values joined with ``; ``;
    ``at_least`` (that number included, as 以上) and ``below`` for numbers; ``known = true``;
    ``all = [...]`` and ``any = [...]`` for several conditions; an empty condition is met by every row.

    Raises LostDealsError ``bad-condition`` for a form that is not one of these.

    >>> import pandas as pd
    >>> people = pd.DataFrame({"staff": [20.0, 19.0, None]})
    >>> matches({"field": "staff", "at_least": 20}, people).tolist()
    [True, False, False]
    """
    import pandas as pd

    if not condition:
        return pd.Series(True, index=frame.index)
    if "all" in condition or "any" in condition:
        everything = "all" in condition
        met = pd.Series(everything, index=frame.index)
        for part in condition["all" if everything else "any"]:
            met = (met & matches(part, frame)) if everything else (met | matches(part, frame))
        return met
    tests = [key for key in condition if key in TESTS]
    numbers = [condition[test] for test in tests if test in ("at_least", "below")]
    if "field" not in condition or not tests or len(tests) + 1 != len(condition) or not all(map(_number, numbers)):
        raise LostDealsError("bad-condition", condition=dict(condition))
    if condition["field"] not in frame:
        return pd.Series(condition.get("known") is False, index=frame.index)
    values = frame[condition["field"]]
    met = pd.Series(True, index=frame.index)
    for test in tests:
        met &= _test(test, condition[test], values)
    return met


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _test(test: str, wanted: Any, values: pd.Series[Any]) -> pd.Series[bool]:
    if test not in ("is", "has") or values.dtype != object:
        return _test_each(test, wanted, values)
    import numpy as np
    import pandas as pd

    from lostdeals.distinct import each_of, factorized

    codes, distinct = factorized(values)
    options = wanted if isinstance(wanted, list) else [wanted]
    if test == "is":
        met = np.array([*pd.Series(distinct, dtype=object).isin(options), False])
    else:
        met = each_of(distinct, lambda text: isinstance(text, str) and not set(options).isdisjoint(text.split("; ")))
    return pd.Series(met.astype(bool)[codes], index=values.index)


def _test_each(test: str, wanted: Any, values: pd.Series[Any]) -> pd.Series[bool]:
    """A test of numbers, dates and the like, which have no few distinct values."""
    import pandas as pd

    from lostdeals.distinct import filled

    if test == "known":
        return pd.Series(filled(values) == bool(wanted), index=values.index)
    if test == "is":
        return values.isin(wanted if isinstance(wanted, list) else [wanted])
    if test == "has":
        options = set(wanted if isinstance(wanted, list) else [wanted])
        return values.map(lambda text: isinstance(text, str) and not options.isdisjoint(text.split("; "))).astype(bool)
    numbers = pd.to_numeric(values, errors="coerce").astype(float)
    return numbers.ge(wanted) if test == "at_least" else numbers.lt(wanted)
