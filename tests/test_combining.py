"""Sheets put together: stacked by layout, joined by key; and what is remembered of their columns."""

import json
from datetime import date
from pathlib import Path

import pytest

from builders import saved
from lostdeals.cli import main
from lostdeals.errors import LostDealsError
from lostdeals.model import Options
from lostdeals.pipeline.inspect import inspect
from lostdeals.understand import understand
from lostdeals.vocab import load

VOCABULARY = load()
OPTIONS = Options(today=date(2026, 5, 1))
MONTHS = {
    "一月": [
        ["姓名", "手机", "来源", "是否成交"],
        ["王晓明", "19900000001", "抖音", "是"],
        ["李文静", "19900000002", "官网", "否"],
    ],
    "二月": [
        ["客户月报"],
        ["来源", "姓名", "手机", "是否成交", "备注"],
        ["抖音", "赵一鸣", "19900000003", "否", "再等等看"],
    ],
    "说明": [["列", "含义"], ["来源", "从哪里来"], ["手机", "客户手机"]],
}


def workbook(path: Path, sheets) -> Path:
    import openpyxl

    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        page = made.create_sheet(name)
        for row in rows:
            page.append(row)
    return saved(made, path)


def table(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def columns(found, place=0):
    return {column.header: column.role for column in found[place].layout.columns}


def cells(one):
    return one.sheet.cells.loc[list(one.layout.rows)].to_numpy().tolist()


# --- stacked -----------------------------------------------------------------------------------------------------


def test_sheets_of_one_layout_are_offered_together(tmp_path):
    found, _ = inspect(workbook(tmp_path / "a.xlsx", MONTHS), VOCABULARY, Options(today=date(2026, 5, 1)))
    picked, layout = understand([one.sheet for one in found], VOCABULARY, Options(today=date(2026, 5, 1)))
    told = {finding.code: (finding.count, finding.values) for finding in layout.findings}
    assert (picked.name, told["sheets-alike"]) == ("一月", (1, {"people": 1}))


def test_sheets_of_one_layout_are_read_together_with_their_names(tmp_path):
    path = workbook(tmp_path / "a.xlsx", MONTHS)
    found, options = inspect(path, VOCABULARY, Options(today=date(2026, 5, 1), all_sheets=True))
    assert (options.sheet, len(found)) == ("全部", 1)
    assert [column.header for column in found[0].layout.columns] == [
        "姓名",
        "手机",
        "来源",
        "是否成交",
        "备注",
        "工作表",
        "原行号",
    ]
    assert cells(found[0]) == [
        ["王晓明", "19900000001", "抖音", "是", None, "一月", 2],
        ["李文静", "19900000002", "官网", "否", None, "一月", 3],
        ["赵一鸣", "19900000003", "抖音", "否", "再等等看", "二月", 3],
    ]
    said = {finding.code: finding.values for finding in found[0].sheet.findings}
    assert said["stacked"] == {"sheets": ("一月 (2)", "二月 (1)")}
    assert said["not-stacked"] == {"sheets": ("说明",)}


def test_hidden_sheets_are_not_stacked(tmp_path):
    import openpyxl

    made = openpyxl.load_workbook(workbook(tmp_path / "a.xlsx", MONTHS))
    made["二月"].sheet_state = "hidden"
    path = saved(made, tmp_path / "b.xlsx")
    found, _ = inspect(path, VOCABULARY, Options(today=date(2026, 5, 1), all_sheets=True))
    assert len(found[0].layout.rows) == 2


def test_a_stacked_workbook_is_scored_and_written(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    workbook(tmp_path / "a.xlsx", MONTHS)
    argv = ["score", "a.xlsx", "--all-sheets", "-o", "out.csv", "--no-charts", "--no-remember", "--json"]
    assert main([*argv, "--today", "2026-05-01"]) == 0
    assert json.loads(capsys.readouterr().out)["rows"] == 3
    assert (
        (tmp_path / "out.csv")
        .read_text(encoding="utf-8-sig")
        .splitlines()[3]
        .startswith("赵一鸣,19900000003,抖音,否,再等等看,二月,3,")
    )


# --- joined ------------------------------------------------------------------------------------------------------


def test_columns_are_added_by_a_key_that_both_sheets_have(tmp_path):
    deals = table(tmp_path / "deals.csv", "deal_id,account,stage\n1,Acme Corp,Won\n2,blue fox,Lost\n3,Nobody,Lost\n")
    accounts = table(
        tmp_path / "accounts.csv", "account,sector,stage\nBlue Fox,Retail,x\nAcme  Corp,Energy,y\nZeta,Media,z\n"
    )
    found, _ = inspect(deals, VOCABULARY, Options(today=date(2026, 5, 1), joins=(accounts,)))
    assert [column.header for column in found[0].layout.columns] == [
        "deal_id",
        "account",
        "stage",
        "sector",
        "stage (accounts)",
    ]
    assert [row[3:] for row in cells(found[0])] == [["Energy", "y"], ["Retail", "x"], [None, None]]
    finding = next(finding for finding in found[0].sheet.findings if finding.code == "joined")
    assert (finding.count, finding.values["unmatched"], finding.values["key"]) == (2, 1, "account")


def test_few_leads_that_became_deals_are_found_by_the_id_all_deals_have(tmp_path):
    leads = table(tmp_path / "leads.csv", "mql_id,origin\n" + "".join(f"a{number:03},social\n" for number in range(40)))
    deals = table(tmp_path / "deals.csv", "mql_id,won_date\na007,2018-02-26\na031,2018-05-08\n")
    found, _ = inspect(leads, VOCABULARY, Options(today=date(2026, 5, 1), joins=(deals,)))
    finding = next(finding for finding in found[0].sheet.findings if finding.code == "joined")
    assert (finding.count, finding.values["unmatched"], finding.values["key"]) == (2, 38, "mql_id")


def test_phones_are_one_key_however_they_are_written(tmp_path):
    leads = table(tmp_path / "客户.csv", "姓名,手机\n王晓明,199-0000-0001\n李文静,+86 19900000002\n")
    survey = table(tmp_path / "问卷.csv", "联系电话,满意度\n19900000002,一般\n19900000001,很满意\n")
    found, _ = inspect(leads, VOCABULARY, Options(today=date(2026, 5, 1), joins=(survey,)))
    assert [row[2] for row in cells(found[0])] == ["很满意", "一般"]
    assert columns(found)["满意度"] == "feedback"


def test_of_several_rows_for_one_key_none_is_guessed(tmp_path):
    leads = table(tmp_path / "leads.csv", "Name,Phone\nAnn,555-0101\nBob,555-0102\n")
    twice = table(tmp_path / "twice.csv", "Phone,City\n555-0101,Leeds\n555-0101,York\n555-0102,Bath\n")
    with pytest.raises(LostDealsError) as refused:
        inspect(leads, VOCABULARY, Options(today=date(2026, 5, 1), joins=(twice,)))
    assert (refused.value.code, refused.value.values["n"]) == ("join-not-unique", 1)


def test_a_row_that_stands_twice_with_the_same_content_is_one(tmp_path):
    leads = table(tmp_path / "leads.csv", "Name,Phone\nAnn,555-0101\nBob,555-0102\n")
    twice = table(tmp_path / "twice.csv", "Phone,City\n555-0101,Leeds\n555-0101,Leeds\n555-0102,Bath\n")
    found, _ = inspect(leads, VOCABULARY, Options(today=date(2026, 5, 1), joins=(twice,)))
    assert [row[2] for row in cells(found[0])] == ["Leeds", "Bath"]


def test_sheets_with_nothing_in_common_are_not_joined(tmp_path):
    leads = table(tmp_path / "leads.csv", "Name,Phone\nAnn,555-0101\nBob,555-0102\n")
    other = table(tmp_path / "other.csv", "Phone,City\n555-0901,Leeds\n555-0902,York\n")
    with pytest.raises(LostDealsError) as refused:
        inspect(leads, VOCABULARY, Options(today=date(2026, 5, 1), joins=(other,)))
    assert refused.value.code == "no-join-key"


def test_joined_files_of_the_config_are_used(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    table(tmp_path / "deals.csv", "deal_id,account,stage\n1,Acme,Won\n2,Fox,Lost\n")
    table(tmp_path / "accounts.csv", "account,sector\nFox,Retail\nAcme,Energy\n")
    table(tmp_path / "lostdeals.toml", '[input]\npath = "deals.csv"\njoin = ["accounts.csv"]\n')
    assert main(["inspect", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["sheets"][0]["columns"]
    assert [column["header"] for column in found] == ["deal_id", "account", "stage", "sector"]


def test_the_customers_own_key_comes_before_a_city_they_share(tmp_path):
    left = "姓名,手机,城市\n王晓明,19900000001,北京\n李文静,19900000002,上海\n赵一鸣,19900000003,杭州\n"
    right = "手机,城市,等级\n19900000001,上海,A\n19900000002,北京,B\n19900000077,杭州,C\n"
    found, _ = inspect(
        table(tmp_path / "kl.csv", left),
        VOCABULARY,
        Options(today=date(2026, 5, 1), joins=(table(tmp_path / "kr.csv", right),)),
    )
    assert [row[-1] for row in cells(found[0])] == ["A", "B", None]


def test_a_joined_column_can_be_mapped(tmp_path):
    leads = table(tmp_path / "leads.csv", "Name,Phone\nAnn,555-0101\nBob,555-0102\n")
    other = table(tmp_path / "other.csv", "Phone,Where\n555-0101,Leeds\n555-0102,Bath\n")
    options = Options(today=date(2026, 5, 1), joins=(other,), mapping={"Where": "region"})
    assert columns(inspect(leads, VOCABULARY, options)[0])["Where"] == "region"


def test_columns_without_a_header_are_stacked_too(tmp_path):
    months = {month: [["姓名", "手机", None], ["王晓明", "19900000001", "再等等看看吧"]] for month in ("一月", "二月")}
    found, _ = inspect(
        workbook(tmp_path / "a.xlsx", months), VOCABULARY, Options(today=date(2026, 5, 1), all_sheets=True)
    )
    assert [row[2] for row in cells(found[0])] == ["再等等看看吧"] * 2


# --- remembered --------------------------------------------------------------------------------------------------


LEADS = "谁,电话,电话,状态\n王晓明,19900000001,周敏,1\n李文静,19900000002,吴昊,2\n赵一鸣,19900000003,周敏,3\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    table(tmp_path / "三月.csv", LEADS)
    return tmp_path


def seen(capsys, *argv):
    assert main(["inspect", *argv, "--json"]) == 0
    return json.loads(capsys.readouterr().out)["sheets"][0]


def test_a_correction_is_remembered_for_every_sheet_with_these_headers(folder, capsys):
    argv = ["--map", "谁=name", "--map", "C=owner", "--outcome", "状态", "--won", "1", "--lost", "2,3"]
    seen(capsys, "三月.csv", *argv, "--save")
    table(folder / "四月.csv", LEADS.replace("王晓明", "孙小小"))
    found = seen(capsys, "四月.csv")
    assert [(column["role"], column["how"], column["confidence"]) for column in found["columns"]][:3] == [
        ("name", "user", 1.0),
        ("phone", "user", 1.0),
        ("owner", "user", 1.0),
    ]
    assert (found["outcome"]["column"], found["outcome"]["won"], found["outcome"]["lost"]) == ("状态", 1, 2)
    assert [finding["code"] for finding in found["findings"]] == ["roles-remembered"]


def test_the_remembered_outcome_is_scored_by(folder, capsys):
    seen(capsys, "三月.csv", "--map", "谁=name", "--outcome", "状态", "--won", "1", "--lost", "2,3", "--save")
    argv = ["score", "三月.csv", "-o", "out.csv", "--no-charts", "--no-remember", "--json", "--today", "2026-05-01"]
    assert main(argv) == 0
    outcome = json.loads(capsys.readouterr().out)["outcome"]
    assert (outcome["column"], outcome["won"], outcome["lost"]) == ("状态", 1, 2)


def test_what_was_empty_or_guessed_is_not_fixed(folder, capsys):
    march = "姓名,手机,备注,x\n王晓明,19900000001,,\n李文静,19900000002,,\n"
    table(folder / "一.csv", march)
    seen(capsys, "一.csv", "--save")
    table(folder / "二.csv", march.replace(",,", ",价格再商量商量看看,"))
    found = seen(capsys, "二.csv")["columns"]
    assert [(column["role"], column["how"]) for column in found[:3]] == [
        ("name", "user"),
        ("phone", "user"),
        ("notes", "alias"),
    ]


def test_a_list_without_a_header_is_not_read_by_the_file_of_another(folder, capsys):
    table(folder / "无.csv", "".join(f"王小明{n},1990000000{n},北京\n" for n in range(6)))
    seen(capsys, "无.csv", "--map", "A=name", "--save")
    table(folder / "别.csv", "".join(f"Acme {n} Corp,London,5{n}\n" for n in range(6)))
    assert "user" not in {column["how"] for column in seen(capsys, "别.csv")["columns"]}


def test_a_broken_file_of_another_sheet_stops_nothing(folder, capsys):
    table(folder / "别的.roles.toml", "[columns")
    assert seen(capsys, "三月.csv")["rows"] == 3


def test_other_headers_are_not_read_by_it(folder, capsys):
    seen(capsys, "三月.csv", "--map", "谁=company", "--save")
    table(folder / "别的.csv", LEADS.replace("谁", "姓名"))
    assert seen(capsys, "别的.csv")["columns"][0]["role"] == "name"


def test_what_is_typed_and_the_config_win_over_what_is_remembered(folder, capsys):
    seen(capsys, "三月.csv", "--map", "谁=company", "--save")
    table(folder / "lostdeals.toml", '[columns]\n"谁" = "referrer"\n')
    assert seen(capsys, "三月.csv")["columns"][0]["role"] == "referrer"
    assert seen(capsys, "三月.csv", "--map", "谁=name")["columns"][0]["role"] == "name"


def test_the_file_can_be_edited_with_roles_or_their_labels(folder, capsys):
    seen(capsys, "三月.csv", "--save")
    path = folder / "三月.roles.toml"
    text = path.read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if '"谁" =' in line)
    path.write_text(text.replace(line, '"谁" = "公司"'), encoding="utf-8")
    assert seen(capsys, "三月.csv")["columns"][0]["role"] == "company"


@pytest.mark.parametrize(
    "text",
    [
        '"谁" = ',
        '[columns]\n"谁" = 3\n',
        "columns = 1\n",
        '[columns]\n"谁" = "x"\nB = "phone"\nC = "phone"\n"状态" = "stage"\n',
    ],
)
def test_a_file_that_says_nonsense_is_named(folder, capsys, text):
    table(folder / "三月.roles.toml", text)
    assert main(["inspect", "三月.csv"]) == 1
    said = capsys.readouterr().err
    assert "roles-unreadable" in said
    assert "三月.roles.toml" in said


def test_headers_with_quotes_and_line_breaks_are_remembered(folder, capsys):
    header = '"客户 ""A""\n名称",电话\\2,备注\n'
    table(folder / "a.csv", header + "王晓明,19900000001,再等等\n李文静,19900000002,太贵了\n")
    first = seen(capsys, "a.csv", "--map", "备注=feedback", "--save")
    again = seen(capsys, "a.csv")
    assert [column["how"] for column in again["columns"]] == ["user"] * 3
    assert [column["role"] for column in again["columns"]] == [column["role"] for column in first["columns"]]
