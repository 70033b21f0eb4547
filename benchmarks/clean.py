"""CPU seconds of the change log and of each cleaning step, and their ratio to a bare pandas comparison of the same frames.

    python benchmarks/clean.py [ROWS]        default: 100000

The frames have 20 columns, and cleaning changes 16 of them in every row. Quote the ratios: all is measured in one run.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import date

import numpy as np
import pandas as pd

from lostdeals.clean import clean, diff
from lostdeals.clean.setting import Setting
from lostdeals.clean.stage import STEPS
from lostdeals.vocab import load


def main() -> None:
    """Print a line per measurement."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    raw = made_up(rows)
    setting = Setting(load(), date(2026, 6, 1), "zh")
    frames = [raw]
    steps = {}
    for rule, step in STEPS.items():
        steps[rule] = timed(lambda step=step: frames.append(step(frames[-1], setting)))
    before, after = raw, frames[-1][list(raw.columns)]
    bare = timed(lambda: bare_comparison(before, after))
    changes: list[pd.DataFrame] = []
    logged = timed(lambda: changes.append(diff(before, after, "all")))
    print(f"{rows:,} rows × {raw.shape[1] - 2} columns, {len(changes[0]):,} changes")
    print(f"{'':<28}{'CPU s':>8}{'x bare':>8}")
    line("bare pandas comparison", bare, bare)
    line("change log", logged, bare)
    for rule, seconds in steps.items():
        line(f"step {rule}", seconds, bare)
    line("clean, everything", timed(lambda: everything(raw)), bare)


def bare_comparison(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """What pandas itself needs to find the cells that differ and to lay them out: both frames as text, compared, stacked."""
    old, new = before.astype(str), after.astype(str)
    differs = (old != new).to_numpy()
    places = np.nonzero(differs)
    return pd.DataFrame(
        {"lead": places[0], "column": places[1], "before": old.to_numpy()[places], "after": new.to_numpy()[places]}
    )


def everything(raw: pd.DataFrame) -> None:
    """The whole stage with its findings and duplicates."""
    clean(raw, load(), today=date(2026, 6, 1), language="zh", address=lambda lead, key: f"客户!{key}{lead + 2}")


def made_up(rows: int) -> pd.DataFrame:
    """A sheet as people write it: nearly every cell needs something."""
    dice = np.random.default_rng(7)
    number = np.arange(rows)
    day = pd.to_datetime("2025-01-01") + pd.to_timedelta(dice.integers(0, 500, rows), unit="D")
    amount = dice.integers(1, 400, rows)

    def texts(form: Callable[[int], str]) -> list[str]:
        return [form(one) for one in number]

    columns: dict[str, list[object] | list[str]] = {
        "id": [float(one) for one in number],
        "name": texts(lambda one: f"客户 {one} "),
        "company": texts(lambda one: f"　某某{one}有限公司"),
        "phone": texts(lambda one: f"199-{one % 10_000:04d}-{one * 7 % 10_000:04d}"),
        "phone.2": texts(lambda one: f"+86 0{21 + one % 9}-{one % 10_000:04d} {one * 3 % 10_000:04d}"),
        "email": texts(lambda one: f"<Customer{one}@Example.COM>"),
        "region": texts(lambda one: f"杭州{one % 40} "),
        "source": texts(lambda one: ("官网 ", " 官网", "展会 ")[one % 3]),
        "amount": [f"{one / 10:.1f}万" for one in amount],
        "budget": [f"¥{one * 1000:,}" for one in amount],
        "company_size": texts(lambda one: f"{one % 90 + 10}-{one % 90 + 60}人"),
        "contact_count": texts(lambda one: f"{one % 30}次"),
        "created_at": [moment.strftime("%Y年%m月%d日") for moment in day],
        "last_contact_at": [moment.strftime("%Y/%m/%d %H:%M") for moment in day],
        "next_contact_at": [moment.strftime("%y.%m.%d") for moment in day],
        "do_not_contact": texts(lambda one: "是" if one % 9 == 0 else "否"),
        "notes": texts(lambda one: f" 客户说价格{one % 97}\r\n再联系"),
        "owner": texts(lambda one: f"销售{one % 20}"),
        "stage": texts(lambda one: ("报价", "意向", "初步接触")[one % 3]),
        "loss_reason": texts(lambda one: ("价格", "-", "竞品")[one % 3]),
    }
    source = {"src_sheet": ["客户"] * rows, "src_row": number + 2}
    frame = pd.DataFrame({key: pd.Series(cells, dtype=object) for key, cells in {**source, **columns}.items()})
    return frame.astype({"src_row": "int64"})


def timed(function: Callable[[], object]) -> float:
    """CPU seconds of one call."""
    start = time.process_time()
    function()
    return time.process_time() - start


def line(name: str, seconds: float, bare: float) -> None:
    """One measurement."""
    print(f"{name:<28}{seconds:>8.2f}{seconds / bare:>8.2f}")


if __name__ == "__main__":
    main()
