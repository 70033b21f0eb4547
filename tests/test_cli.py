"""The command line as people and programs meet it."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from lostdeals.cli import main
from lostdeals.cli.memory import keep_freed_memory

ROWS = [
    "客户姓名,手机号,客户来源,意向等级,跟进阶段,是否成交,未成交原因,报价金额,最近跟进时间,跟进次数,跟进记录",
    "王小明,13800000001,转介绍,高,最终决策,是,,12000,2026-11-01,6,已签合同",
    "李小红,13800000002,展会,中,深入沟通,否,价格过高,1.2万,2026-10-20,3,觉得太贵了",
    "赵一,13800000003,抖音广告,低,初步接触,否,,8000,2026-09-01,1,客户说已经买了别家的",
    "钱二,13800000004,转介绍,高,已报价,,,3万,2026-11-18,4,还在走流程",
    "孙三,13800000002,展会,中,有意向,,,5000,2026-11-10,2,约下周演示",
    "=cmd|' /C calc'!A0,13800000006,公众号,低,初次沟通,,,面议,2026-11-02,1,随便问问",
]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "客户.csv").write_text("\n".join(ROWS), encoding="utf-8")
    return tmp_path


def run(capsys, *argv):
    code = main([str(word) for word in argv])
    out, err = capsys.readouterr()
    return code, out, err


def test_score_writes_a_workbook_charts_and_a_report(folder, capsys):
    before = (folder / "客户.csv").read_bytes()
    code, out, err = run(capsys, "score", "客户.csv", "--today", "2026-11-20")
    assert (code, err) == (0, "")
    assert (folder / "客户.scored.xlsx").is_file()
    assert sorted(path.suffix for path in (folder / "客户_charts").iterdir())[:1] == [".png"]
    assert "先联系谁" in out
    assert "lostdeals funnel --by 客户来源" in out
    assert (folder / "客户.csv").read_bytes() == before


def test_the_screen_masks_people_and_is_at_most_80_columns_wide(folder, capsys):
    from rich.cells import cell_len

    _, out, _ = run(capsys, "score", "客户.csv", "--today", "2026-11-20", "--no-charts")
    assert "钱二" not in out
    assert "13800000004" not in out
    assert max(cell_len(line) for line in out.splitlines()) <= 80


def test_json_is_one_object_with_the_contracts_names(folder, capsys):
    code, out, err = run(capsys, "score", "客户.csv", "--json", "--no-charts", "--today", "2026-11-20")
    found = json.loads(out)
    assert (code, err) == (0, "")
    assert found["rows"] == 6
    assert {key: found["outcome"][key] for key in ("column", "won", "lost", "open", "invalid")} == {
        "column": "是否成交",
        "won": 1,
        "lost": 2,
        "open": 3,
        "invalid": 0,
    }
    assert found["duplicates"] == {"groups": 1, "rows": 1}
    assert found["scoring"]["method"] == "scorecard"
    assert (found["reasons"]["price"], found["reasons"]["competitor"]) == (1, 1)
    assert set(found["seconds"]) == {"read", "total"}
    assert sum(found["tiers"].values()) == 6


def test_a_card_can_be_asked_for_on_every_output(folder, capsys):
    argv = ["score", "客户.csv", "--card", "default", "--no-charts", "--today", "2026-11-20"]
    assert "用评分卡「默认」打分" in run(capsys, *argv)[1]
    found = json.loads(run(capsys, *argv, "--json")[1])
    assert (found["scoring"]["method"], found["scoring"]["card"]) == ("scorecard", "默认")


def test_a_csv_keeps_its_own_columns_and_cannot_run_a_formula(folder, capsys):
    code, _, _ = run(capsys, "score", "客户.csv", "-o", "out.csv", "--no-charts", "--today", "2026-11-20")
    raw = (folder / "out.csv").read_bytes()
    rows = list(csv.reader(raw.decode("utf-8-sig").splitlines()))
    assert (code, raw[:3]) == (0, b"\xef\xbb\xbf")
    own = len(ROWS[0].split(","))
    assert rows[0][:own] == ROWS[0].split(",")
    assert rows[0][own : own + 4] == ["评分", "成交概率", "等级", "客户分层"]
    assert [row[:own] for row in rows[1:6]] == [line.split(",") for line in ROWS[1:6]]
    assert rows[6][0] == "'=cmd|' /C calc'!A0"


def test_the_language_can_be_chosen(folder, capsys):
    _, out, _ = run(capsys, "score", "客户.csv", "--lang", "en", "--no-charts", "--today", "2026-11-20")
    assert "Call first" in out


def test_columns_and_outcomes_can_be_said(folder, capsys):
    argv = ["score", "客户.csv", "--json", "--no-charts", "--today", "2026-11-20"]
    _, out, _ = run(capsys, *argv, "--outcome", "意向等级", "--won", "高", "--lost", "低", "--open", "中")
    assert [json.loads(out)["outcome"][key] for key in ("won", "lost", "open")] == [2, 2, 2]
    _, out, _ = run(capsys, *argv, "--map", "客户来源=campaign")
    assert json.loads(out)["rows"] == 6


def test_funnel_takes_the_sheet_last_scored_here(folder, capsys):
    assert run(capsys, "funnel")[0] == 2
    run(capsys, "score", "客户.csv", "--no-charts", "--quiet", "--no-remember")
    assert run(capsys, "funnel")[0] == 2
    run(capsys, "score", "客户.csv", "--no-charts", "--quiet")
    code, out, _ = run(capsys, "funnel", "--by", "来源", "--json", "--today", "2026-11-20")
    assert code == 0
    assert {segment["value"] for segment in json.loads(out)["segments"]} == {"转介绍", "展会", "抖音广告", "公众号"}


def test_the_environment_and_the_config_name_the_sheet_too(folder, capsys, monkeypatch):
    (folder / "lostdeals.toml").write_text('[input]\npath = "客户.csv"\n', encoding="utf-8")
    assert run(capsys, "funnel", "--json")[0] == 0
    monkeypatch.setenv("LOSTDEALS_SHEET", str(folder / "missing.csv"))
    code, _, err = run(capsys, "funnel", "--json")
    assert (code, err.splitlines()[0]) == (1, "error: no-such-file")


def test_a_table_of_counts_is_a_funnel(folder, capsys):
    (folder / "counts.csv").write_text("步骤,人数\n首页,520\n点餐,230\n支付,10\n", encoding="utf-8")
    code, out, _ = run(capsys, "funnel", "counts.csv", "--json")
    found = json.loads(out)
    assert (code, found["semantics"]) == (0, "counts")
    assert [round(100 * step["from_first"], 1) for step in found["total"]["steps"]] == [100.0, 44.2, 1.9]
    assert found["bottlenecks"]["largest_loss"] == {"step": "点餐", "lost": 290}


@pytest.mark.parametrize("command", ["score", "inspect", "funnel"])
def test_a_missing_file_is_said_in_the_users_language(folder, capsys, command):
    code, out, err = run(capsys, command, "没有.xlsx")
    assert (code, out) == (1, "")
    assert err.startswith("错误: no-such-file")
    assert "办法" in err


@pytest.mark.parametrize(
    ("argv", "code", "told"),
    [
        (["score", "客户.csv", "--sheet", "客户2"], 2, "unknown-sheet"),
        (["score", "客户.csv", "--map", "姓名"], 2, "bad-option"),
        (["score", "客户.csv", "--map", "客户姓名=nmae"], 2, "unknown-role"),
        (["score", "客户.csv", "--map", "没有=name"], 2, "unknown-column"),
        (["score", "客户.csv", "--outcome", "没有"], 2, "unknown-column"),
        (["score", "客户.csv", "--card", "没有"], 2, "unknown-card"),
        (["score", "客户.csv", "--today", "昨天"], 2, "bad-option"),
        (["score", "客户.csv", "--lang", "fr"], 2, "bad-option"),
        (["score", "客户.csv", "--tz", "Mars/Base"], 2, "bad-option"),
        (["score", "客户.csv", "-o", "客户.csv"], 2, "would-overwrite"),
        (["score", "客户.csv", "-o", "gone/../客户.csv"], 2, "would-overwrite"),
        (["score", "客户.csv", "--join", "other.csv", "-o", "other.csv"], 2, "would-overwrite"),
        (["score", "客户.csv", "-o", "很" * 90 + ".xlsx"], 1, "cannot-write"),
        (["score", "客户.csv", "-o", "out.pdf"], 2, "unknown-output"),
        (["score", "客户.csv", "-o", "no/such/folder/out.xlsx"], 1, "cannot-write"),
        (["score", "客户.csv", "--vocab", "none.toml"], 1, "vocab-unreadable"),
        (["funnel", "客户.csv", "--by", "星座"], 2, "unknown-dimension"),
        (["run"], 1, "no-jobs"),
    ],
)
def test_every_stop_has_a_code_and_what_to_do(folder, capsys, argv, code, told):
    found, _, err = run(capsys, *argv)
    assert (found, err.splitlines()[0].split(": ")[1]) == (code, told)
    assert "Traceback" not in err


@pytest.mark.parametrize("argv", [["scroe"], ["score", "--nonsense"], ["score", "a", "b"]])
def test_wrong_usage_is_exit_2(folder, capsys, argv):
    assert run(capsys, *argv)[0] == 2


def test_a_header_without_rows_is_said_but_can_be_inspected(folder, capsys):
    (folder / "empty.csv").write_text(ROWS[0] + "\n", encoding="utf-8")
    code, _, err = run(capsys, "score", "empty.csv")
    assert (code, err.splitlines()[0]) == (1, "error: no-rows")
    assert run(capsys, "inspect", "empty.csv")[0] == 0


def test_inspect_shows_headers_roles_and_masked_samples(folder, capsys):
    code, out, _ = run(capsys, "inspect", "客户.csv")
    assert code == 0
    for word in ("客户姓名", "电话", "未成交原因", "表头在第 1 行"):
        assert word in out
    assert "13800000001" not in out


def test_inspect_json_has_the_contracts_names(folder, capsys):
    _, out, _ = run(capsys, "inspect", "客户.csv", "--json")
    sheet = json.loads(out)["sheets"][0]
    assert (sheet["header_rows"], sheet["rows"], sheet["language"], sheet["encoding"]) == ([1], 6, "zh", "utf-8")
    assert sheet["columns"][1] == {
        "letter": "B",
        "header": "手机号",
        "role": "phone",
        "confidence": sheet["columns"][1]["confidence"],
        "how": "alias",
        "stage": None,
        "filled": 1.0,
        "placeholders": 0,
        "why": None,
    }


def test_a_cells_markup_is_shown_as_text(folder, capsys):
    (folder / "m.csv").write_text("姓名,公司,意向\n[red]某[/red]人,[bold]公司,高\n", encoding="utf-8")
    code, out, _ = run(capsys, "inspect", "m.csv")
    assert code == 0
    assert "[bold]公司" in out


def test_nothing_heavy_is_imported_on_the_way_to_help():
    heavy = ("pandas", "numpy", "openpyxl", "matplotlib", "sklearn", "scipy", "python_calamine", "rich")
    script = (
        "import sys; from lostdeals.cli import main; code = main(['--help']);"
        f"print([m for m in {heavy!r} if m in sys.modules], code, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[] 0"
    assert "score" in done.stdout


def test_the_version_is_printed_without_loading_the_commands():
    script = "import sys; from lostdeals.cli import main; main(['--version']); print('typer' in sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert (done.stdout.startswith("lostdeals "), done.stderr.strip()) == (True, "False")


def test_help_is_in_the_language_of_the_environment():
    script = "from lostdeals.cli import main; main(['--help'])"
    env = {"LANG": "zh_CN.UTF-8", "PATH": "", "PYTHONPATH": str(Path(__file__).parents[1] / "src")}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, env=env)
    assert "给每位客户归类、评分" in done.stdout


def test_an_interrupt_is_130(folder, capsys, monkeypatch):
    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("lostdeals.pipeline.score.run", stop)
    assert run(capsys, "score", "客户.csv")[0] == 130


def test_what_somebody_wrote_into_the_last_result_is_carried_over_and_that_result_is_kept(folder, capsys):
    from openpyxl import load_workbook

    argv = ["score", "客户.csv", "--no-charts", "--today", "2026-11-20"]
    assert "保留为" not in run(capsys, *argv)[1]
    book = load_workbook(folder / "客户.scored.xlsx")
    sheet, plan = book.worksheets[0], book["跟进计划"]
    name, override = sheet.cell(3, 1).value, sheet.max_column
    sheet.cell(3, override).value = "高价值客户"
    headers = [cell.value for cell in plan[2]]
    who = plan.cell(3, headers.index("客户") + 1).value
    plan.cell(3, headers.index("结果") + 1).value = "考虑中"
    plan.cell(3, headers.index("备注") + 1).value = "=下周再打"
    plan.cell(3, headers.index("备注") + 1).data_type = "s"
    book.save(folder / "客户.scored.xlsx")
    said = run(capsys, *argv, "--verbose")[1]
    assert "客户.scored.prev.xlsx" in said
    assert "1 位客户的手工等级、1 条跟进记录" in said
    kept = load_workbook(folder / "客户.scored.prev.xlsx").worksheets[0]
    assert kept.cell(3, override).value == "高价值客户"
    book = load_workbook(folder / "客户.scored.xlsx")
    sheet, plan = book.worksheets[0], book["跟进计划"]
    assert [row[0].value for row in sheet.iter_rows(min_row=2) if row[override - 1].value] == [name]
    noted = [[row[headers.index(key)].value for key in ("客户", "结果", "备注")] for row in plan.iter_rows(min_row=3)]
    assert [row for row in noted if row[1]] == [[who, "考虑中", "=下周再打"]]
    run(capsys, *argv)
    plan = load_workbook(folder / "客户.scored.xlsx")["跟进计划"]
    assert [row[headers.index("结果")].value for row in plan.iter_rows(min_row=3)].count("考虑中") == 1


def test_a_scored_sheet_is_scored_again_as_if_it_were_the_first_time_but_for_the_users_own_tier(folder, capsys):
    from openpyxl import load_workbook

    argv = ["--json", "--no-charts", "--today", "2026-11-20"]
    first = json.loads(run(capsys, "score", "客户.csv", *argv)[1])
    book = load_workbook(folder / "客户.scored.xlsx")
    sheet = book.worksheets[0]
    header = [cell.value for cell in sheet[1]]
    sheet.cell(7, len(header)).value = "高价值客户"
    book.save(folder / "again.xlsx")
    again = json.loads(run(capsys, "score", "again.xlsx", *argv)[1])
    assert (again["rows"], again["outcome"], again["reasons"]) == (first["rows"], first["outcome"], first["reasons"])
    scored = load_workbook(folder / "again.scored.xlsx")
    found = [cell.value for cell in scored.worksheets[0][1]]
    assert found == header
    row = dict(zip(found, [cell.value for cell in scored.worksheets[0][7]], strict=True))
    assert (row["客户分层"], row["手工等级"]) == ("高价值客户", "高价值客户")
    assert set(scored.sheetnames) - {"数据问题"} == set(book.sheetnames)


CARD = 'label = "x"\n[[cutoffs]]\ngrade = "A"\nat = 1\n[[items]]\n'


@pytest.mark.parametrize(
    ("card", "code", "said"),
    [
        ('label = "x"\ncutoffs = []\n', "card-lacks", "card.toml"),
        ('label = "x"\n[[cutoffs]]\ngrade = "A"\n', "card-lacks", "card.toml › [[cutoffs]] 1"),
        (CARD + 'key = "a"\nlabel = "a"\n', "card-lacks", "card.toml › [[items]] a"),
        (CARD + 'label = "a"\nrules = [{ points = "3", when = {}, say = "s" }]\n', "card-wrong", "[[items]] 1 rules 1"),
        (CARD + 'label = "a"\nrules = [{ points = 3, when = {} }]\n', "card-lacks", "[[items]] 1 rules 1"),
        (
            CARD + 'label = "a"\nrules = [{ points = 3, when = { field = "年龄", at_least = "viel" }, say = "s" }]\n',
            "bad-condition",
            "[[items]] 1 rules 1",
        ),
        ('[fields.a]\nkind = "colour"\n' + CARD.replace('label = "x"', ""), "card-choice", "[fields.a]"),
        ('label = "x"\n[fields.a]\nkind = "words"\nheaders = "甲"\n', "card-wrong", "[fields.a]"),
        ('unit = "percents"\nlabel = "x"\n[[cutoffs]]\ngrade = "A"\nat = 0\n', "card-choice", "card.toml"),
        ("label = ", "card-unreadable", "card.toml"),
    ],
)
def test_a_broken_card_is_said_with_its_place(folder, capsys, card, code, said):
    (folder / "card.toml").write_text(card, encoding="utf-8")
    status, _, err = run(capsys, "score", "客户.csv", "--card", "card.toml", "--no-charts")
    assert (status, err.splitlines()[0].split(": ")[1]) == (1, code)
    assert said in err


def test_listed_values_find_their_column_or_are_refused(folder, capsys):
    rows = ["姓名,进度,来源"] + [f"客户{n},{'装好了' if n % 2 else '不要了'},展会" for n in range(8)]
    (folder / "own.csv").write_text("\n".join(rows), encoding="utf-8")
    argv = ["score", "own.csv", "--json", "--no-charts", "--no-remember"]
    found = json.loads(run(capsys, *argv, "--won", "装好了", "--lost", "不要了")[1])["outcome"]
    assert (found["column"], found["won"], found["lost"]) == ("进度", 4, 4)
    code, _, err = run(capsys, *argv, "--won", "没有的值")
    assert (code, "no-such-values" in err) == (2, True)


@pytest.mark.parametrize("command", ["inspect", "score", "classify", "funnel"])
def test_a_value_named_for_a_column_that_lacks_it_is_said_by_every_command(folder, capsys, command):
    argv = [command, "客户.csv", "--lang", "en", "--outcome", "是否成交", "--won"]
    code, out, _ = run(capsys, *argv, "Sold")
    assert (code, "named as won (Sold) is not in" in " ".join(out.split())) == (0, True)
    assert "named as won" not in run(capsys, *argv, "是")[1]


@pytest.mark.parametrize("command", ["inspect", "funnel"])
def test_every_sheet_command_takes_the_shared_options(folder, capsys, command):
    shared = ["--lang", "zh", "--today", "2026-11-20", "--tz", "Asia/Shanghai", "--no-charts", "--outcome", "是否成交"]
    code, out, err = run(capsys, command, "客户.csv", *shared, "--quiet", "-o", "found.json")
    assert (code, out, err) == (0, "", "")
    assert json.loads((folder / "found.json").read_text(encoding="utf-8"))
    assert run(capsys, command, "客户.csv", "-o", "found.txt")[0] == 2


def test_a_folder_is_no_sheet(folder, capsys):
    code, _, err = run(capsys, "score", ".")
    assert (code, err.splitlines()[0]) == (1, "error: is-a-folder")


DATES = "Name,Phone,Status,Last contact\nAnn,660-555-0121,lost,03/04/2026\nBob,660-555-0122,won,05/06/2026\n"


def test_the_day_may_be_said_to_come_first(folder, capsys):
    (folder / "deals.csv").write_text(DATES, encoding="utf-8")
    options = ("score", "deals.csv", "--no-charts", "--json", "--today", "2026-11-20", "-o", "out.csv")
    _, out, _ = run(capsys, *options)
    (finding,) = [finding for finding in json.loads(out)["findings"] if finding["code"] == "ambiguous-dates"]
    assert "--dayfirst" in finding["text"]
    assert "2026-04-03" in finding["text"]
    _, out, _ = run(capsys, *options, "--dayfirst")
    assert [finding for finding in json.loads(out)["findings"] if finding["code"] == "ambiguous-dates"] == []


def test_two_orders_of_dates_are_a_wrong_usage(folder, capsys):
    code, _, err = run(capsys, "score", "--dayfirst", "--monthfirst", "--lang", "en")
    assert (code, err.splitlines()[0]) == (2, "error: bad-option")


def test_the_day_above_the_header_gives_words_for_days_their_day(folder, capsys):
    rows = [
        "客户跟进表,,",
        "导出日期：2026-11-18,,",
        "客户姓名,手机号,最近跟进时间",
        "王小明,19900000021,昨天",
        "李小红,19900000022,2026-11-01",
    ]
    (folder / "表.csv").write_text("\n".join(rows), encoding="utf-8")
    _, out, _ = run(capsys, "score", "表.csv", "--no-charts", "--json", "--today", "2026-11-20", "-o", "out.csv")
    assert [finding["code"] for finding in json.loads(out)["findings"] if "dates" in finding["code"]] == []


@pytest.mark.parametrize("error", [OSError, TypeError])
def test_an_allocator_that_cannot_be_asked_is_left_alone(monkeypatch, error):
    asked = []

    def library(name):
        asked.append(name)
        raise error(name)

    monkeypatch.setattr("ctypes.CDLL", library)
    keep_freed_memory()
    assert asked == [None]


def test_an_allocator_is_asked_to_keep_what_is_freed(monkeypatch):
    asked = {}

    class Library:
        mallopt = staticmethod(lambda name, size: asked.setdefault(name, size))

    monkeypatch.setattr("ctypes.CDLL", lambda name: Library())
    keep_freed_memory()
    assert asked == {-3: 32 * 2**20, -1: 512 * 2**20, -2: 16 * 2**20}
    monkeypatch.setattr("ctypes.CDLL", lambda name: object())
    keep_freed_memory()


def test_a_few_outcomes_without_a_pattern_are_said_to_be_too_few_and_no_figure_is_shown(folder, capsys):
    rows = ["客户姓名,手机号,客户来源,是否成交,跟进次数"]
    rows += [
        f"王{n:02d},138000007{n:02d},{['展会', '抖音', '官网'][n % 3]},{['成交', '输单'][n // 3 % 2]},{1 + n % 5}"
        for n in range(16)
    ]
    (folder / "少.csv").write_text("\n".join(rows), encoding="utf-8")
    code, out, _ = run(capsys, "score", "少.csv", "--no-charts", "--today", "2026-11-20")
    assert code == 0
    assert "太少，看不出谁更可能成交" in out
    assert "AUC" not in out
