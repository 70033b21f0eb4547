"""The steps of a funnel: a named one, the user's own, or those that the sheet shows, in their order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lostdeals.errors import LostDealsError, Named, likest_named
from lostdeals.funnels import Asked
from lostdeals.vocab import Phrases, Vocabulary, normalise

OWN, SALES, GIVEN = "own", "sales", "given"
AROUND = re.compile(r"^\s*\d+\s*[-.、:：)]*\s*(?=\D)|\s*[（(][^（(]*[)）]\s*$")
"""What systems put around a value: 03.Qualified, A（重点客户）."""


@dataclass(frozen=True)
class Steps:
    """Named steps, and how a wording is placed on one of them."""

    name: str
    keys: tuple[str, ...]
    place: Callable[[str], int | None]
    """A wording -> 0 … steps - 1, None where it is none of them."""
    won: int | None
    """The step that whoever bought has reached; None where the sheet's own steps do not say."""
    stages: bool = False
    """The steps are the canonical stages, whatever they are called in the sheet."""


def asked_steps(asked: Asked, vocabulary: Vocabulary) -> Steps | None:
    """The steps that the user names, by ``--steps`` or ``--funnel``; None where the sheet decides.

    Raises LostDealsError (usage) ``unknown-funnel`` and ``bad-option``.
    """
    if asked.steps:
        return given_steps(asked.steps, vocabulary)
    if asked.funnel is None or normalise(asked.funnel) == OWN:
        return None
    if asked.funnel.lower().endswith(".toml"):
        return _from_file(Path(asked.funnel), vocabulary)
    return named_steps(asked.funnel, vocabulary)


def named_funnels(vocabulary: Vocabulary) -> list[str]:
    """The names that ``--funnel`` takes, the user's own included.

    >>> from lostdeals.vocab import load
    >>> named_funnels(load())
    ['sales', 'lead', 'customer', 'relationship', 'signup', 'shop', 'aarrr']
    """
    return [
        name for name, entry in vocabulary.section("funnels").items() if isinstance(entry, dict) and _is_funnel(entry)
    ]


def named_steps(name: str, vocabulary: Vocabulary) -> Steps:
    """A named funnel, by its key or its label in any language.

    >>> from lostdeals.vocab import load
    >>> shop = named_steps("shop", load())
    >>> shop.keys[2], shop.place("add_to_cart"), shop.place("进入购物车"), shop.place("help")
    ('carted', 2, 2, None)
    """
    funnels = vocabulary.section("funnels")
    known = {normalise(text): key for key in named_funnels(vocabulary) for text in _names(key, funnels[key])}
    key = known.get(normalise(name))
    if key is None:
        listed: list[Named | str] = [
            *(Named(one, funnels[one].get("label", one)) for one in named_funnels(vocabulary)),
            OWN,
        ]
        raise LostDealsError(
            "unknown-funnel", where="--funnel", usage=True, name=name, known=likest_named(name, listed, None)
        )
    return _from_entry(key, funnels[key], vocabulary)


def given_steps(steps: Sequence[str], vocabulary: Vocabulary) -> Steps:
    """Steps in the sheet's own words; the last is the one that whoever bought has reached if it says so."""
    wordings = [[part.strip() for part in step.split("|") if part.strip()] for step in steps]
    if len(steps) < 2 or not all(wordings) or len({normalise(words[0]) for words in wordings}) < len(wordings):
        raise LostDealsError("bad-option", usage=True, option="--steps", value=",".join(steps), wanted="A,B,C")
    places = {form: place for place, words in enumerate(wordings) for word in words for form in _forms(word)}
    won = vocabulary.section("outcomes")["won"]
    bought = {normalise(text) for text in [*won["values"], *won["words"], *won["label"].values()]}
    last = len(wordings) - 1
    says_won = any(form in bought for word in wordings[last] for form in _forms(word))
    keys = tuple(words[0] for words in wordings)
    return Steps(GIVEN, keys, lambda text: _looked_up(text, places), last if says_won else None)


def own_steps(keys: Sequence[str], won: int | None) -> Steps:
    """The sheet's own wordings as steps, in this order."""
    places = {form: place for place, key in enumerate(keys) for form in _forms(key)}
    return Steps(OWN, tuple(keys), lambda text: _looked_up(text, places), won)


def best_fitting(texts: Iterable[str], vocabulary: Vocabulary, least: int = 3) -> Steps | None:
    """The named funnel that has a step for every wording, three steps at least; None where none fits."""
    texts = list(texts)
    best: tuple[int, Steps] | None = None
    for name in named_funnels(vocabulary):
        if name == SALES:
            continue
        steps = named_steps(name, vocabulary)
        places = [steps.place(text) for text in texts]
        used = {place for place in places if place is not None}
        if None not in places and len(used) >= least and len(used) == len(texts) and (not best or len(used) > best[0]):
            best = (len(used), steps)
    return best[1] if best else None


def _is_funnel(entry: Mapping[str, Any]) -> bool:
    return isinstance(entry.get("steps"), list) and "headers" not in entry


def _names(key: str, entry: Mapping[str, Any]) -> list[str]:
    return [key, *entry.get("label", {}).values()]


def _from_entry(name: str, entry: Mapping[str, Any], vocabulary: Vocabulary) -> Steps:
    keys = tuple(str(step) for step in entry["steps"])
    if len(keys) < 2 or len(set(keys)) < len(keys):
        raise LostDealsError("bad-funnel", where=name, usage=True, name=name)
    won = keys.index(entry["won"]) if entry.get("won") in keys else None
    detail = entry.get("step", {})
    stages = vocabulary.section("stages")
    words = {
        str(place): [
            key,
            *detail.get(key, {}).get("label", {}).values(),
            *detail.get(key, {}).get("words", []),
            *(
                stages[key]["values"] + stages[key]["words"] + list(stages[key]["label"].values())
                if key in stages
                else []
            ),
        ]
        for place, key in enumerate(keys)
    }
    if "won" in keys and not detail.get("won"):
        outcome = vocabulary.section("outcomes")["won"]
        words[str(keys.index("won"))] += [*outcome["label"].values(), *outcome["values"], *outcome["words"]]
    phrases = Phrases(words)

    def place(text: str) -> int | None:
        for form in (text, AROUND.sub("", text)):
            whole = phrases.whole(form)
            if whole is not None:
                return int(whole)
        hits = phrases.find(text)
        return int(max(hits, key=lambda hit: (hit.size, hit.category)).category) if hits else None

    return Steps(name, keys, place, won, stages=all(key in stages or key == "won" for key in keys))


def _from_file(path: Path, vocabulary: Vocabulary) -> Steps:
    """A funnel in a TOML file of its own: ``steps``, and what each may be called."""
    from lostdeals.vocab.loading import read_toml

    entry = read_toml(path, "funnel-unreadable")
    if not _is_funnel(entry) or not all(isinstance(step, str) for step in entry["steps"]):
        raise LostDealsError("bad-funnel", where=str(path), usage=True, name=path.name)
    return _from_entry(path.stem, entry, vocabulary)


def _forms(text: str) -> list[str]:
    """A wording as it is compared: as it stands, with spaces for underscores, without what surrounds it."""
    spaced = text.replace("_", " ")
    return list(dict.fromkeys(normalise(form) for form in (text, spaced, AROUND.sub("", spaced)) if form.strip()))


def _looked_up(text: str, places: Mapping[str, int]) -> int | None:
    return next((places[form] for form in _forms(text) if form in places), None)
