"""CPU seconds of whole commands on a made-up sheet, and their ratio to only reading it.

    python benchmarks/whole_run.py [ROWS ...]        default: 10000

Everything is measured in one run on one machine, as user + system time of finished processes; quote the ratios.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from openpyxl import Workbook

READ = (
    "import sys; from python_calamine import CalamineWorkbook\n"
    "for row in CalamineWorkbook.from_path(sys.argv[1]).get_sheet_by_index(0).iter_rows(): pass"
)
HEADERS = [
    "客户编号",
    "客户姓名",
    "手机号",
    "公司名称",
    "城市",
    "来源渠道",
    "意向产品",
    "首次接触日期",
    "最近跟进时间",
    "跟进次数",
    "报价金额",
    "客户预算",
    "意向等级",
    "跟进阶段",
    "是否成交",
    "未成交原因",
    "竞品",
    "跟进记录",
    "销售顾问",
    "公司规模",
]
NOTES = [
    "价格太贵了，再考虑",
    "预算没批下来",
    "已经选了别家",
    "电话没人接",
    "老板说明年再说",
    "功能不满足",
    "约下周演示",
]


def main() -> None:
    """Print a line per command and size."""
    sizes = [int(word) for word in sys.argv[1:]] or [10_000]
    program = [sys.executable, "-m", "lostdeals"]
    print(f"{'command':<34}{'CPU s':>8}{'x read':>8}{'MiB':>7}")
    for words in (["--version"], ["--help"]):
        line(" ".join(words), cpu([*program, *words]), None)
    with tempfile.TemporaryDirectory() as folder:
        wide = Path(folder) / "wide.csv"
        wide.write_text(wide_sheet(200, 1_000), encoding="utf-8")
        line("inspect 200 rows × 1,000 columns", cpu([*program, "inspect", str(wide)]), None)
        for rows in sizes:
            path = Path(folder) / f"{rows}.xlsx"
            make(path, rows)
            bare = cpu([sys.executable, "-c", READ, str(path)])
            line(f"read {rows:,} rows × {len(HEADERS)}", bare, bare)
            for words in (
                ["inspect", path],
                ["score", path, "--no-charts", "--no-remember"],
                ["score", path, "--no-remember"],
            ):
                name = " ".join(str(word) for word in words if word != path).replace(" --no-remember", "")
                line(
                    f"{name} {rows:,}",
                    cpu([*program, *map(str, words), *(["--quiet"] if words[0] == "score" else [])]),
                    bare,
                )


def cpu(command: list[str]) -> tuple[float, float]:
    """User + system seconds of a finished command, the less of two runs; and the largest process so far in MiB."""
    best = float("inf")
    for _ in range(2):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        best = min(best, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return best, after.ru_maxrss / 1024


def line(name: str, figures: tuple[float, float], bare: tuple[float, float] | None) -> None:
    """One row of the table."""
    ratio = f"{figures[0] / bare[0]:.1f}" if bare else ""
    print(f"{name:<34}{figures[0]:>8.2f}{ratio:>8}{figures[1]:>7.0f}")


def make(path: Path, rows: int) -> None:
    """A sheet with a moderate signal, made-up people, the same at every run."""
    rng = np.random.default_rng(7)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("客户")
    sheet.append(HEADERS)
    pick = {name: rng.choice(values, rows).tolist() for name, values in CHOICES.items()}
    warm = np.array([value in ("转介绍", "老客户") for value in pick["source"]]) + (np.array(pick["intent"]) == "高")
    won = rng.random(rows) < 0.12 + 0.2 * warm
    open_ = rng.random(rows) < 0.3
    days = rng.integers(0, 700, rows).tolist()
    money = rng.lognormal(10, 1, rows).round(-2).tolist()
    contacts = rng.integers(0, 12, rows).tolist()
    start = np.datetime64("2025-01-01")
    for n in range(rows):
        first = (start + np.timedelta64(days[n], "D")).astype(object)
        last = (start + np.timedelta64(days[n] + contacts[n] * 5, "D")).astype(object)
        result = "" if open_[n] else "是" if won[n] else "否"
        reason = pick["reason"][n] if result == "否" else ""
        note = f"{pick['note'][n]}（第{contacts[n]}次，{n}）"
        sheet.append(
            [f"KH{n:08d}", f"客户{n}", f"1380000{n % 10000:04d}", f"样例{n}公司", pick["city"][n], pick["source"][n],
             pick["product"][n], first, last, contacts[n], money[n], f"{money[n] / 10000:.1f}万", pick["intent"][n],
             pick["stage"][n], result, reason, pick["rival"][n], note, pick["owner"][n], pick["size"][n]]
        )  # fmt: skip
    book.save(path)


def wide_sheet(rows: int, columns: int) -> str:
    """A CSV of many columns, every tenth header alike but for its number."""
    heads = ["姓名", "手机", "来源", "跟进状态", "金额", "备注", "Lead Source", "custom field", "产品线", "预计"]
    values = ["王{n}", "1990000{n:04d}", "抖音", "已报价", "{n}.5", "再等等看 {n}", "web", "0.{n}", "A线", "2026-05-01"]
    lines = [",".join(f"{heads[place % 10]}{place}" for place in range(columns))]
    lines += [",".join(values[place % 10].format(n=n) for place in range(columns)) for n in range(rows)]
    return "\n".join(lines) + "\n"


CHOICES = {
    "city": ["上海", "北京", "广州", "深圳", "杭州", "成都"],
    "source": ["官网表单", "抖音广告", "转介绍", "展会", "电话陌拜", "老客户"],
    "product": ["标准版", "专业版", "企业版"],
    "intent": ["高", "中", "低", ""],
    "stage": ["初步接触", "需求确认", "方案报价", "商务谈判"],
    "reason": ["价格过高", "预算不足", "选择竞品", "", "其他"],
    "rival": ["", "", "竞品甲", "竞品乙"],
    "note": NOTES,
    "owner": ["销售一", "销售二", "销售三"],
    "size": ["1-20人", "20-99人", "100人以上"],
}

if __name__ == "__main__":
    main()
