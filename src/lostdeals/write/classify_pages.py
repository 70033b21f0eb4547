"""The workbook of ``classify``: coverage, one row a customer, cross-tabs, and what nobody could place."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lostdeals.write.book import Book
from lostdeals.write.classify_words import as_table, coverage_table, proposals_table, unmatched_table
from lostdeals.write.lists import classification
from lostdeals.write.pages import Page

if TYPE_CHECKING:
    from lostdeals.model import ClassifyReport, Finding
    from lostdeals.vocab import Words


def write_classified(report: ClassifyReport, words: Words, path: Path) -> tuple[Finding, ...]:
    """Write the workbook and say what of it Excel could not hold.

    Raises LostDealsError ``cannot-write``.
    """
    book = Book(words)
    for page in classify_pages(report, words):
        book.add_page(page)
    return book.write(path, report.today)


def classify_pages(report: ClassifyReport, words: Words) -> list[Page]:
    """The pages in their order; one without a single row is left out."""
    every = [
        Page("coverage", (coverage_table(report, words), proposals_table(report, words))),
        Page("classification", (classification(report, words),)),
        Page("crosstabs", tuple(as_table(report, words, one) for one in report.tables)),
        Page("unmatched", (unmatched_table(report, words),)),
    ]
    return [page for page in every if any(len(table) for table in page.tables)]
