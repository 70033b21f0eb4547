"""What stands on the screen, at 80 columns, in both languages."""

from pathlib import Path

import pytest
from inline_snapshot import snapshot
from rich.cells import cell_len

import made_up
from frames import EN, ZH
from lostdeals.analyse import counted_funnel
from lostdeals.cli import main
from lostdeals.write.funnel import funnel_screen
from lostdeals.write.screen import Column, fitted, show, wrapped
from lostdeals.write.terminal import score_screen


def shown(capsys, screen):
    show(screen)
    return capsys.readouterr().out


def score(capsys, lang, n=300):
    report = made_up.report(lang, n)
    words = ZH if lang == "zh" else EN
    return shown(capsys, score_screen(report, words, [Path("out.xlsx")], [Path("out_charts/1.png")], []))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("n", [1, 20, 300])
def test_no_line_is_wider_than_80_cells_or_ends_in_blanks(capsys, lang, n):
    lines = score(capsys, lang, n).splitlines()
    assert max(map(cell_len, lines)) <= 80
    assert [line for line in lines if line != line.rstrip()] == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_report_fits_on_a_screen(capsys, lang):
    assert len(score(capsys, lang).splitlines()) <= 40


def test_few_customers_give_no_percentage(capsys):
    reasons = score(capsys, "zh", 20).split("为什么没成交")[1].split("已写入")[0]
    assert "%" not in reasons


def test_the_order_is_finding_table_files_next_command(capsys):
    out = score(capsys, "zh")
    places = [out.index(word) for word in ("读取", "结果", "评分", "先联系谁", "为什么没成交", "已写入", "接着")]
    assert places == sorted(places)


def test_the_funnel_in_chinese(capsys):
    screen = funnel_screen("f.csv", counted_funnel("订餐", [("首页", 520), ("点餐", 150), ("支付", 10)]), ZH)
    assert shown(capsys, screen) == snapshot("""\
f.csv · 订餐 · 520 位
按给出的计数
步骤   人数   占第一步         占上一步
────────────────────────────────────────────────────────
首页    520     100.0%           100.0%   ██████████████
点餐    150      28.8%   28.8% (25–33%)   ████
支付     10       1.9%     6.7% (4–12%)
流失最多：到「点餐」之前少了 370 位
转化最低：上一步到「支付」只有 6.7%（10 位）
""")


def test_the_funnel_in_english(capsys):
    screen = funnel_screen("f.csv", counted_funnel("shop", [("home", 520), ("cart", 150), ("paid", 10)]), EN)
    assert shown(capsys, screen) == snapshot("""\
f.csv · shop · 520 people
from the counts given
step     n   of first      of previous
───────────────────────────────────────────────────────
home   520     100.0%           100.0%   ██████████████
cart   150      28.8%   28.8% (25–33%)   ████
paid    10       1.9%     6.7% (4–12%)
largest loss: 370 before “cart”
lowest rate: 6.7% from the step before to “paid” (10)
""")


def test_a_wide_cell_is_cut_and_not_wrapped(capsys):
    table = fitted([Column("a", 5), Column("b")], [["一二三四", "x" * 200]])
    lines = shown(capsys, table).splitlines()
    assert (len(lines), max(map(cell_len, lines))) == (3, 80)


def test_a_phrase_that_does_not_fit_is_left_out_whole(capsys):
    steps = ["说明价值与性价比，给限时优惠", "申请专项政策", "从头到尾没有停顿的一句话，和另一句"]
    table = fitted([Column("n", 3), Column("下一步", phrases=True)], [["1" * 3, step] for step in steps], indent=57)
    lines = [line.split("111")[-1].strip() for line in shown(capsys, table).splitlines()[2:]]
    assert lines == ["说明价值与性价比", "申请专项政策", steps[2]]


def test_reasons_stand_for_an_outcome_that_no_column_has(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    rows = [f"客户{number},{'价格太贵' if number % 2 else ''}" for number in range(20)]
    (tmp_path / "客户.csv").write_text("\n".join(["姓名,未成交原因", *rows]), encoding="utf-8")
    assert main(["score", "客户.csv", "--no-charts", "--no-remember"]) == 0
    assert "没有结果列，有未成交原因的算未成交：未成交 10 · 跟进中 10" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("价格太高。", 8, ["价格太", "高。"]),
        ("the price is high", 9, ["the price", "is high"]),
        ("成交 214 · 未成交", 10, ["成交 214 ·", "未成交"]),
        ("", 10, [""]),
        ("Open 8 (⏳)", 10, ["Open 8", "(⏳)"]),
        ("Donaudampfschiff", 5, ["Donaudampfschiff"]),
    ],
)
def test_lines_break_where_a_reader_would_break_them(text, width, lines):
    assert wrapped(text, width).split("\n") == lines


def test_a_sheet_without_stages_and_results_is_sent_to_its_classes_and_not_to_a_funnel_of_one_step(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    people = ["王晓明,19931423845,抖音", "李文静,19931423846,官网", "赵一鸣,19931423847,抖音"]
    (tmp_path / "学员.csv").write_text("\n".join(["姓名,手机,来源", *people]), encoding="utf-8")
    assert main(["score", "学员.csv", "--today", "2026-11-20", "--no-charts", "--no-remember"]) == 0
    out = capsys.readouterr().out
    assert "lostdeals classify 学员.csv" in out
    assert "lostdeals funnel" not in out
    assert "统一了 0 个" not in out
