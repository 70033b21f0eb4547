"""CPU seconds of ``lostdeals clean`` on a made-up sheet in which most cells need a change, and their ratio to only reading it.

    python benchmarks/clean_run.py [ROWS ...]        default: 10000

Everything is measured in one run on one machine, as user + system time of finished processes; quote the ratios.
"""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from openpyxl import Workbook
from whole_run import READ, cpu

HEADERS = [
    "客户编号",
    "客户姓名",
    "手机号",
    "备用电话",
    "邮箱",
    "公司名称",
    "城市",
    "来源渠道",
    "意向产品",
    "首次接触日期",
    "最近跟进时间",
    "创建日期",
    "跟进次数",
    "报价金额",
    "客户预算",
    "意向等级",
    "跟进阶段",
    "竞品",
    "跟进记录",
    "销售顾问",
]


def main() -> None:
    """Print a line per step and size."""
    sizes = [int(word) for word in sys.argv[1:]] or [10_000]
    program = [sys.executable, "-m", "lostdeals", "clean"]
    print(f"{'command':<44}{'CPU s':>8}{'x read':>8}{'MiB':>7}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for rows in sizes:
            sheet = folder / f"{rows}.xlsx"
            make(sheet, rows)
            log, cleaned = str(folder / "changes.csv"), str(folder / "cleaned.xlsx")
            bare = cpu([sys.executable, "-c", READ, str(sheet)])
            line_of(f"read {rows:,} rows × {len(HEADERS)}", bare, bare)
            steps = {
                "clean -o .csv": [str(sheet), "-o", str(folder / "cleaned.csv"), "--quiet"],
                "clean -o .csv --changes": [str(sheet), "-o", str(folder / "cleaned.csv"), "--changes", log, "--quiet"],
                "clean -o .xlsx --changes": [str(sheet), "-o", cleaned, "--changes", log, "--quiet"],
                "clean --undo": [cleaned, "--undo", log, "-o", str(folder / "back.xlsx"), "--quiet"],
            }
            for step, words in steps.items():
                line_of(f"{step} {rows:,}", cpu([*program, *words]), bare)
            done = subprocess.run([*program, cleaned, "--undo", log, "--json"], capture_output=True, check=True)
            with Path(log).open(encoding="utf-8-sig", newline="") as file:
                lines = sum(1 for _ in csv.reader(file)) - 1
            print(f"changes in the log: {lines:,}; cells restored: {json.loads(done.stdout)['restored']:,}")


def line_of(name: str, figures: tuple[float, float], bare: tuple[float, float]) -> None:
    """One row of the table, wider than those of ``whole_run``."""
    print(f"{name:<44}{figures[0]:>8.2f}{figures[0] / bare[0]:>8.1f}{figures[1]:>7.0f}")


def make(path: Path, rows: int) -> None:
    """A sheet with 16 of 20 cells a row to be changed, made-up people, the same at every run."""
    rng = np.random.default_rng(7)
    pick = {name: rng.choice(values, rows).tolist() for name, values in CHOICES.items()}
    days = (np.datetime64("2024-01-01") + rng.integers(0, 900, rows)).astype(object).tolist()
    money, contacts = rng.integers(10, 900, rows).tolist(), rng.integers(1, 12, rows).tolist()
    book = Workbook(write_only=True)
    sheet = book.create_sheet("客户")
    sheet.append(HEADERS)
    for n, day in enumerate(days):
        sheet.append(
            [f"KH{n:08d}", f" 客户{n} ", f"+86 199-{n // 10000:04d}-{n % 10000:04d}", f"１９９{90_000_000 - n:08d}",
             f"USER{n}@EXAMPLE.COM ", f"样例{n}公司\u3000", f"{pick['city'][n]} ", pick["source"][n], "　标准版",
             f"{day.year}年{day.month}月{day.day}日", f"{day.year}.{day.month}.{day.day}", f"{day:%Y/%m/%d}",
             f"{contacts[n]}次", f"¥{money[n]},000", f"{money[n] / 10}万", pick["intent"][n], f"{pick['stage'][n]} ",
             "无", f"第{n}次 跟进\u200b", f"{pick['owner'][n]}\u00a0"]
        )  # fmt: skip
    book.save(path)


CHOICES = {
    "city": ["上海", "北京", "广州", "深圳"],
    "source": ["官网表单", "抖音广告", "转介绍", "展会"],
    "intent": ["高", "中", "低"],
    "stage": ["初步接触", "需求确认", "方案报价"],
    "owner": ["销售一", "销售二", "销售三"],
}

if __name__ == "__main__":
    main()
