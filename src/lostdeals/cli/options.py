"""The options that commands share, and what they add up to."""

from __future__ import annotations

import errno
import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from lostdeals.cli.language import help_text
from lostdeals.errors import LostDealsError

if TYPE_CHECKING:
    from lostdeals.config import Config
    from lostdeals.model import Options, Outcome
    from lostdeals.vocab import Vocabulary

MaybeSheetPath = Annotated[
    Path | None, typer.Argument(metavar="SHEET", help=help_text("option.path_or_default"), show_default=False)
]
SheetName = Annotated[str | None, typer.Option("--sheet", metavar="NAME", help=help_text("option.sheet"))]
HeaderRow = Annotated[int | None, typer.Option("--header-row", metavar="N", min=1, help=help_text("option.header_row"))]
Map = Annotated[list[str] | None, typer.Option("--map", metavar="HEADER=ROLE", help=help_text("option.map"))]
OutcomeColumn = Annotated[str | None, typer.Option("--outcome", metavar="HEADER", help=help_text("option.outcome"))]
Won = Annotated[str | None, typer.Option("--won", metavar="A,B", help=help_text("option.won"))]
Lost = Annotated[str | None, typer.Option("--lost", metavar="C,D", help=help_text("option.lost"))]
Open = Annotated[str | None, typer.Option("--open", metavar="E", help=help_text("option.open"))]
Invalid = Annotated[str | None, typer.Option("--invalid", metavar="F", help=help_text("option.invalid"))]
Lang = Annotated[str | None, typer.Option("--lang", metavar="zh|en", help=help_text("option.lang"))]
Today = Annotated[str | None, typer.Option("--today", metavar="YYYY-MM-DD", help=help_text("option.today"))]
Tz = Annotated[str | None, typer.Option("--tz", metavar="ZONE", help=help_text("option.tz"))]
Json = Annotated[bool, typer.Option("--json", help=help_text("option.json"))]
Output = Annotated[Path | None, typer.Option("--output", "-o", metavar="PATH", help=help_text("option.output"))]
OutputBook = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="PATH", help=help_text("option.output_book"))
]
ObjectFile = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="PATH", help=help_text("option.object_file"))
]
NoCharts = Annotated[bool, typer.Option("--no-charts", help=help_text("option.no_charts"))]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help=help_text("option.quiet"))]
Verbose = Annotated[bool, typer.Option("--verbose", help=help_text("option.verbose"))]
Card = Annotated[str | None, typer.Option("--scorecard", "--card", metavar="NAME", help=help_text("option.card"))]
Vocab = Annotated[Path | None, typer.Option("--vocab", metavar="FILE", help=help_text("option.vocab"))]
AllSheets = Annotated[bool, typer.Option("--all-sheets", help=help_text("option.all_sheets"))]
Join = Annotated[list[Path] | None, typer.Option("--join", metavar="FILE", help=help_text("option.join"))]
DayFirst = Annotated[bool, typer.Option("--dayfirst", help=help_text("option.dayfirst"))]
MonthFirst = Annotated[bool, typer.Option("--monthfirst", help=help_text("option.monthfirst"))]
YearFirst = Annotated[bool, typer.Option("--yearfirst", help=help_text("option.yearfirst"))]
PasswordFile = Annotated[
    Path | None, typer.Option("--password-file", metavar="PATH", help=help_text("option.password_file"))
]
Encoding = Annotated[str, typer.Option("--encoding", metavar="NAME", help=help_text("option.encoding"))]
RawCsv = Annotated[bool, typer.Option("--raw-csv", help=help_text("option.raw_csv"))]
Winsorise = Annotated[bool, typer.Option("--winsorise", help=help_text("option.winsorise"))]
Keep = Annotated[list[str] | None, typer.Option("--keep", metavar="HEADER", help=help_text("option.keep"))]
Drop = Annotated[list[str] | None, typer.Option("--drop", metavar="HEADER", help=help_text("option.drop"))]
Missing = Annotated[str | None, typer.Option("--missing", metavar="WAY", help=help_text("option.missing"))]
WithoutSensitive = Annotated[bool, typer.Option("--without-sensitive", help=help_text("option.without_sensitive"))]
SavedModel = Annotated[Path | None, typer.Option("--model", metavar="FILE", help=help_text("option.model"))]
SaveModel = Annotated[Path | None, typer.Option("--save-model", metavar="FILE", help=help_text("option.save_model"))]
ReportModel = Annotated[bool, typer.Option("--report-model", help=help_text("option.report_model"))]


