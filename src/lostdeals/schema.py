"""The columns of every frame that passes from one stage to the next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

TEXT, NUMBER, DATE, FLAG, WHOLE = "text", "number", "date", "flag", "whole"

REPEATABLE = frozenset(
    {"phone", "email", "region", "campaign", "loss_reason", "notes", "feedback", "occasion_at", "stage_date", "extra"}
)
"""Roles that several columns may hold: ``phone``, ``phone.2`` … in the sheet's order."""

SOURCE: Mapping[str, str] = {"src_sheet": TEXT, "src_row": WHOLE}
"""Where a lead stands: its sheet and the file's own row number. Always there."""

ROLE_KINDS: Mapping[str, str] = {
    **dict.fromkeys(("id", "name", "company", "phone", "email", "wechat", "website", "address"), TEXT),
    **dict.fromkeys(("gender", "occupation", "job_title", "education", "region", "industry"), TEXT),
    **dict.fromkeys(("customer_type", "level", "personality"), TEXT),
    **dict.fromkeys(("source", "campaign", "owner", "team", "referrer"), TEXT),
    **dict.fromkeys(("deal", "product", "need", "stage", "outcome", "loss_reason", "competitor"), TEXT),
    **dict.fromkeys(("intent", "urgency", "currency", "tags", "notes", "feedback"), TEXT),
    **dict.fromkeys(("age", "income", "company_size", "cost", "amount", "budget", "probability"), NUMBER),
    **dict.fromkeys(("contact_count", "visit_count", "page_views", "time_on_site"), NUMBER),
    **dict.fromkeys(("purchase_count", "purchase_amount"), NUMBER),
    **dict.fromkeys(("birthday", "created_at", "updated_at", "first_contact_at", "last_contact_at"), DATE),
    **dict.fromkeys(("next_contact_at", "closed_at", "last_purchase_at", "occasion_at", "stage_date"), DATE),
    "do_not_contact": FLAG,
}
"""Every role that a column can have (CONTRACT: ``extra`` and ``ignore`` come on top) and the kind its values are cleaned to.

TEXT is ``object`` holding str or None, NUMBER ``float64``, DATE ``datetime64``, FLAG ``object`` holding True, False or None.
"""

ROLES: tuple[str, ...] = (*ROLE_KINDS, "extra", "ignore")

PLACES: tuple[str, ...] = ("country", "province", "city", "district", "city_tier", "market")
"""Where a customer is: alpha-2 code, short Chinese or English names, tier of the city, ``domestic`` or ``international``."""

MONEY: tuple[str, ...] = ("amount", "budget", "purchase_amount", "income", "cost")
"""The roles that are money, the one that names a row's currency first."""

SAID = "said_"
"""Before the name of a number's column: what its cells say that is no number (高, 中型企业)."""

CLASSES: Mapping[str, str] = {
    "outcome_class": TEXT,
    "stage_class": TEXT,
    "reason_class": TEXT,
    "reason_from": TEXT,
    "reason_confidence": NUMBER,
    "reason_evidence": TEXT,
    "need_class": TEXT,
    "intent_class": TEXT,
    "value_class": TEXT,
    "source_class": TEXT,
    "region_class": TEXT,
    **dict.fromkeys(PLACES, TEXT),
    "behaviour_class": TEXT,
    "party_class": TEXT,
    "tier": TEXT,
}
"""What classification always adds; None where nothing is known. Each dimension of the vocabulary has a column (`class_column`)."""

CLEANED: Mapping[str, str] = {**SOURCE, "duplicate_of": NUMBER, "duplicate_by": TEXT, "data_issues": TEXT}
"""What cleaning adds: the index of the lead that is kept (NaN otherwise), the role that gave it away, issue codes with cells."""

SCORED: Mapping[str, str] = {
    **CLEANED,
    **CLASSES,
    "score": NUMBER,
    "win_probability": NUMBER,
    "expected_value": NUMBER,
    "grade": TEXT,
    "grade_notes": TEXT,
    "why": TEXT,
    "next_action": TEXT,
    "next_contact": DATE,
}
"""A LEADS frame at the end of the pipeline."""

OVERRIDE = "tier_override"
"""The user's own tier in a scored sheet: it always wins and is never touched."""

ADDED: tuple[str, ...] = (
    "score",
    "win_probability",
    "grade",
    "tier",
    "stage_class",
    "reason_class",
    "reason_confidence",
    "reason_evidence",
    "need_class",
    "intent_class",
    "value_class",
    "why",
    "next_action",
    "next_contact",
    "duplicate_of",
    "data_issues",
    "expected_value",
    OVERRIDE,
)
"""The columns that a scored sheet gains, in the contract's order; a name is never changed."""

CHANGES: Mapping[str, str] = {"lead": WHOLE, "column": TEXT, "rule": TEXT, "before": TEXT, "after": TEXT}
"""One line per cell and rule: index of the lead, LEADS column, values as text (None was or became empty)."""

POINTS: Mapping[str, str] = {"lead": WHOLE, "factor": TEXT, "points": NUMBER, "say": TEXT}
"""One line per lead and factor: scorecard points, or log-odds of a learned model; ``say`` is the factor in words."""

PLAN: Mapping[str, str] = {
    "lead": WHOLE,
    "priority": WHOLE,
    "action": TEXT,
    "why": TEXT,
    "due": DATE,
    "owner": TEXT,
}
"""Whom to contact, in falling order of score."""


def class_column(dimension: str) -> str:
    """The LEADS column of a dimension's categories; what gave them stands in the column ``by_<dimension>``.

    >>> class_column("industry"), class_column("tier")
    ('industry_class', 'tier')
    """
    return dimension if dimension in ("tier", "grade", *PLACES) else f"{dimension}_class"


def main_column(dimension: str) -> str:
    """The LEADS column that groups customers by a dimension, each by one category: of several reasons the main one.

    >>> main_column("loss_reason"), main_column("industry")
    ('main_reason', 'industry_class')
    """
    return "main_reason" if dimension in ("reason", "loss_reason") else class_column(dimension)


CROSSED = " × "
"""Between the parts of a crossed dimension, in its name and in its categories."""
REST = "rest"
"""The category of a table for all values that are too rare for a line of their own."""


FOLLOW_UPS: Mapping[str, str] = {
    "customer_key": TEXT,
    "customer": TEXT,
    "action": TEXT,
    "due": DATE,
    "contacted": TEXT,
    "result": TEXT,
    "next_date": TEXT,
    "remarks": TEXT,
}
"""Lines of an earlier plan that somebody has filled in, cells as found; ``customer_key`` is ``stats.keys.secret``."""


def role_of(key: str) -> str:
    """The role of a LEADS column.

    >>> role_of("phone.2"), role_of("extra.车型")
    ('phone', 'extra')
    """
    return key.split(".", 1)[0]


def columns_of(frame: pd.DataFrame, role: str) -> list[str]:
    """The columns of a LEADS frame that hold a role, in the sheet's order."""
    return [column for column in frame.columns if role_of(str(column)) == role]


def check(frame: pd.DataFrame, schema: Mapping[str, str]) -> pd.DataFrame:
    """The frame itself; AssertionError (a bug, not the user's doing) where a column is missing or of another kind."""
    kinds = {NUMBER: "fiu", WHOLE: "iu", DATE: "M", FLAG: "Ob", TEXT: "OTU"}
    for column, kind in schema.items():
        assert column in frame, f"column {column} is missing"
        assert frame[column].dtype.kind in kinds[kind] or (kind == TEXT and str(frame[column].dtype) == "str"), (
            f"column {column} should be {kind}, is {frame[column].dtype}"
        )
    return frame
