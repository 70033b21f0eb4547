"""How people write things: names, phones, money, dates, follow-up notes, each in one of many ways."""

from __future__ import annotations

import math
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from string import ascii_lowercase
from typing import Any

WORDS = tomllib.loads((Path(__file__).parent / "words.toml").read_text("utf-8"))
TODAY = date(2026, 11, 20)
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


def settle(rng: Random, chances: Sequence[float], won: int, closed: int) -> list[str]:
    """Outcomes in exact numbers: a random part is closed, and of these the luckiest (log-odds plus logistic noise) won."""
    shuffled = rng.sample(range(len(chances)), closed)
    luck = {i: chances[i] + math.log((u := rng.uniform(1e-9, 1)) / (1 - u + 1e-9)) for i in shuffled}
    best = set(sorted(shuffled, key=lambda i: -luck[i])[:won])
    return ["won" if i in best else "lost" if i in luck else "open" for i in range(len(chances))]


def span(rng: Random, is_open: bool) -> tuple[date, date]:
    """The first and the last contact; open ones are recent, the closed ones of the last twelve months."""
    first = TODAY - timedelta(rng.randint(3, 110) if is_open else rng.randint(20, 345))
    last = first + timedelta(int(rng.lognormvariate(3.1, 0.8)))
    return first, last if last <= TODAY else TODAY - timedelta(rng.randint(0, min(14, (TODAY - first).days)))


def clock(rng: Random, day: date) -> datetime:
    """A moment in office hours."""
    return datetime.combine(day, time(rng.randint(9, 17), rng.randrange(60), rng.randrange(60)))


def say(rng: Random, template: str) -> str:
    """Fill {a|b} and {slot}, the innermost first."""

    def filled(match: re.Match[str]) -> str:
        inner = match.group(1)
        return str(rng.choice(inner.split("|") if "|" in inner else WORDS["slots"][inner]))

    while "{" in template:
        template = re.sub(r"\{([^{}]*)\}", filled, template)
    return template


def draw(rng: Random, weights: Mapping[str, int]) -> str:
    """A word by its weight."""
    return rng.choices(list(weights), list(weights.values()))[0]


def weighted(rng: Random, table: Mapping[str, Sequence[Any]]) -> tuple[str, list[Any]]:
    """A word by its weight, with the rest of its row: what it adds to the log-odds, or its wordings in a pick list."""
    word = rng.choices(list(table), [row[0] for row in table.values()])[0]
    return word, list(table[word][1:])


def person(rng: Random, phone: str) -> tuple[str, str]:
    """A name as a salesperson writes it, with an address at example.com."""
    people = WORDS["people"]
    (family, latin), (given, name) = (rng.choice(people[part]).split() for part in ("surnames", "given"))
    known = family + (given if rng.random() < 0.75 else rng.choice(people["titles"]))
    return known, f"{name}.{latin}{phone[-4:]}@example.com"


def mobiles(rng: Random, count: int) -> Iterator[str]:
    """Distinct mobile numbers with 0000 in their middle."""
    for tail in rng.sample(range(10, 10000), count):
        yield f"{rng.choice(WORDS['people']['mobile'])}0000{tail:04d}"


def phone_en(rng: Random, number: int) -> str:
    """An American or British number of those kept free for fiction, or none."""
    us, uk = f"555-01{number % 100:02d}", f"7700 900{number:03d}"
    area = 201 + 7 * (number // 100) + number % 7
    return rng.choice([f"+1 ({area}) {us}", f"({area}) {us}", f"{area}-{us}", f"+44 {uk}", f"0{uk}", ""])


def plain(name: str) -> str:
    """A name as it stands in an e-mail address: Zoë O'Hara is zoeohara."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", name.lower()) if sign in ascii_lowercase)


def blank(rng: Random, value: Any, share: float = 0) -> Any:
    """The value, or in a share of the rows one of the ways people say that there is none."""
    if value != "" and rng.random() >= share:
        return value
    return rng.choice([*[None] * 14, *WORDS["deals"]["blanks"]])


def phone(rng: Random, digits: str) -> str | int:
    """A mobile number as text, as a number, spaced, with +86, in full-width digits, or with a second number."""
    ways: list[str | int] = [digits] * 9 + [int(digits)] * 3
    ways += [f"{digits[:3]} {digits[3:7]} {digits[7:]}", f"{digits[:3]}-{digits[3:7]}-{digits[7:]}"] * 2
    wide, noted = digits.translate(FULL_WIDTH), f"{digits}(微信同号)"
    odd = rng.choice([f"+86 {digits}", f"+86{digits}", f"86-{digits}", wide, f"{digits}.0", noted])
    ways += [odd, f"{digits}/0512-0000{digits[-4:]}"]
    return rng.choice(ways)


def money(rng: Random, yuan: int) -> str | int:
    """An amount as a number or as 1.2万, 1.2w, 8千, 8k, ¥12,000, 12000元."""
    short = [f"{yuan / 1e4:g}万", f"{yuan / 1e4:g}w"] if yuan >= 10000 else [f"{yuan / 1e3:g}k", f"{yuan / 1e3:g}千"]
    ways: list[str | int] = [yuan, yuan, yuan, yuan, f"¥{yuan:,}", f"{yuan}元", f"{yuan:,}", *short]
    return rng.choice(ways)


def day(rng: Random, when: date) -> str | date:
    """A date as a date or as 2026.3.5, 2026年3月5日, 3月5日, 26/3/5."""
    y, m, d = when.year, when.month, when.day
    typed: list[str | date] = [f"{y}.{m}.{d}", f"{y}.{m}.{d}", f"{y}年{m}月{d}日", f"{m}月{d}日", f"{y % 100}/{m}/{d}"]
    return rng.choice([*[when] * 8, *typed])


def moment(rng: Random, when: date) -> str | date:
    """A date, often with its time."""
    return clock(rng, when).replace(second=0) if rng.random() < 0.4 else day(rng, when)


def diary(rng: Random, entries: Sequence[str], first: date, last: date) -> str:
    """Follow-up notes in one cell, the last of them at the last contact, in one person's way of dating them."""
    days = sorted(first + timedelta(rng.randint(0, (last - first).days)) for _ in entries[1:])
    stamp = rng.choice(["{0.month}.{0.day} ", "{0.month}/{0.day}：", "【{0}】", "{0.month}月{0.day}日，", ""])
    return rng.choice(["\n", "；", "。", " | "]).join(
        stamp.format(when) + entry for when, entry in zip([*days, last], entries, strict=True)
    )
