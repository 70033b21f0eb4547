"""Every rule in force in words: what counts as what, by which words, bands and rules, and where each comes from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rich.console import Group, RenderableType
from rich.text import Text

from lostdeals.errors import LostDealsError, Named, likest_named
from lostdeals.write.conditions import condition_text, field_label
from lostdeals.write.screen import labelled

if TYPE_CHECKING:
    from lostdeals.vocab import Words

VERB = re.compile(r"\{\w+\}")
"""Where a form of a verb stands in an act's wording."""
EXAMPLES = 4
"""Words of a category that are shown."""


@dataclass(frozen=True)
class Standard:
    """The rules of one subject."""

    key: str
    title: str
    basis: str
    """Where they come from."""
    own: bool
    """Whether the user's vocabulary file says something about it."""
    lines: tuple[tuple[str, str], ...]
    """Label and text; a line without a label goes on with the one before."""


def standards(words: Words) -> list[Standard]:
    """All of them: outcome, stages, what was done, reasons, every dimension, scorecards, contact intervals, data quality."""
    vocabulary = words.vocabulary
    dimensions = [
        _dimension(name, block, words)
        for name, block in vocabulary.section("dimensions").items()
        if "label" in block and name not in ("grade", "topic")
    ]
    return [
        _words_of("outcomes", ("won", "lost", "open", "invalid"), words),
        _words_of("stages", tuple(vocabulary.section("stages")), words),
        _acts(words),
        _words_of("reasons", tuple(key for key in vocabulary.section("reasons") if key != "reading"), words),
        *dimensions,
        *(_card(name, words) for name in vocabulary.names("scorecards")),
        _intervals(words),
        _quality(words),
    ]


def chosen(found: list[Standard], topic: str | None) -> list[Standard]:
    """The standard that a key or title names; all of them for None. Raises LostDealsError ``unknown-topic``."""
    if topic is None:
        return found
    wanted = topic.strip().casefold()
    one = [standard for standard in found if wanted in (standard.key.casefold(), standard.title.casefold())]
    if not one:
        known = [Named(standard.key, standard.title) for standard in found]
        raise LostDealsError("unknown-topic", usage=True, topic=topic, known=likest_named(topic, known, None))
    return one


def standards_screen(found: list[Standard], words: Words) -> RenderableType:
    """The standards for a Console."""
    parts: list[RenderableType] = []
    for one in found:
        mark = f"  {words.say('standards.own')}" if one.own else ""
        parts.append(Text.assemble((one.title, "bold"), f"  {one.key}", (mark, "yellow")))
        lines = [*one.lines, (words.say("standards.basis"), one.basis)] if one.basis else list(one.lines)
        parts += [labelled([(f"  {label}", text) for label, text in lines]), Text()]
    parts.append(Text(words.say("standards.change"), style="green"))
    return Group(*parts)


def _words_of(section: str, keys: tuple[str, ...], words: Words) -> Standard:
    """A subject that words alone decide."""
    blocks = words.vocabulary.section(section)
    lines = [(words.pick(blocks[key]["label"]), _examples(blocks[key], words)) for key in keys]
    return Standard(
        section,
        words.say(f"standards.title.{section}"),
        words.say(f"standards.basis_of.{section}"),
        words.vocabulary.is_own(section),
        tuple(lines),
    )


def _acts(words: Words) -> Standard:
    """What is done on the way to a sale, by stage, and the forms that say how far it is: 已签约, 待签约, 没签成."""
    groups = {key: group for key, group in words.vocabulary.section("acts").items() if "acts" in group}
    acts: dict[str, list[str]] = {}
    forms: dict[str, list[str]] = {}
    for group in groups.values():
        for part, found in (("acts", acts), ("forms", forms)):
            for key, listed in group[part].items():
                found.setdefault(key, []).extend(VERB.sub("*", one.partition("|")[0]) for one in listed)
    stages, ends = words.vocabulary.section("stages"), words.vocabulary.section("outcomes")
    named = {
        key: words.pick(entry["label"]) for part in (ends, stages) for key, entry in part.items() if "label" in entry
    }
    ordered = [key for key in (*stages, *ends, "own") if key in acts or key in forms]
    lines = [
        (
            words.say(f"standards.{part}", name=named.get(key) or words.say("standards.own_stage")),
            _examples(entry, words),
        )
        for part, found in (("act", acts), ("form", forms))
        for key in ordered
        if key in found and (entry := {"words": list(dict.fromkeys(found[key]))})
    ]
    return Standard(
        "acts",
        words.say("standards.title.acts"),
        words.say("standards.basis_of.acts"),
        words.vocabulary.is_own("acts"),
        tuple(lines),
    )


