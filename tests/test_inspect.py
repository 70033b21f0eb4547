"""What ``inspect`` shows, at 80 columns, in both languages."""

import json

import pytest
from inline_snapshot import snapshot
from rich.cells import cell_len

from lostdeals.cli import main

CHINESE = """\
9月客户表,,,,,,
,,,,,,
客户名称,手机号,来源渠道,跟进情况,成交否,报价（万元）,说了啥
王晓明,19900000001,抖音,已报价,是,1.2,价格再商量一下，月底前给答复
李文静,138****0002,官网,初步沟通,否,面议,电话没人接，改天再打一次看看
赵一鸣,19900000003,抖音,已报价,否,3,
钱多多,-,转介绍,洽谈中,,2.5,选了别家，说对方便宜三成左右
合计,,,,,6.7,
"""
ENGLISH = """\
Deal Name;Contact;Phone;Stage;Amount (USD);Close Date;Lost because
Roof repair;Ann Marsh;555-0101;Won;1200;2026-03-05;
New gutters;Bob Stone;555-0102;Lost;800;2026-03-09;too expensive
Attic fan;Cleo Vale;n/a;Parked with Jo;950;;
Skylight;Dan Frost;555-0104;Parked with Jo;2100;;
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "客户.csv").write_text(CHINESE, encoding="utf-8")
    (tmp_path / "deals.csv").write_text(ENGLISH, encoding="utf-8")
    return tmp_path


def screen(capsys, *argv):
    assert main(["inspect", *argv]) == 0
    return capsys.readouterr().out


def test_a_named_value_that_is_not_there_is_said_and_still_remembered(folder, capsys):
    shown = screen(capsys, "客户.csv", "--outcome", "成交否", "--won", "是,已付定金", "--save")
    assert "没有指定的 1 个值：已付定金" in shown
    assert "已付定金" in (folder / "客户.roles.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("lines", "zh", "en"),
    [
        ("客户表,,,\n客户信息,,跟进,\n姓名,电话,阶段,备注\n", "表头在第 2、3 行", "header in rows 2, 3"),
        ("客户表,,\n姓名,电话,阶段\n", "表头在第 2 行", "header in row 2"),
    ],
)
def test_every_command_says_the_header_in_the_same_words(folder, capsys, lines, zh, en):
    people = "王晓明,19900000001,跟进中\n李文静,19900000002,输单\n赵一鸣,19900000003,已签约\n"
    (folder / "两行.csv").write_text(lines + people, encoding="utf-8")
    for lang, said in (("zh", zh), ("en", en)):
        for command in ("inspect", "score", "clean"):
            assert main([command, "两行.csv", "--lang", lang, "--no-charts"]) == 0
            assert said in capsys.readouterr().out


def test_the_screen_in_chinese(folder, capsys):
    assert screen(capsys, "客户.csv") == snapshot("""\
客户.csv · UTF-8 · 4 行 · 表头在第 3 行
列  表头          理解为      把握  依据  填写  例子
────────────────────────────────────────────────────────────────────────────────
A   客户名称      姓名        0.95  表头  100%  王** · 李** · 赵**
B   手机号        电话        0.99  表头   75%  199****0001 · *********02
C   来源渠道      来源        0.99  表头  100%  抖音 · 官网 · 转介绍
D   跟进情况      跟进阶段 ?  0.60  内容  100%  已报价 · 初步沟通 · 洽谈中
E   成交否        成交结果    0.90  模型   75%  是 · 否
F   报价（万元）  金额        0.97  表头  100%  1.2 · 面议 · 3
G   说了啥        备注        0.90  模型   75%  价格再商量一下，月底前给答复
注意  1 行是合计，已跳过，首个：客户!A8
结果  依据「成交否」：成交 1（是） · 未成交 2（否）
阶段  初步沟通 1（初步接触） → 已报价 2（深入沟通） → 洽谈中 1；依据四个标准阶段

不对？ lostdeals inspect 客户.csv --map '表头=角色' --save
""")


def test_the_screen_in_english(folder, capsys):
    assert screen(capsys, "deals.csv") == snapshot("""\
