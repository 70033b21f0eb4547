"""Share of the defective text files of the tests that are read into the right cells, beside other libraries.

    python benchmarks/defective_files.py

Each of the others is called as its documentation recommends for a file one knows nothing of, every cell as text and
without a header; a library that is not installed is left out. Blank rows and blanks at the end of a row are not
compared. "Silent" are the files that were read into other cells without an error or a finding.
"""

from __future__ import annotations

import csv
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from lostdeals.errors import LostDealsError
from lostdeals.read import read_book

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from defective_files import defective_files, trimmed

Cells = list[list[str]]


def main() -> None:
    """Print a line per reader."""
    warnings.simplefilter("ignore")
    files = list(defective_files())
    print(f"{len(files)} files{'':<22}{'right':>8}{'refused':>9}{'told':>7}{'silent':>8}")
    with tempfile.TemporaryDirectory() as folder:
        for name, read in READERS.items():
            counts: Counter[str] = Counter()
            for place, file in enumerate(files):
                path = Path(folder) / f"{place}{file.suffix}"
                path.write_bytes(file.content)
                try:
                    cells, said = read(path)
                except ImportError:
                    break
                except Exception as error:
                    counts["refused" if isinstance(error, LostDealsError) or name != "lostdeals" else "crashed"] += 1
                    continue
                right = trimmed(cells) == file.cells
                counts["right" if right else "told" if said else "silent"] += 1
            if counts:
                shares = [f"{100 * counts[kind] / len(files):.1f} %" for kind in ("right", "refused", "told", "silent")]
                print(f"{name:<31}{shares[0]:>8}{shares[1]:>9}{shares[2]:>7}{shares[3]:>8}")


def as_text(rows: Iterable[Sequence[object]]) -> Cells:
    """Cells as text, with nothing for what is missing."""
    return [["" if cell is None or cell != cell else str(cell) for cell in row] for row in rows]


def ours(path: Path) -> tuple[Cells, bool]:
    """The first sheet, and whether it comes with a finding."""
    sheet = read_book(path)[0]
    return as_text(sheet.cells.itertuples(index=False)), bool(sheet.findings)


def pandas(path: Path) -> tuple[Cells, bool]:
    """``read_csv`` as it is."""
    import pandas as pd

    return as_text(pd.read_csv(path, header=None, dtype=str, keep_default_na=False).itertuples(index=False)), False


def pandas_sniffing(path: Path) -> tuple[Cells, bool]:
    """``read_csv`` that finds the delimiter itself."""
    import pandas as pd

    table = pd.read_csv(path, header=None, dtype=str, keep_default_na=False, sep=None, engine="python")
    return as_text(table.itertuples(index=False)), False


def clevercsv(path: Path) -> tuple[Cells, bool]:
    """``read_table``, which finds encoding and dialect."""
    import clevercsv

    return as_text(clevercsv.read_table(path)), False


def duckdb(path: Path) -> tuple[Cells, bool]:
    """``read_csv``, which finds the dialect."""
    import duckdb

    return as_text(duckdb.read_csv(str(path), header=False, all_varchar=True).fetchall()), False


def polars(path: Path) -> tuple[Cells, bool]:
    """``read_csv`` as it is."""
    import polars

    return as_text(polars.read_csv(path, has_header=False, infer_schema=False).rows()), False


def sniffer(path: Path) -> tuple[Cells, bool]:
    """The csv module's own sniffer."""
    with path.open(encoding="utf-8", newline="") as file:
        dialect = csv.Sniffer().sniff(file.read(1 << 16))
        file.seek(0)
        return list(csv.reader(file, dialect)), False


READERS: dict[str, Callable[[Path], tuple[Cells, bool]]] = {
    "lostdeals": ours,
    "pandas": pandas,
    "pandas, sep=None": pandas_sniffing,
    "clevercsv": clevercsv,
    "duckdb": duckdb,
    "polars": polars,
    "csv.Sniffer": sniffer,
}

if __name__ == "__main__":
    main()
