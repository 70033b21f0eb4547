"""Read a Parquet file as one sheet: the column names are row 1, as in a CSV."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import Any

from lostdeals.errors import LostDealsError
from lostdeals.model import Finding, Sheet
from lostdeals.package.letters import address
from lostdeals.package.opening import MIB, Limits
from lostdeals.read.grid import frame, grid

CELL = 8
"""Bytes that a cell takes at least in memory; in the file a million equal values take next to none."""
PLAIN = frozenset({str, bool, int, float, datetime, date, time, timedelta, type(None)})
"""What a cell may be as it is."""

_INDEX = re.compile(r"__index_level_\d+__")


def read_parquet(path: Path) -> list[Sheet]:
    """The one sheet of a Parquet file, without an index that pandas added.

    Times with a zone become text with their offset; decimals become whole numbers where they are whole, else
    floats; lists and records become JSON; bytes become text where they are UTF-8, else they are left out and counted.
    Raises LostDealsError ``parquet-needs-extra`` where pyarrow is not installed, ``damaged-workbook`` or ``zip-bomb``.
    """
    try:
        from pyarrow import ArrowException
        from pyarrow.parquet import ParquetFile
    except ImportError:
        raise LostDealsError("parquet-needs-extra", where=str(path)) from None
    try:
        with ParquetFile(path) as file:
            names = [name for name in file.schema_arrow.names if not _INDEX.fullmatch(name)]
            _refuse_bomb(path, file.metadata.num_rows * len(names) * CELL)
            table = file.read(names)
            columns = [_cells(column) for column in table.itercolumns()]
    except (ArrowException, OverflowError, OSError) as error:
        if getattr(error, "errno", None):  # the disk, not the file
            raise
        raise LostDealsError("damaged-workbook", where=str(path), reason=str(error)) from error
    undecoded = [
        (row, number)
        for number, column in enumerate(columns, start=1)
        if bytes in set(map(type, column))
        for row, cell in enumerate(column, start=2)
        if type(cell) is bytes
    ]
    texts = [[None if type(cell) is bytes else cell for cell in column] for column in columns] if undecoded else columns
    findings = (Finding("binary-cells", len(undecoded), address(path.stem, *min(undecoded))),) if undecoded else ()
    rows: chain[Sequence[object]] = chain([table.column_names], zip(*texts, strict=True))
    return [Sheet(path, path.stem, frame(grid(rows)), findings=findings)]


def _refuse_bomb(path: Path, needed: int) -> None:
    limit = Limits().total
    if needed > limit:
        raise LostDealsError("zip-bomb", where=str(path), mib=needed // MIB, limit=limit // MIB)


def _cells(column: Any) -> list[Any]:
    """The cells of one Arrow column."""
    from pyarrow import timestamp, types

    kind = column.type
    if types.is_timestamp(kind):  # a Python time knows no nanoseconds
        column = column.cast(timestamp("us", kind.tz), safe=False)
    try:
        cells = column.to_pylist()
    except (OverflowError, ValueError):  # a year that Python does not know
        cells = column.cast("string").to_pylist()
    strange = set(map(type, cells)) - PLAIN
    return [_cell(cell) for cell in cells] if strange or types.is_timestamp(kind) else cells


def _cell(cell: Any) -> Any:
    r"""One cell as other readers give it; bytes that are no text stay bytes.

    >>> _cell(Decimal("12.00")), _cell(Decimal("0.10")), _cell([{"渠道": "抖音"}]), _cell("王女士".encode()), _cell(b"\xff")
    (12, 0.1, '[{"渠道": "抖音"}]', '王女士', b'\xff')
    """
    if isinstance(cell, Decimal):
        return int(cell) if cell.is_finite() and cell == cell.to_integral_value() else float(cell)
    if isinstance(cell, (list, tuple, dict)):
        return json.dumps(cell, ensure_ascii=False, default=str)
    if isinstance(cell, bytes):
        try:
            return cell.decode()
        except UnicodeDecodeError:
            return cell
    if isinstance(cell, datetime) and cell.tzinfo:
        return cell.isoformat(sep=" ")
    return cell if type(cell) in PLAIN else str(cell)
