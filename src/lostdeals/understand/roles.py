"""Give every column its role: what the user says, then the header's words, then the values."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import pandas as pd

from lostdeals.model import ColumnMatch
from lostdeals.understand.aliases import Aliases, aliases
from lostdeals.understand.choices import chosen
from lostdeals.understand.column_shape import shapes_of
from lostdeals.understand.day_order import DayOrder, day_order
from lostdeals.understand.granting import granted, matches_of, with_values
from lostdeals.understand.left_alone import left_alone
from lostdeals.understand.lost_only import BESIDE, TOLD, WON_TOO, LostOnly, deciding
from lostdeals.understand.neighbours import SURE, Claim, ages, deal_sums, entry_dates, stage_dates
from lostdeals.understand.open_headers import opened
from lostdeals.understand.profile import Profile, profile_of, values_of_each
from lostdeals.understand.readings import read
from lostdeals.understand.rivals import decided
from lostdeals.understand.second_look import contradicted, firmer, shares
from lostdeals.understand.telling import ENDS, telling
from lostdeals.understand.told import SHARED
from lostdeals.understand.value_model import ValueModel
from lostdeals.understand.values import values_of
from lostdeals.understand.verdicts import verdicts
from lostdeals.understand.weighing import Tools, claim_of, guessed
from lostdeals.understand.whole_name import name_parts
from lostdeals.vocab import Vocabulary

AGREED = 0.06
"""What a vague header gains where its values say the same on their own, and what it loses where they say another thing."""
CONTRADICTED = 0.12
HOLDS = 0.8
"""Confidence from which on a column holds a role."""
HELD = 0.3
"""What is left of the chance of a role that only one column may hold, where one with a known header holds it."""
HALF = 0.5
DATED = 0.8
"""Share of dates from which on a column is one of days."""
OF_A_FEW = {"owner": "name", "team": "company"}
"""Roles that a few persons or places hold, and what such a header means where every customer has another: the owner of the
firm, the store that buys."""
EACH_ITS_OWN = 0.68
"""Confidence of either then, and of the next contact under a vague header whose days follow all others."""
SIGNED = 0.58
"""Confidence of numbers under a header with the sign of a currency: Renewal $."""
FIVE = 5
"""Cells with fewer of which a column hardly tells."""
ID_END = re.compile(r"(?<=\w)[_\s.]+(?i:id)$|(?<=[a-z])I[Dd]$")
FEW_NUMBERED = 0.2
"""Share of values with figures, below which a column of the same few words again and again holds no numbers of anything."""
GAPS = 0.9
"""The day of the last contact is hardly ever empty; that of the next one is, where a deal is closed."""
LATER, EARLIER = "next_contact_at", ("last_contact_at", "first_contact_at", "created_at")
LETTER = re.compile(r"[A-Za-z]")
"""A header that is hardly one."""


def match_columns(
    headers: Mapping[str, str], data: pd.DataFrame, vocabulary: Vocabulary, told: Mapping[str, str]
) -> tuple[ColumnMatch, ...]:
    """A role for each column of a table.

    headers: letter -> header as written; data: the table's rows, one column per letter;
    told: letter -> role as the user says, which always wins.

    >>> from lostdeals.vocab import load
    >>> data = pd.DataFrame({"A": ["王伟", "李娜"], "B": ["13800000001", None]}, dtype=object)
    >>> [(match.key, match.how) for match in match_columns({"A": "客户名称", "B": "联系方式"}, data, load(), {})]
    [('name', 'alias'), ('phone', 'alias')]
    """
    letters = list(headers)
    names = [headers[letter] for letter in letters]
    most = values_of_each(len(letters))
    profiles = [profile_of(data[letter], values_of(vocabulary), most) for letter in letters]
    words = aliases(vocabulary)
    tools = Tools(words, verdicts(vocabulary), telling(vocabulary), shapes_of(vocabulary), ValueModel.load())
    days = _days(headers, data, profiles, tools, day_order(vocabulary))
    claims: list[Claim] = []
    whys: dict[int, str] = {}
    listed = [bool(name) and bool(words.read(name)) for name in names]
    held: Mapping[str, float] | None = None
    for number, letter in sorted(enumerate(letters), key=lambda column: not listed[column[0]]):
        profile = profiles[number]
        if held is None and not listed[number]:
            held = dict.fromkeys({claim.role for claim in claims if _holds(claim)} - SHARED, HELD)
        if letter in told:
            claims.append(Claim(number, told[letter], "user", 1.0, 1.0 + profile.filled))
        elif len(data) and not profile.values:
            whys[number] = "empty"
        elif _numbers_rows(names[number], words, profile):
            whys[number] = "index"
        else:
            found, whys[number] = _claims(number, names[number], profile, tools, _both(days.get(number), held))
            claims += found
    parts = set(name_parts(names, vocabulary) or ())  # a pupil's forename is no guessed salesperson
    claims = [
        claim for claim in claims if claim.column not in parts or claim.role == "name" or claim.how in ("user", "alias")
    ]
    claims += deciding(claims, headers, profiles, data, tools, vocabulary)
    claims += _lost_only(claims, headers, profiles, data, tools, vocabulary, whys)
    claims = decided(claims, headers, data, vocabulary)
    claims = deal_sums(ages(claims, names), names)
    claims = entry_dates(stage_dates(claims), {n for n, name in enumerate(names) if words.begins(name)})
    matches = matches_of(letters, names, granted(claims, names, words), claims, whys, words)
    return tuple(with_values(match, profile) for match, profile in zip(matches, profiles, strict=True))


def _days(
    headers: Mapping[str, str], data: pd.DataFrame, profiles: Sequence[Profile], tools: Tools, order: DayOrder
) -> dict[int, Mapping[str, float]]:
    """What the order of the days tells, where a dated column has a header that nobody listed."""
    dated = [number for number, profile in enumerate(profiles) if profile.reaches("date", DATED)]
    letters, names = list(headers), list(headers.values())
    if all(_surely(names[number], tools) for number in dated):
        return {}
    return order.told({number: data[letters[number]] for number in dated})


def _surely(name: str, tools: Tools) -> bool:
    """Whether a header is known and means one thing only."""
    readings = tools.words.read(name)
    return bool(readings) and not any(reading.weak or reading.shared for reading in readings)


def _both(days: Mapping[str, float] | None, held: Mapping[str, float] | None) -> Mapping[str, float] | None:
    if not days or not held:
        return days or held
    return {**days, **{role: factor * days.get(role, 1.0) for role, factor in held.items()}}


def _lost_only(
    claims: list[Claim],
    headers: Mapping[str, str],
    profiles: Sequence[Profile],
    data: pd.DataFrame,
    tools: Tools,
    vocabulary: Vocabulary,
    whys: dict[int, str],
) -> list[Claim]:
    """Claims, anew, of columns that only lost rows fill, and of guessed reasons that won rows have as well."""
    out: list[Claim] = []
    sure = {claim.column for claim in claims if claim.confidence > SURE or claim.how == "user"}
    ends = LostOnly(claims, headers, data, vocabulary)
    if not ends:
        return out
    reasons = {claim.column for claim in claims if claim.role == "loss_reason" and claim.confidence > SURE}
    guessed_reasons = {claim.column for claim in claims if claim.role == "loss_reason"} - sure
    for number, (profile, (letter, name)) in enumerate(zip(profiles, headers.items(), strict=True)):
        if number in guessed_reasons and ends.denies(data[letter]):
            claims[:] = [claim for claim in claims if claim.column != number]
            found, whys[number] = _claims(number, name, profile, tools, WON_TOO)
            out += found
            continue
        if number in sure or number == ends.column or not 0 < profile.filled < 1 or profile.share("date") > HALF:
            continue
        if ends.tells(data[letter]):
            found, why = _claims(number, name, profile, tools, BESIDE if reasons else TOLD)
            kept = [claim for claim in found if claim.role in TOLD]
            if kept:
                whys[number] = why
                claims[:] = [claim for claim in claims if claim.column != number]
                out += found
    return out


def _claims(
    number: int, name: str, profile: Profile, tools: Tools, told: Mapping[str, float] | None = None
) -> tuple[list[Claim], str]:
    """The roles a column may take, and the reason where its header's plain reading was not taken.

    A header that is known has the first word; the values confirm or forbid it. Where it is vague, what the values say
    themselves weighs as much; where nobody listed it, header and values are weighed together; told: how many times likelier
    other columns make a role.
    """
    name = _named(name, profile)
    if name and tools.words.contacts.leave_open(name) and (open_to := opened(number, name, profile, tools)) is not None:
        return open_to, "" if open_to else "values"
    readings = tools.words.read(name) if name else []
    if name and not any(reading.exact for reading in readings) and (by_choice := chosen(number, name, profile, tools)):
        return by_choice, ""
    if {reading.role for reading in readings} == {"ignore"} and _speaks_plainly(profile):
        readings = []  # No. over telephones numbers no rows
    clear = {reading.role for reading in readings if reading.exact and not reading.weak and not reading.shared}
    if len(readings) == 1 and clear and tools.agrees(readings[0].role, profile):
        return [claim_of(number, readings[0].role, readings[0].how, readings[0].confidence, profile)], ""
    if name and (asked := left_alone(number, name, readings, profile, tools)) is not None:
        return asked, ""
    chances = shares(name, readings, profile, tools)
    others = bool(name) and tools.about_others(name, profile)
    if (shown := contradicted(number, readings, profile, tools, chances, others=others)) is not None:
        return shown, "" if shown else "values"
    said = {
        role: confidence
        for role, confidence in tools.telling.roles(profile, nameless=not name or bool(LETTER.fullmatch(name)))
        if role == "notes" or not others
    }
    found = {
        role: firmer(claim, chances, profile) for role, claim in read(number, readings, profile, said, tools).items()
    }
    if _each_its_own(profile) and len(found) == 1 and (few := found.keys() & OF_A_FEW.keys()):
        return _either(found[few.pop()], profile, tools), ""
    late = profile.filled < GAPS and (told or {}).get(LATER, 1.0) > 1
    if late and any(claim.role in EARLIER for claim in found.values()):
        found = {LATER: claim_of(number, LATER, "values", EACH_ITS_OWN, profile)}
    if any(role in clear and claim.confidence > SURE for role, claim in found.items()):
        return list(found.values()), ""
    if name and not found and not LETTER.fullmatch(name) and (not readings or not said):
        refused = {reading.role for reading in readings}
        if not others and tools.telling.ends_deals(profile):
            said["outcome"] = ENDS
        if "amount" not in said and tools.words.asks_money(name) and profile.reaches("number", DATED):
            said["amount"] = SIGNED
        likely = [claim for claim in guessed(number, name, profile, said, tools, told) if claim.role not in refused]
        return likely, "values" if readings and not likely else ""
    for claim in list(found.values()):
        change = AGREED if claim.role in said else -CONTRADICTED if said else 0.0
        found[claim.role] = claim_of(number, claim.role, claim.how, min(claim.confidence + change, 0.95), profile)
    for role, confidence in said.items():
        forbidden = tools.judge.verdict(tools.words.kinds.get(role, ""), profile) == "veto"
        if role not in found and not forbidden:
            found[role] = claim_of(number, role, "values", confidence, profile)
    return list(found.values()), "values" if readings and not any(reading.role in found for reading in readings) else ""


def _named(name: str, profile: Profile) -> str:
    """A header without the “id” that programs put behind the name of a list whose words they export: stage_id, Negotiation."""
    bare = ID_END.sub("", name)
    words = bare != name and profile.values and profile.repeated and not profile.reaches("numbered", FEW_NUMBERED)
    return bare if words and profile.reaches("letters", DATED) else name


def _speaks_plainly(profile: Profile) -> bool:
    """Nothing but phones or addresses, which stand in no column that is to be passed over."""
    phones = profile.reaches("strict_phone", DATED) and not profile.reaches("letters", HALF)
    return phones or profile.reaches("email", DATED)


def _each_its_own(profile: Profile) -> bool:
    """Every customer has another value; five persons, none of them twice, are enough."""
    return profile.unlike or (profile.people and profile.count >= FIVE and profile.distinct == profile.count)


def _holds(claim: Claim) -> bool:
    """Whether a column is sure enough of its role for others to be less likely to have it; Booked with its yes and no is."""
    return claim.confidence > SURE or (claim.role == "outcome" and claim.how == "alias" and claim.confidence > HOLDS)


def _either(claim: Claim, profile: Profile, tools: Tools) -> list[Claim]:
    """A claim to a role of a few, doubted where every customer has another, and the role that it may be instead."""
    role = OF_A_FEW[claim.role]
    likelier, less = EACH_ITS_OWN, EACH_ITS_OWN - AGREED
    if claim.role == "team":
        likelier, less = less, likelier
    doubted = claim_of(claim.column, claim.role, claim.how, min(claim.confidence, likelier), profile)
    if tools.judge.verdict(tools.words.kinds.get(role, ""), profile) == "veto":
        return [doubted]
    return [doubted, claim_of(claim.column, role, "values", less, profile)]


def _numbers_rows(name: str, words: Aliases, profile: Profile) -> bool:
    """序号 and a nameless first column that only count the rows."""
    if not profile.values or not profile.counts_up:
        return False
    return not name or any(reading.role == "ignore" for reading in words.read(name))
