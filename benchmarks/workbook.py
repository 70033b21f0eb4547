"""What annotating a workbook costs, beside the least that touching it could cost.

    python benchmarks/workbook.py SHEET.xlsx [--whole] [--openpyxl]

CPU seconds (user and system) and the highest memory of whole processes, measured in one run. The floor is inflating
the customers' sheet, counting its rows and deflating it again with the standard library. ``annotate`` puts 18 made-up
columns of the kinds that ``score`` writes beside the customers. ``--whole`` scores the sheet as the command does,
without PNG charts; ``--openpyxl`` loads and saves it with openpyxl, which takes minutes and loses what it does not
know. Sheets to measure on come from ``../shared/bench/make_sheet.py``, which tells how large a sheet it makes.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path

CHUNK = 1 << 18
TEXTS = [
    "加分：互动频繁；价值中等；主动找上门。减分：三个月以上没联系；原因难改变。可提升：尽快恢复联系",
    "核对具体需求，推荐更合适的型号或定制方案，并反馈给产品部门；定期回访，发送推广信息",
    "操作复杂、功能不满足",
    "产品不符合需求; 竞争对手的影响",
    None,
]


class Cycle(Sequence[object]):
    """A long column that takes no memory: the same values over and over."""

    def __init__(self, values: Sequence[object], count: int) -> None:
        self._count, self._period = count, len(values)
        self._values = list(values) * (2 * CHUNK // len(values) // 50)

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, at):  # type: ignore[no-untyped-def]
        if isinstance(at, slice):
            first, last, _ = at.indices(self._count)
            start = first % self._period
            return self._values[start : start + last - first]
        return self._values[at % self._period]


def floor(path: Path) -> None:
    """The least: inflate, count, deflate."""
    with zipfile.ZipFile(path) as package:
        sheet = max((one for one in package.infolist() if "worksheets/" in one.filename), key=lambda one: one.file_size)
        deflate = zlib.compressobj(1, zlib.DEFLATED, -15)
        rows = out = 0
        with package.open(sheet) as part:
            while block := part.read(CHUNK):
                rows += block.count(b"</row>")
                out += len(deflate.compress(block))
    out += len(deflate.flush())


def annotate(path: Path, out: Path) -> None:
    """18 made-up columns beside the customers, and one small sheet."""
    from datetime import date

    from openpyxl import Workbook

    from lostdeals.package.annotate import Ours
    from lostdeals.package.annotate import annotate as put
    from lostdeals.package.book import Book
    from lostdeals.package.letters import letters
    from lostdeals.package.rows import Block, Column
    from lostdeals.package.site import Wanted, find
    from lostdeals.package.styles import Styles
    from lostdeals.package.stylesheet import StyleSheet
    from lostdeals.schema import ADDED

    with Book(path) as book:
        headers = {key: key for key in ADDED}
        name = next(sheet.name for sheet in book.sheets if sheet.part)
        site = find(book, Wanted(name, 1, 2, 3, headers, {}))
        rows = range(2, site.scan.last_row + 1)
        part = StyleSheet(book)
        made = Workbook()
        made.active.title = "_"
        made.create_sheet("概览")["A1"] = 1
        styles = Styles(made, *part.font())
        kinds = [
            [round(n * 0.1, 1) for n in range(1000)],
            ["A", "B", "C", None],
            TEXTS,
            [date(2026, 11, d) for d in range(1, 29)],
        ]
        columns = [
            Column(
                letters(column),
                Cycle(kinds[(0, 0, 1, 1, 1, 2, 0, 2, 1, 1, 1, 2, 2, 3, 1, 1, 0, 1)[place]], len(rows)),
                styles.number("plain"),
                {"date": styles.number("day")},
            )
            for place, column in enumerate(site.columns.values())
        ]
        heads = [Column(letters(column), [key], styles.number("new header")) for key, column in site.columns.items()]
        ours = Ours(
            made, "_", [Block([1], heads), Block(rows, columns)], {}, {"overview": "概览"}, headers, header_row=1
        )
        with out.open("w+b") as file:
            put(book, site, part, ours, file, date(2026, 11, 20))


def whole(path: Path, out: Path) -> None:
    """All of ``lostdeals score`` but the PNG charts."""
    from lostdeals.cli import entry

    sys.argv = ["lostdeals", "score", str(path), "-o", str(out), "--no-charts", "--no-remember", "--quiet"]
    sys.argv += ["--today", "2026-11-20"]
    entry()


def openpyxl_only(path: Path, out: Path) -> None:
    """What openpyxl needs to load and save the same file."""
    from openpyxl import load_workbook

    load_workbook(path).save(out)


JOBS = {
    "interpreter": lambda path, out: None,
    "floor": lambda path, out: floor(path),
    "annotate": annotate,
    "whole": whole,
    "openpyxl": openpyxl_only,
}


def measured(job: str, path: Path, out: Path) -> tuple[float, float]:
    """CPU seconds and MiB of a process that does one of the jobs."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, __file__, str(path), "--job", job, "--out", str(out)]
    # Where Python may not keep compiled modules, a run compiles all of them, which no user's does
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return spent, float(done.stdout.split()[-1])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sheet", type=Path)
    parser.add_argument("--whole", action="store_true")
    parser.add_argument("--openpyxl", action="store_true")
    parser.add_argument("--job", choices=JOBS, help=argparse.SUPPRESS)
    parser.add_argument("--out", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.job:
        try:
            JOBS[asked.job](asked.sheet, asked.out)
        finally:
            print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        return
    jobs = [
        "interpreter",
        "floor",
        "annotate",
        *(["whole"] if asked.whole else []),
        *(["openpyxl"] if asked.openpyxl else []),
    ]
    print(f"{asked.sheet.name}, {time.strftime('%Y-%m-%d')}, Python {sys.version.split()[0]}")
    print(f"{'':12} {'CPU s':>8} {'× floor':>8} {'MiB':>7}")
    least = 0.0
    with tempfile.TemporaryDirectory() as folder:
        for job in jobs:
            spent, memory = measured(job, asked.sheet.resolve(), Path(folder) / f"{job}.xlsx")
            least = spent if job == "floor" else least
            ratio = f"{spent / least:8.1f}" if least else f"{'':8}"
            print(f"{job:12} {spent:8.2f} {ratio} {memory:7.0f}", flush=True)


if __name__ == "__main__":
    main()