def _dimension(name: str, block: Mapping[str, Any], words: Words) -> Standard:
    lines: list[tuple[str, str]] = []
    if block.get("roles"):
        roles = words.say("phrase.comma").join(field_label(role, words) for role in block["roles"])
        lines.append((words.say("standards.read_from"), roles))
    categories: Mapping[str, Mapping[str, Any]] = block.get("categories", {})
    named = {key: words.pick(entry["label"]) for key, entry in categories.items()}
    lines += [
        (named[key], _examples(entry, words))
        for key, entry in categories.items()
        if entry.get("values") or entry.get("words")
    ]
    bands = block.get("bands")
    if bands:
        edges = " · ".join(f"{named.get(key, key)} ≥ {edge:g}" for key, edge in bands["from"].items())
        lines.append((words.say("standards.bands", field=field_label(bands["field"], words)), edges))
    for number, rule in enumerate(block.get("rules", []), start=1):
        text = f"{condition_text(rule['when'], words)} → {named.get(rule['is'], rule['is'])}"
        lines.append((words.say("standards.rule", n=number), f"{text}  [{rule['name']}]"))
    if not lines:
        lines.append((words.say("standards.read_from"), words.say("standards.places")))
    basis = words.pick(block["basis"]) if "basis" in block else words.say("standards.basis_of.default")
    return Standard(name, words.pick(block["label"]), basis, words.vocabulary.is_own("dimensions", name), tuple(lines))


def _card(name: str, words: Words) -> Standard:
    card = words.vocabulary.section(f"scorecards/{name}")
    lines = []
    for item in card["items"]:
        rules = " · ".join(f"{words.pick(rule['say'])} {rule['points']:+g}" for rule in item["rules"] if "say" in rule)
        lines.append((words.pick(item["label"]), rules))
    for rule in card.get("knockouts", []):
        lines.append(
            (
                words.say("standards.knockout"),
                words.pick(rule["say"]) if "say" in rule else condition_text(rule["when"], words),
            )
        )
    unit = "%" if card.get("unit") == "percent" else ""
    cuts = " · ".join(f"{cut['grade']} ≥ {cut['at']:g}{unit}" for cut in card["cutoffs"])
    lines.append((words.say("standards.cutoffs"), cuts))
    return Standard(
        f"scorecards.{name}",
        words.say("standards.title.scorecard", name=words.pick(card["label"])),
        words.say("standards.basis_of.default" if name == "default" else "standards.basis_of.card"),
        words.vocabulary.is_own("scorecards", name),
        tuple(lines),
    )


def _intervals(words: Words) -> Standard:
    book = words.vocabulary.section("playbooks/default")
    days = " · ".join(f"{words.label('tier', key)} {n}" for key, n in book["intervals"].items())
    cool = " · ".join(f"{words.label('loss_reason', key)} {n}" for key, n in book["cool_off"].items())
    return Standard(
        "playbooks.default",
        words.say("standards.title.intervals"),
        words.say("standards.basis_of.default"),
        words.vocabulary.is_own("playbooks", "default"),
        ((words.say("standards.interval"), days), (words.say("standards.cool_off"), cool)),
    )


def _quality(words: Words) -> Standard:
    section = words.vocabulary.section("quality")
    weights = " · ".join(f"{words.pick(section['parts'][part])} {n}" for part, n in section["weights"].items())
    grades = " · ".join(f"{grade['key']} ≥ {grade['at_least']}" for grade in section["grades"])
    return Standard(
        "quality",
        words.say("standards.title.quality"),
        words.say("standards.basis_of.quality"),
        words.vocabulary.is_own("quality"),
        ((words.say("standards.weights"), weights), (words.say("standards.cutoffs"), grades)),
    )


def _examples(entry: Mapping[str, Any], words: Words) -> str:
    """How many words stand for a category, and the first of them in the reader's language."""
    every = [*entry.get("values", []), *entry.get("words", [])]
    chinese = words.lang == "zh"
    own = [word for word in every if any("\u4e00" <= sign <= "\u9fff" for sign in word) == chinese]
    shown = words.say("phrase.comma").join((own or every)[:EXAMPLES])
    return words.say("standards.words", n=len(every), shown=shown) if every else ""
