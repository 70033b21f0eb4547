"""How to read the workbook: a few lines, what each new column means, and how each of the user's columns was understood."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lostdeals.write.columns import header
from lostdeals.write.facts import scoring_lines
from lostdeals.write.fields import Field, Table

if TYPE_CHECKING:
    from lostdeals.model import Report
    from lostdeals.vocab import Words
    from lostdeals.write.customers import Place


def guide(report: Report, words: Words, new: Place) -> tuple[Table, Table, Table]:
    """The three tables of the sheet 使用说明."""
    return _lines(report, words, new), _meaning(words, new), _columns_read(report, words)


def _lines(report: Report, words: Words, new: Place) -> Table:
    values = {
        "file": report.source.name,
        "method": words.say("phrase.stop").join(scoring_lines(report, words)),
        "card": report.card,
    }
    topics = [one for one in words.vocabulary.section("messages")["guide"] if one not in _other_kind(new)]
    fields = (
        Field("", range(1, len(topics) + 1), "centre", 7),
        Field(header(words, "topic"), [words.say(f"guide.{one}.topic") for one in topics], width=22),
        Field(header(words, "text"), [words.say(f"guide.{one}.text", **values) for one in topics], "wrapped", 110),
    )
    return Table(words.say("heading.guide"), fields)


def _meaning(words: Words, new: Place) -> Table:
    fields = (
        Field(header(words, "letter"), list(new.letters.values()), "centre"),
        Field(header(words, "column"), [header(words, key) for key in new.letters]),
        Field(header(words, "meaning"), [words.say(f"meaning.{key}") for key in new.letters], "wrapped"),
    )
    return Table(words.say("heading.meaning"), fields)


def _columns_read(report: Report, words: Words) -> Table:
    """What each column of the sheet was understood to be."""
    columns = report.layout.columns
    said = [
        words.say(
            "phrase.read_as", role=_role_label(words, one.role), how=words.say(f"how.{one.how}"), sure=one.confidence
        )
        for one in columns
    ]
    fields = (
        Field(header(words, "letter"), [one.letter for one in columns], "centre"),
        Field(header(words, "column"), [one.header for one in columns]),
        Field(header(words, "role"), said, "wrapped"),
    )
    return Table(words.say("heading.columns"), fields)


def _role_label(words: Words, role: str) -> str:
    """A column role in words; the role itself where the vocabulary gives it no label."""
    try:
        entry = words.vocabulary.section("columns").get(role, {})
    except KeyError:
        return role
    return words.pick(entry["label"]) if isinstance(entry, dict) and "label" in entry else role


def _other_kind(new: Place) -> tuple[str, ...]:
    """Topics of a workbook that came about in another way."""
    if not new.annotated:
        return ("annotated", "beside", "apart", "covered")
    left_out = ("original", "new-columns", "beside" if not new.letters else "apart")
    return left_out if new.covered else (*left_out, "covered")
