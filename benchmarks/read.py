"""CPU seconds of reading a workbook, and their ratio to the bare reader going through its rows.

    python benchmarks/read.py [FILE.xlsx] [--rows N] [--runs N]        default: a made-up sheet of 100000 rows

The bare reader, `read_book` and reading with inspecting take turns in one process; the least of the runs counts, and
the ratios are what to quote.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

from python_calamine import CalamineWorkbook
from whole_run import make

from lostdeals.model import Options
from lostdeals.pipeline.inspect import inspect
from lostdeals.read import read_book
from lostdeals.vocab import load


def main() -> None:
    """Print a line per way of reading."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=5)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = asked.file or Path(folder) / "made-up.xlsx"
        if asked.file is None:
            make(path, asked.rows)
        vocabulary, options = load(), Options(today=date(2026, 11, 20))
        ways: dict[str, Callable[[], object]] = {
            "bare iter_rows": lambda: bare(path),
            "bare, rows kept": lambda: bare(path, keep=True),
            "read_book": lambda: read_book(path),
            "read and inspect": lambda: inspect(path, vocabulary, options),
        }
        best = dict.fromkeys(ways, float("inf"))
        for _ in range(asked.runs):
            for name, way in ways.items():
                best[name] = min(best[name], cpu(way))
    print(f"{path.name}\n{'':<18}{'CPU s':>8}{'ratio':>8}")
    for name, seconds in best.items():
        print(f"{name:<18}{seconds:>8.2f}{seconds / best['bare iter_rows']:>8.2f}")


def bare(path: Path, *, keep: bool = False) -> list[list[object]]:
    """Every row of every sheet as the Rust reader gives it, kept or let go."""
    with CalamineWorkbook.from_path(path) as book:
        sheets = [book.get_sheet_by_index(index) for index in range(len(book.sheet_names))]
        return [row for sheet in sheets for row in sheet.iter_rows() if keep]


def cpu(way: Callable[[], object]) -> float:
    """User and system seconds of one call, its result thrown away."""
    before = resource.getrusage(resource.RUSAGE_SELF)
    way()
    after = resource.getrusage(resource.RUSAGE_SELF)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()
