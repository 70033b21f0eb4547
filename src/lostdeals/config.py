"""Read ``lostdeals.toml`` and find the sheet a command means when it names none."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from lostdeals.errors import LostDealsError
from lostdeals.model import Rates
from lostdeals.vocab.loading import read_toml

NAME = "lostdeals.toml"
ENVIRONMENT = "LOSTDEALS_SHEET"


@dataclass(frozen=True)
class Job:
    """One entry of ``[[jobs]]``."""

    name: str
    inputs: tuple[str, ...]
    """Paths or globs, relative to the file's folder."""
    output: Path
    """Folder for what comes out."""
    charts: bool = True
    all_sheets: bool = False
    """Stack the sheets of one layout."""
    joins: tuple[Path, ...] = ()
    """Files whose columns are added to every input."""


@dataclass(frozen=True)
class Config:
    """What ``lostdeals.toml`` says; every part may be missing."""

    path: Path | None = None
    """The file, None where the folder has none."""
    input: Path | None = None
    """``[input] path``: the sheet that commands without one mean."""
    sheet: str | None = None
    """``[input] sheet``: the sheet's name within it."""
    joins: tuple[Path, ...] = ()
    """``[input] join``: files whose columns are added."""
    lang: str | None = None
    """``lang``: ``zh`` or ``en``."""
    card: str | None = None
    """``card``: a shipped scorecard's name or a path."""
    password_file: Path | None = None
    """``password_file``: its first line opens encrypted workbooks."""
    vocab: Path | None = None
    """``vocab``: the user's own vocabulary file."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """``[columns]``: header -> role."""
    keep: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    """``[score] keep`` and ``drop``: headers that every sheet which has them keeps, or does not learn from."""
    without_sensitive: bool = False
    missing: str | None = None
    model: Path | None = None
    """``[score] without_sensitive``, ``missing`` and ``model``."""
    date_order: str | None = None
    """``dates``: ``dayfirst``, ``monthfirst`` or ``yearfirst``, as ``dmy``, ``mdy`` or ``ymd``."""
    rates: Rates | None = None
    """``[rates]``: exchange rates with their day."""
    jobs: tuple[Job, ...] = ()


def read_config(folder: Path) -> Config:
    """``lostdeals.toml`` of a folder; an empty Config where there is none.

    Raises LostDealsError ``config-unreadable`` (not TOML, or a value of the wrong kind).
    """
    path = folder / NAME
    if not path.is_file():
        return Config()
    raw = read_toml(path, "config-unreadable")
    try:
        return _config(raw, path)
    except (KeyError, TypeError, AttributeError) as error:
        reason = f"{type(error).__name__}: {error}"
        raise LostDealsError("config-unreadable", where=str(path), reason=reason) from None


def _config(raw: Mapping[str, Any], path: Path) -> Config:
    folder = path.parent
    given = raw.get("input", {})
    known = {"input", "columns", "jobs", "rates", "score", *SIMPLE}
    strange = sorted(set(raw) - known)
    if strange:
        raise TypeError(f"unknown: {', '.join(strange)}")
    for key in SIMPLE:
        _is(raw.get(key, ""), str, key)
    for key, kind in (("input", dict), ("columns", dict), ("rates", dict), ("score", dict), ("jobs", list)):
        _is(raw.get(key, kind()), kind, key)
    _is(given.get("sheet", ""), str, "input.sheet")
    scoring = _scoring(raw.get("score", {}))
    return Config(
        path=path,
        keep=tuple(scoring.get("keep", ())),
        drop=tuple(scoring.get("drop", ())),
        without_sensitive=scoring.get("without_sensitive", False),
        missing=scoring.get("missing"),
        model=folder / scoring["model"] if "model" in scoring else None,
        input=folder / given["path"] if "path" in given else None,
        sheet=given.get("sheet"),
        joins=_paths(given.get("join", []), "input.join", folder),
        lang=raw.get("lang"),
        card=raw.get("card"),
        password_file=folder / raw["password_file"] if "password_file" in raw else None,
        vocab=folder / raw["vocab"] if "vocab" in raw else None,
        date_order=_date_order(raw.get("dates")),
        rates=_rates(raw["rates"]) if raw.get("rates") else None,
        columns={str(header): str(role) for header, role in raw.get("columns", {}).items()},
        jobs=tuple(_job(entry, number, folder) for number, entry in enumerate(raw.get("jobs", []), start=1)),
    )


SIMPLE = ("lang", "card", "vocab", "dates", "password_file")
"""Keys that are one text each."""


SCORING = {"keep": list, "drop": list, "without_sensitive": bool, "missing": str, "model": str}
"""Keys of ``[score]`` and what they hold."""


def _scoring(given: Mapping[str, Any]) -> Mapping[str, Any]:
    """``[score]``, checked."""
    strange = sorted(set(given) - set(SCORING))
    if strange:
        raise TypeError(f"unknown: score.{strange[0]}")
    for key, value in given.items():
        _is(value, SCORING[key], f"score.{key}")
        for item in value if isinstance(value, list) else ():
            _is(item, str, f"score.{key}")
    return given


DATE_ORDERS = {"dayfirst": "dmy", "monthfirst": "mdy", "yearfirst": "ymd"}
"""What a user calls an order of day, month and year -> its short form."""


def _date_order(given: str | None) -> str | None:
    if given is not None and given not in DATE_ORDERS:
        raise TypeError(f"dates = {given!r}")
    return DATE_ORDERS[given] if given else None


def _rates(given: Mapping[str, Any]) -> Rates:
    """``base``, ``date`` and one number per currency."""
    day, base = given["date"], given["base"]
    _is(base, str, "rates.base")
    if isinstance(day, str):
        try:
            day = date.fromisoformat(day)
        except ValueError:
            raise TypeError(f"rates.date = {day!r}") from None
    _is(day, date, "rates.date")
    per = {code.upper(): value for code, value in given.items() if code not in ("base", "date")}
    for code, value in per.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or not value > 0:
            raise TypeError(f"rates.{code} = {value!r}")
    return Rates(base.upper(), date(day.year, day.month, day.day), {**per, base.upper(): 1.0})


def _is(value: object, kind: type, key: str) -> None:
    if not isinstance(value, kind):
        raise TypeError(f"{key} = {value!r}")


def _job(entry: Mapping[str, Any], number: int, folder: Path) -> Job:
    inputs = entry["input"]
    _is(entry.get("charts", True), bool, "charts")
    _is(entry.get("all_sheets", False), bool, "all_sheets")
    _is(entry.get("output", ""), str, "output")
    for item in [inputs] if isinstance(inputs, str) else inputs:
        _is(item, str, "input")
    return Job(
        name=str(entry.get("name", f"job-{number}")),
        inputs=tuple([inputs] if isinstance(inputs, str) else [str(item) for item in inputs]),
        output=folder / entry.get("output", "scored"),
        charts=bool(entry.get("charts", True)),
        all_sheets=bool(entry.get("all_sheets", False)),
        joins=_paths(entry.get("join", []), "join", folder),
    )


def _paths(given: str | list[str], key: str, folder: Path) -> tuple[Path, ...]:
    listed = [given] if isinstance(given, str) else given
    for item in listed:
        _is(item, str, key)
    return tuple(folder / item for item in listed)


def find_sheet(given: Path | None, config: Config, folder: Path) -> Path:
    """The sheet that is meant: the one given, else the environment's, else the config's, else the one last scored here.

    Raises LostDealsError ``no-sheet-given``, which names all three ways.
    """
    if given is not None:
        return given
    if os.environ.get(ENVIRONMENT):
        return Path(os.environ[ENVIRONMENT])
    if config.input is not None:
        return config.input
    last = _remembered().get(_key(folder))
    if last is not None:
        return Path(last)
    raise LostDealsError("no-sheet-given", usage=True, environment=ENVIRONMENT, config=NAME)


def remember(sheet: Path, folder: Path) -> None:
    """Keep the path (nothing else) of the sheet last scored from a folder; a state folder that cannot be written is no error."""
    state = {**_remembered(), _key(folder): str(sheet.resolve())}
    path = _state_file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(".new")
        beside.write_text(json.dumps(state, ensure_ascii=False), encoding="utf-8")
        beside.replace(path)
    except OSError:
        return


def _remembered() -> dict[str, str]:
    try:
        state = json.loads(_state_file().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return state if isinstance(state, dict) else {}


def _state_file() -> Path:
    from platformdirs import user_state_path

    return user_state_path("lostdeals") / "last-scored.json"


def _key(folder: Path) -> str:
    return hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]
