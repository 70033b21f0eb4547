"""A condition of a rule in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from lostdeals.schema import ROLES, SAID
from lostdeals.write.columns import dimension, said

if TYPE_CHECKING:
    from lostdeals.vocab import Words

SHARES = ("_rank", "_share")
"""Ends of fields that are shares, 0-1."""


def condition_text(condition: Mapping[str, Any], words: Words) -> str:
    """What must hold, as `lostdeals.vocab.matches` reads it.

    >>> from lostdeals.vocab import Words, load
    >>> rule = {"all": [{"field": "intent_class", "is": ["high", "medium"]}, {"field": "contact_count", "at_least": 3}]}
    >>> condition_text(rule, Words(load(), "en"))
    'Intent: High / Medium and Contacts ≥ 3'
    """
    if not condition:
        return words.say("condition.always")
    for joint in ("all", "any"):
        if joint in condition:
            parts = [_part(part, words) for part in condition[joint]]
            return words.say(f"condition.{joint}").join(parts)
    name = field_label(condition["field"], words)
    tests = [_test(test, value, condition["field"], words) for test, value in condition.items() if test != "field"]
    return " ".join([name, *tests]) if not tests[0].startswith(":") else f"{name}{' '.join(tests)}"


def _part(condition: Mapping[str, Any], words: Words) -> str:
    text = condition_text(condition, words)
    return f"({text})" if "all" in condition or "any" in condition else text


def _test(test: str, value: Any, field: str, words: Words) -> str:
    if test == "known":
        return f": {words.say('condition.known' if value else 'condition.unknown')}"
    if test in ("at_least", "below"):
        number = f"{value:.0%}" if field.endswith(SHARES) else f"{value:,g}"
        return f"{'≥' if test == 'at_least' else '<'} {number}"
    options = value if isinstance(value, list) else [value]
    if field.startswith("by_"):
        return ": " + " / ".join(_rule(field.removeprefix("by_"), option, words) for option in options)
    name = dimension(field.removesuffix("_class")) if field != "main_reason" else "loss_reason"
    return ": " + " / ".join(words.label(name, option) for option in options)


def field_label(field: str, words: Words) -> str:
    """What a field of a condition is called: a role, a dimension, a derived figure, or itself."""
    if field.startswith(SAID):
        return field_label(field.removeprefix(SAID), words)
    if field.startswith("by_"):
        return words.say("condition.basis_of", name=field_label(f"{field.removeprefix('by_')}_class", words))
    entry = words.vocabulary.section("dimensions").get(field.removesuffix("_class"))
    if isinstance(entry, dict) and "label" in entry and field.endswith("_class"):
        return words.pick(entry["label"])
    role = field.removesuffix("_class")
    if role in ROLES:
        column = words.vocabulary.section("columns").get(role, {})
        return words.pick(column["label"]) if "label" in column else role
    known = said(words, "field", field)
    return said(words, "column", field) if known == field else known


def _rule(name: str, rule: str, words: Words) -> str:
    """A rule of a dimension by what it says; by its name where it says nothing."""
    rules = words.vocabulary.section("dimensions")[name].get("rules", [])
    said_by = next((one["say"] for one in rules if one["name"] == rule and "say" in one), None)
    return words.pick(said_by) if said_by else rule