@dataclass(frozen=True)
class Asked:
    """The shared options as they were typed."""

    sheet: str | None = None
    header_row: int | None = None
    mapping: list[str] | None = None
    outcome: str | None = None
    won: str | None = None
    lost: str | None = None
    open: str | None = None
    invalid: str | None = None
    lang: str | None = None
    today: str | None = None
    tz: str | None = None
    card: str | None = None
    keep: list[str] | None = None
    drop: list[str] | None = None
    missing: str | None = None
    without_sensitive: bool = False
    model: Path | None = None
    keep_model: bool = False
    row: int | None = None
    winsorise: bool = False
    all_sheets: bool = False
    joins: list[Path] | None = None
    date_order: str | None = None
    """From `date_order`."""
    password_file: Path | None = None


def date_order(dayfirst: bool, monthfirst: bool, yearfirst: bool) -> str | None:
    """``dmy``, ``mdy`` or ``ymd`` of the flags, None without one; LostDealsError (wrong usage) with more than one."""
    flags = {"--dayfirst": dayfirst, "--monthfirst": monthfirst, "--yearfirst": yearfirst}
    given = [flag for flag, on in flags.items() if on]
    if len(given) > 1:
        raise LostDealsError("bad-option", usage=True, option=given[1], value=given[0], wanted=" / ".join(flags))
    orders = {"--dayfirst": "dmy", "--monthfirst": "mdy", "--yearfirst": "ymd"}
    return orders[given[0]] if given else None


@dataclass(frozen=True)
class Start:
    """What a command on one sheet begins with."""

    path: Path
    options: Options
    vocabulary: Vocabulary


def start(asked: Asked, path: Path | None, vocab: Path | None) -> Start:
    """The sheet that is meant, what was asked for, and the words, with what ``lostdeals.toml`` of this folder adds to each.

    Raises LostDealsError (wrong usage) for a value that cannot be one, ``no-sheet-given`` where no sheet is named anywhere.
    """
    from lostdeals.cli.memory import keep_freed_memory
    from lostdeals.config import find_sheet, read_config
    from lostdeals.vocab import load

    keep_freed_memory()
    folder = Path.cwd()
    config = read_config(folder)
    chosen = options_from(asked, config, path)
    return Start(find_sheet(path, config, folder), chosen, load(vocab or config.vocab))


def options_from(asked: Asked, config: Config, path: Path | None = None) -> Options:
    """What was typed, then what ``lostdeals.toml`` says, then the defaults.

    path: the file named on the line; the config's sheet name belongs to the config's own file only.
    Raises LostDealsError (wrong usage) for a value that cannot be one.
    """
    from lostdeals.model import Options

    return Options(
        today=_today(asked.today, asked.tz),
        lang=_lang(asked.lang or config.lang),
        tz=asked.tz or machine_zone(),
        sheet=asked.sheet or (config.sheet if path is None else None),
        header_row=asked.header_row,
        mapping=_mapping(asked.mapping or []),
        columns=config.columns,
        outcome=asked.outcome,
        outcome_values=_outcome_values(asked),
        card=asked.card or config.card,
        keep=tuple(asked.keep or ()),
        drop=tuple(asked.drop or ()),
        settled={**dict.fromkeys(config.drop, False), **dict.fromkeys(config.keep, True)},
        missing=asked.missing or config.missing or "own",
        without_sensitive=asked.without_sensitive or config.without_sensitive,
        model=asked.model or config.model,
        keep_model=asked.keep_model,
        row=asked.row,
        winsorise=asked.winsorise,
        all_sheets=asked.all_sheets,
        joins=tuple(asked.joins or (config.joins if path is None else ())),
        date_order=asked.date_order or config.date_order,
        rates=config.rates,
        password=_password(asked.password_file or config.password_file),
    )


