"""The scored workbook: the user's own with our columns and sheets in it, or a new one where that cannot be done safely."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lostdeals.distinct import remembering
from lostdeals.errors import LostDealsError
from lostdeals.model import Finding
from lostdeals.package.refusal import Refused
from lostdeals.write.annotated import write_annotated
from lostdeals.write.atomic import is_same_file
from lostdeals.write.new_workbook import write_new
from lostdeals.write.placing import Written

if TYPE_CHECKING:
    from lostdeals.model import Report
    from lostdeals.vocab import Words

MACROS = ".xlsm"
COMBINED = ("stacked", "joined", "chain-parted")
"""Findings of sheets that stand in no file as they were scored."""


@remembering()
def write_workbook(report: Report, words: Words, path: Path) -> Written:
    """Write the scored workbook, and say where it is and what a person should know about it.

    The same report gives the same bytes. Raises LostDealsError ``cannot-write``, ``would-overwrite``, ``too-many-columns``.
    """
    if is_same_file(path, report.source):
        raise LostDealsError("would-overwrite", where=str(path), usage=True)
    if path.suffix.lower() == MACROS and report.source.suffix.lower() != MACROS:
        path = path.with_suffix(".xlsx")  # without macros, that ending keeps Excel from opening it
    try:
        combined = next((one.code for one in report.findings if one.code in COMBINED), "")
        if combined:
            raise Refused(combined, report.sheet.name)
        return write_annotated(report, words, path)
    except Refused as refused:
        plain = path.with_suffix(".xlsx") if path.suffix.lower() == MACROS else path
        written = write_new(report, words, plain)
        note = Finding("new-workbook", first=refused.where, values={"why": words.say(f"refused.{refused.code}")})
        written.notes = (note, *written.notes)
        return written
