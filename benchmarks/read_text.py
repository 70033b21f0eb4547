"""CPU seconds of reading made-up text files, and their ratio to what the csv module alone takes for them.

    python benchmarks/read_text.py [ROWS]        default: 100000

Everything is measured in one run on one machine, the best of five; quote the ratios.
"""

from __future__ import annotations

import csv
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from lostdeals.read import read_book

NOTES = ["价格太贵了，再考虑", "too dear, maybe later", 'says "call me" next week', "ok", "约下周演示", ""]
COLUMNS = 20


def main() -> None:
    """Print a line per file."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    print(f"{f'{rows:,} x {COLUMNS}':<34}{'csv s':>8}{'read s':>8}{'x csv':>8}")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made.csv"
        for name, content in files(rows):
            path.write_bytes(content)
            alone, whole = best(lambda: parse(path)), best(lambda: read_book(path))
            print(f"{name:<34}{alone:>8.2f}{whole:>8.2f}{whole / alone:>8.1f}")


def files(rows: int) -> Iterator[tuple[str, bytes]]:
    """An ordinary file, and some that are read with more care."""
    made = [[f"列{column}" for column in range(COLUMNS)], *map(row, range(rows))]
    lines = [",".join(map(quoted, cells)) + "\n" for cells in made]
    yield "ordinary", "".join(lines).encode()
    yield "GB18030", "".join(lines).encode("gb18030")
    yield "delimiter ||", "".join("||".join(cells) + "\n" for cells in made).encode()
    short = [line.rpartition(",")[0] + "\n" if place % 2 else line for place, line in enumerate(lines)]
    yield "half of the rows a cell short", "".join(short).encode()
    stray = [line.replace(",上海,", ',"上海,', 1) if place % 100 == 5 else line for place, line in enumerate(lines)]
    yield "a stray quote in every 100th row", "".join(stray).encode()


def row(number: int) -> list[str]:
    """A made-up customer."""
    notes = NOTES[number % len(NOTES)], NOTES[number * 7 % len(NOTES)]
    who = [
        f"{number}",
        "王女士",
        f"199000{number % 100_000:05}",
        "某某科技有限公司",
        "上海",
        "抖音",
        "SUV",
        "2026-03-05",
    ]
    deal = ["2026-04-01 10:30", f"{number % 9}", "12000.5", "20万", "高", "看房", "否", notes[0], "竞品甲", notes[1]]
    return [*who, *deal, "张三", "50-100人"]


def quoted(cell: str) -> str:
    """A cell as it stands in the file."""
    return '"' + cell.replace('"', '""') + '"' if "," in cell or '"' in cell else cell


def parse(path: Path) -> None:
    """What the csv module takes; in an encoding that it need not guess, and keeping nothing."""
    encoding = "utf-8" if path.read_bytes()[:3] == "列".encode() else "gb18030"
    with path.open(encoding=encoding, newline="") as file:
        for _ in csv.reader(file):
            pass


def best(work: Callable[[], object]) -> float:
    """CPU seconds, the best of five."""
    seconds = []
    for _ in range(5):
        start = time.process_time()
        work()
        seconds.append(time.process_time() - start)
    return min(seconds)


if __name__ == "__main__":
    main()
