"""What the other columns of a sheet say about a column: dates of stages, of entry, and whose age it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from lostdeals.model import How

NEIGHBOURS = 3
"""Dated columns of a stage stand at most this many columns apart."""
PEOPLE = ("gender", "birthday", "occupation", "education")
"""A sheet of deals with none of these has no ages of persons."""
EARLY = 6
"""So many columns at the front are where a sheet says when a customer came in."""
TAKEN = 0.75
"""What is left of a column's confidence where another took its role."""
SURE = 0.85
"""An exact header that the values do not contradict needs no other word."""


@dataclass(frozen=True)
class Claim:
    """One column that would take one role."""

    column: int
    role: str
    how: How
    confidence: float
    rank: float
    """Confidence, up to half of it for the fill rate: who gets a role that only one column may hold."""


def stage_dates(claims: list[Claim]) -> list[Claim]:
    """签约时间 beside 报价时间 is the date of a stage, and alone the closing date."""
    dated = sorted({claim.column for claim in claims if claim.role == "stage_date"})
    grouped = {a for a in dated if any(a != b and abs(a - b) <= NEIGHBOURS for b in dated)}
    closing = {claim.column for claim in claims if claim.role == "closed_at"}
    out = []
    for claim in claims:
        if claim.role == "stage_date" and claim.how != "user":
            if claim.column not in grouped and claim.column in closing:
                continue
            claim = replace(claim, rank=claim.rank + (1 if claim.column in grouped else 0))
        out.append(claim)
    return out


def ages(claims: list[Claim], names: Sequence[str]) -> list[Claim]:
    """Age in a list of deals with nothing about persons is the deal's."""
    sure = {claim.role for claim in claims if claim.confidence > SURE}
    if "deal" not in sure or sure.intersection(PEOPLE):
        return claims
    return [
        claim for claim in claims if claim.role != "age" or claim.how == "user" or not names[claim.column].isascii()
    ]


def deal_sums(claims: list[Claim], names: Sequence[str]) -> list[Claim]:
    """Income in a list of deals with a currency is what the deal brings, where no other column says so (Bitrix24)."""
    sure = {claim.role for claim in claims if claim.confidence > SURE}
    if not {"deal", "currency", "stage"} <= sure or "amount" in sure or sure.intersection(PEOPLE):
        return claims
    return [
        replace(claim, role="amount", confidence=round(claim.confidence * TAKEN, 2))
        if claim.role == "income" and claim.how != "user" and names[claim.column].isascii()
        else claim
        for claim in claims
    ]


def entry_dates(claims: list[Claim], entered: set[int]) -> list[Claim]:
    """来店日期 at the front of a sheet that has no other date of entry is one; entered: columns such as Date entered stage."""
    if any(claim.role in ("created_at", "first_contact_at") for claim in claims):
        return claims
    dated = {claim.column for claim in claims if claim.role == "stage_date"}
    early = min(dated, default=EARLY)
    if early >= EARLY or early in entered or any(0 < abs(other - early) <= 1 for other in dated):
        return claims
    return [
        _as_entry(claim) if claim.column == early and claim.role == "stage_date" and claim.how != "user" else claim
        for claim in claims
    ]


def _as_entry(claim: Claim) -> Claim:
    return replace(claim, role="created_at", confidence=round(claim.confidence * TAKEN, 2))
