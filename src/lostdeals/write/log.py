"""The change log, the problem cells and the duplicate pairs as CSV files for people and for ``clean --undo``."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lostdeals.package.guard import marked
from lostdeals.write.atomic import replacing
from lostdeals.write.table import as_text

if TYPE_CHECKING:
    import pandas as pd

    from lostdeals.model import CleanReport
    from lostdeals.vocab import Words

LOG = ("sheet", "row", "cell", "header", "rule", "before", "after", "before_type", "after_type", "output_row")
"""Columns of the change log; `clean.undo_log.read_log` reads them."""
RISKY = frozenset("=@\t\r+-' ")
"""Only a text that starts so needs a closer look."""
PROBLEMS = ("sheet", "row", "cell", "header", "code", "problem", "value", "meant")


def write_log(report: CleanReport, output_rows: Mapping[int, int] | None, path: Path) -> None:
    """Write every change: its cell in the sheet as found, the rule, the value before and after and their types.

    output_rows: the sheet's row -> its row in the cleaned file; None where they are the same.
    An empty value has the type “” and a text that starts like a formula, with a blank or with ``'`` has a ``'`` before it.
    UTF-8 with BOM. Raises LostDealsError ``cannot-write``.
    """
    log = report.log
    rows = log["row"].tolist()
    placed = rows if output_rows is None else [output_rows[row] for row in rows]
    _write(
        path,
        LOG,
        [
            [marked(report.sheet.name)] * len(log),
            rows,
            [f"{letter}{row}" for letter, row in zip(log["letter"], rows, strict=True)],
            _marked(log["header"]),
            log["rule"].tolist(),
            _marked(log["before"]),
            _marked(log["after"]),
            log["was"].tolist(),
            log["now"].tolist(),
            placed,
        ],
    )


def write_problems(report: CleanReport, words: Words, path: Path) -> None:
    """Write every problem cell with its rule, in code and in words. Raises LostDealsError ``cannot-write``."""
    found = report.problems
    rows = report.leads["src_row"].loc[found["lead"]].tolist()
    layout = report.layout
    _write(
        path,
        PROBLEMS,
        [
            [marked(report.sheet.name)] * len(found),
            rows,
            [f"{layout.letter(column)}{row}" for column, row in zip(found["column"], rows, strict=True)],
            _marked(found["column"].map({key: layout.header(key) for key in found["column"].unique()})),
            found["code"].tolist(),
            found["code"].map({code: words.say(f"issue.{code}") for code in found["code"].unique()}).tolist(),
            _marked(found["sample"]),
            _marked(found["meant"]),
        ],
    )


def write_pairs(pairs: pd.DataFrame, path: Path) -> None:
    """Write row_a, row_b, score and why of every pair. Raises LostDealsError ``cannot-write``."""
    names = [str(column) for column in pairs.columns]
    columns = [_marked(pairs[name]) if pairs[name].dtype == object else pairs[name].tolist() for name in names]
    _write(path, names, columns)


def write_merged(report: CleanReport, customers: pd.DataFrame, path: Path) -> None:
    """Write one row per customer under the sheet's own headers, after the row of the record that is kept.

    customers: `pipeline.one_row_each` of the report. Raises LostDealsError ``cannot-write``.
    """
    held = [column for column in report.layout.columns if column.key in customers]
    _write(
        path,
        ["row", *(marked(column.header or column.letter) for column in held)],
        [
            customers["src_row"].tolist(),
            *(_marked(customers[column.key].astype(object).map(as_text)) for column in held),
        ],
    )


def _marked(texts: Iterable[Any]) -> list[Any]:
    """Texts as a spreadsheet may open them, None where there is none."""
    return [marked(text) if text and text[0] in RISKY else text for text in texts]


def _write(path: Path, header: Sequence[str], columns: Sequence[Sequence[Any]]) -> None:
    with replacing(path) as file:
        out = io.TextIOWrapper(file, encoding="utf-8-sig", errors="replace", newline="", write_through=False)
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(header)
        writer.writerows(zip(*columns, strict=True))
        out.flush()
        out.detach()