deals.csv · UTF-8 · 4 rows · header in row 1
col  header        read as      sure  how     filled  samples
────────────────────────────────────────────────────────────────────────────────
A    Deal Name     deal         0.99  header    100%  Roof repair · New gutters
B    Contact       name ?       0.73  header    100%  A** M** · B** S**
C    Phone         phone        0.99  header     75%  ***-**01 · ***-**02
D    Stage         stage        0.99  header    100%  Won · Lost
E    Amount (USD)  amount       0.97  header    100%  1200 · 800 · 950
F    Close Date    closed_at    0.99  header     50%  2026-03-05 · 2026-03-09
G    Lost because  loss_reason  0.90  model      25%  too expensive
outcome  by “Stage”: Won 1 (Won) · Lost 1 (Lost)
         values not known (2 rows, taken as open): Parked with Jo
         say it: lostdeals inspect deals.csv --outcome Stage --won Won \\
           --lost Lost --open '…' --invalid '…' --save

Not right?  lostdeals inspect deals.csv --map 'Header=role' --save
""")


def test_a_command_is_never_broken_within_a_word(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    stages = [f"Waiting for department number {n}" for n in range(4)]
    rows = [f"Firm {n} Ltd,{stage},1990000000{n}" for n, stage in enumerate([*stages, "Won", "Lost", "Xyzzy"])]
    (tmp_path / "deals.csv").write_text("\n".join(["Company,Stage,Phone", *rows]), encoding="utf-8")
    out = screen(capsys, "deals.csv", "--outcome", "Stage", "--open", ",".join(stages))
    assert f"--open '{','.join(stages)}'" in out


@pytest.mark.parametrize("file", ["客户.csv", "deals.csv"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_line_is_wider_than_80_cells(folder, capsys, file, lang):
    lines = screen(capsys, file, "--lang", lang).splitlines()
    assert max(map(cell_len, lines)) <= 80


def test_values_nobody_knows_come_with_the_options_that_say_them(folder, capsys):
    out = " ".join(screen(capsys, "deals.csv").replace("\\\n", "").split())
    assert "lostdeals inspect deals.csv --outcome Stage --won Won --lost Lost --open '…' --invalid '…' --save" in out
    assert (
        main(["inspect", "deals.csv", "--outcome", "Stage", "--won", "Won", "--lost", "Lost,Parked with Jo", "--json"])
        == 0
    )
    outcome = json.loads(capsys.readouterr().out)["sheets"][0]["outcome"]
    assert (outcome["won"], outcome["lost"], outcome["unread"]) == (1, 3, [])


def test_placeholders_are_told_apart_from_answers(folder, capsys):
    main(["inspect", "客户.csv", "--json"])
    columns = {column["header"]: column for column in json.loads(capsys.readouterr().out)["sheets"][0]["columns"]}
    assert (columns["手机号"]["filled"], columns["手机号"]["placeholders"]) == (0.75, 1)
    assert (columns["报价（万元）"]["filled"], columns["报价（万元）"]["placeholders"]) == (1.0, 0)
    assert (columns["成交否"]["filled"], columns["成交否"]["placeholders"]) == (0.75, 0)


def test_dated_stages_name_their_stage(folder, capsys):
    (folder / "a.csv").write_text(
        "姓名,手机,报价时间,签约时间\n王晓明,19900000001,2026-03-01,2026-03-09\n李文静,19900000002,2026-03-02,\n",
        encoding="utf-8",
    )
    main(["inspect", "a.csv", "--json"])
    columns = json.loads(capsys.readouterr().out)["sheets"][0]["columns"]
    assert [(column["role"], column["stage"]) for column in columns[2:]] == [
        ("stage_date", "in_depth"),
        ("stage_date", "签约"),
    ]


def test_a_sheet_that_is_no_list_of_customers_is_shown_all_the_same(folder, capsys):
    (folder / "a.csv").write_text("hour,clicks,shows\n00:00,12,40\n01:00,9,31\n", encoding="utf-8")
    assert main(["inspect", "a.csv", "--json"]) == 0
    sheet = json.loads(capsys.readouterr().out)["sheets"][0]
    assert (sheet["header_rows"], sheet["rows"], len(sheet["columns"])) == ([1], 2, 3)
    assert [finding["code"] for finding in sheet["findings"]] == ["no-known-column"]