def with_previous(options: Options, target: Path) -> Options:
    """The options with the workbook that stands where the output will be."""
    from dataclasses import replace

    return replace(options, previous=target) if target.suffix.lower() != ".csv" and target.is_file() else options


def _password(path: Path | None) -> str | None:
    """The first line of a file, so that a password never stands on a command line, which others can see."""
    if path is None:
        return None
    try:
        with path.open(encoding="utf-8-sig") as file:
            password = file.readline().rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise LostDealsError("password-file", where=str(path), reason=reason) from None
    if not password:
        raise LostDealsError("password-file", where=str(path), reason="first line empty")
    return password


def _today(given: str | None, tz: str | None) -> date:
    from datetime import datetime

    zone = None
    if tz is not None:
        try:
            zone = ZoneInfo(tz)
        except (KeyError, ValueError, OSError):
            raise LostDealsError(
                "bad-option", usage=True, option="--tz", value=tz, wanted="Asia/Shanghai, Europe/Berlin …"
            ) from None
    if given is None:
        return datetime.now(zone).date()  # noqa: TID251 - the command line is where the clock is asked
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise LostDealsError("bad-option", usage=True, option="--today", value=given, wanted="YYYY-MM-DD") from None


def machine_zone() -> str | None:
    """The machine's time zone by name, None where it does not tell one."""
    named = os.environ.get("TZ", "").lstrip(":") or os.path.realpath("/etc/localtime").partition("zoneinfo/")[2]
    try:
        return ZoneInfo(named).key if named else None
    except (KeyError, ValueError, OSError):
        return None


def check_object_file(path: Path | None) -> None:
    """LostDealsError ``unknown-output`` (usage) where a command that writes JSON is given another kind of file."""
    if path is not None and path.suffix.lower() != ".json":
        raise LostDealsError("unknown-output", where=str(path), usage=True, known=".json")


def check_model_file(path: Path | None) -> None:
    """LostDealsError (usage) for a file that a model must not be written to.

    ``unknown-output`` where it is not called .json, ``file-exists`` where it is there already and no model of ours.
    """
    check_object_file(path)
    if path is not None and path.exists():
        from lostdeals.score import is_model

        if not is_model(path):
            raise LostDealsError("file-exists", where=str(path), usage=True)


def check_output(path: Path, known: Collection[str], taken: Collection[Path]) -> None:
    """LostDealsError (usage) ``unknown-output`` for another ending, ``would-overwrite`` for a file that must stay.

    ``cannot-write`` where there cannot be such a file: its name is too long, its folder missing or closed.
    """
    from lostdeals.write.atomic import is_same_file

    if path.suffix.lower() not in known:
        raise LostDealsError("unknown-output", where=str(path), usage=True, known=" ".join(known))
    try:
        path.exists()
        folder = Path(os.path.realpath(path)).parent
        if not folder.is_dir() or not os.access(folder, os.W_OK):  # said before the work is done
            wrong = errno.EACCES if folder.is_dir() else errno.ENOENT
            raise OSError(wrong, os.strerror(wrong))
    except OSError as error:
        raise LostDealsError("cannot-write", where=str(path), reason=error.strerror or "") from None
    if any(is_same_file(path, other) for other in taken):
        raise LostDealsError("would-overwrite", where=str(path), usage=True)


def _lang(given: str | None) -> str | None:
    if given not in (None, "zh", "en"):
        raise LostDealsError("bad-option", usage=True, option="--lang", value=given, wanted="zh, en")
    return given


def _mapping(pairs: list[str]) -> dict[str, str]:
    out = {}
    for pair in pairs:
        header, equals, role = pair.rpartition("=")
        if not equals or not header.strip() or not role.strip():
            raise LostDealsError("bad-option", usage=True, option="--map", value=pair, wanted="Header=role")
        out[header.strip()] = role.strip()
    return out


def _outcome_values(asked: Asked) -> Mapping[str, Outcome]:
    listed: list[tuple[str | None, Outcome]] = [
        (asked.won, "won"),
        (asked.lost, "lost"),
        (asked.open, "open"),
        (asked.invalid, "invalid"),
    ]
    return {
        value.strip(): outcome
        for values, outcome in listed
        for value in (values or "").replace("，", ",").split(",")
        if value.strip()
    }
