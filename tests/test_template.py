"""The customer sheet that we offer: what is on it, that it is understood for certain, and that every choice is read back."""

import json
import re
import zipfile
from datetime import date, timedelta

import openpyxl
import pytest
from openpyxl.utils import get_column_letter, range_boundaries

from frames import VOCABULARY
from lostdeals.cli import main
from lostdeals.model import Options
from lostdeals.pipeline.prepare import prepare
from lostdeals.pipeline.score import run
from lostdeals.read import read_book
from lostdeals.schema import ADDED
from lostdeals.understand import understand
from lostdeals.understand.aliases import Aliases
from lostdeals.vocab import Words, load, normalise
from lostdeals.vocab.template import LABELLED, template_choices, template_columns
from lostdeals.write.template import write_template

TODAY = date(2026, 11, 20)
FIRST = 3
"""The row of the first customer."""
both = pytest.mark.parametrize("lang", ["zh", "en"])


def written(tmp_path, lang):
    path = tmp_path / f"{lang}.xlsx"
    write_template(Words(VOCABULARY, lang), path, TODAY)
    return path


def columns(lang):
    return template_columns(VOCABULARY, lang)


def letter_of(lang, role):
    return next(get_column_letter(place) for place, one in enumerate(columns(lang), 1) if one.role == role)


def drop_down(book, letter):
    """The choices that Excel offers in a column, read from the cells that the validation names."""
    for validation in book.worksheets[0].data_validations.dataValidation:
        if validation.type == "list" and f"{letter}{FIRST}" in validation.sqref:
            sheet, area = validation.formula1.rsplit("!", 1)
            left, top, right, bottom = range_boundaries(area.replace("$", ""))
            assert left == right
            return [book[sheet.strip("'")].cell(row, left).value for row in range(top, bottom + 1)]
    raise AssertionError(letter)


def filled(path, lang, customers, *, keep_example=False):
    """The template as a user would fill it in: typed below the header, role -> value, lists by the place of the choice."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    for place, column in enumerate(columns(lang), 1):
        letter = get_column_letter(place)
        offered = drop_down(book, letter) if column.list else []
        if not keep_example:
            sheet[f"{letter}{FIRST}"] = None
        for row, customer in enumerate(customers, FIRST + keep_example):
            value = customer.get(column.header, customer.get(column.role))
            sheet[f"{letter}{row}"] = offered[value] if offered and isinstance(value, int) else value
    out = path.with_name(f"{lang}-filled.xlsx")
    book.save(out)
    return out


def customer(number, **more):
    """A made-up customer who is unlike every other."""
    return {
        "name": f"{'王李张赵钱孙周吴郑冯'[number % 10]}{'一二三四五六七八九十'[number // 10]}",
        "phone": f"199{number + 101:08d}",
        "id": f"{number:04d}",
        "created_at": TODAY - timedelta(days=40 + number),
        "last_contact_at": TODAY - timedelta(days=number % 30),
        "contact_count": number % 7,
        **more,
    }


def prepared(path, lang):
    return prepare(read_book(path), VOCABULARY, Options(today=TODAY, lang=lang))


def inspected(capsys, path):
    assert main(["inspect", str(path), "--json"]) == 0
    return json.loads(capsys.readouterr().out)["sheets"]


@both
def test_the_fresh_template_is_understood_for_certain(tmp_path, capsys, lang):
    (sheet,) = inspected(capsys, written(tmp_path, lang))
    assert (sheet["header_rows"], sheet["rows"], sheet["language"]) == ([2], 0, lang)
    assert [(one["header"], one["role"], one["confidence"], one["how"]) for one in sheet["columns"]] == [
        (column.header, column.role, 1.0, "alias") for column in columns(lang)
    ]
    assert [finding["code"] for finding in sheet["findings"]] == ["example-row"]


@both
def test_a_filled_in_template_is_understood_for_certain_and_an_unused_column_is_ignored(tmp_path, capsys, lang):
    people = [customer(n, stage=n % 4, outcome=n % 4, notes="约下周再谈一次") for n in range(12)]
    (sheet,) = inspected(capsys, filled(written(tmp_path, lang), lang, people))
    assert {one["confidence"] for one in sheet["columns"]} == {1.0}
    used = {"name", "phone", "id", "created_at", "last_contact_at", "contact_count", "stage", "outcome", "notes"}
    assert {one["role"] for one in sheet["columns"]} == used | {"ignore"}
    assert (sheet["rows"], sheet["findings"]) == (12, [])


@both
def test_every_choice_is_read_back_as_what_it_stands_for(tmp_path, lang):
    words = Words(VOCABULARY, lang)
    lists = {column.role: list(template_choices(words, column.list)) for column in columns(lang) if column.list}
    cycled = [role for role in lists if role != "loss_reason"]
    people = [customer(n, **{role: n % len(lists[role]) for role in cycled}) for n in range(33)]
    ahead = TODAY + timedelta(days=9)  # a date to win somebody back makes nobody undecided
    people = [{**one, "next_contact_at": ahead} for one in people]
    leads = prepared(filled(written(tmp_path, lang), lang, people), lang).classified.leads
    read = {"level": "value_class", **{role: f"{role}_class" for role in cycled}} | {"level": "value_class"}
    for role in ("stage", "outcome", "source", "need", "intent", "level"):
        assert leads[read[role]].tolist() == [lists[role][n % len(lists[role])] for n in range(33)], role
    assert leads["do_not_contact"].tolist() == [n % 2 == 0 for n in range(33)]
    assert leads["gender"].tolist() == [words.pick(_choice("gender", n % 2)) for n in range(33)]
    middles = leads["income"].tolist()
    assert middles[:6] == sorted(middles[:6])
    assert len(set(middles)) == 6


def _choice(name, place):
    return list(VOCABULARY.section("template")["choices"][name].values())[place]["label"]


@both
def test_every_reason_is_read_back_as_what_it_stands_for(tmp_path, lang):
    reasons = list(template_choices(Words(VOCABULARY, lang), "loss_reason"))
    lost = list(template_choices(Words(VOCABULARY, lang), "outcome")).index("lost")
    header = next(column.header for column in columns(lang) if column.list == "loss_reason")
    people = [customer(n, outcome=lost, **{header: n, "loss_reason": None}) for n in range(len(reasons))]
    leads = prepared(filled(written(tmp_path, lang), lang, people), lang).classified.leads
    assert leads["reason_class"].tolist() == reasons
    assert set(leads["reason_from"]) == {"loss_reason"}


@pytest.mark.parametrize("name", sorted(LABELLED))
def test_a_list_offers_every_category_of_its_dimension(name):
    section = {"stage": "stages", "outcome": "outcomes", "loss_reason": "reasons"}.get(name)
    entries = VOCABULARY.section(section) if section else VOCABULARY.section("dimensions")[name]["categories"]
    known = [key for key, entry in entries.items() if "label" in entry]
    assert sorted(template_choices(Words(VOCABULARY, "zh"), name)) == sorted(known)


@both
def test_thirty_customers_are_scored_as_they_were_chosen(tmp_path, capsys, lang):
    details = {"zh": ["", "比另一家贵一些", ""], "en": ["", "a little above another offer", ""]}[lang]
    won, lost, opened, invalid = range(4)
    outcomes = [won] * 8 + [lost] * 11 + [opened] * 9 + [invalid] * 2
    header, detail = (column.header for column in columns(lang) if column.role == "loss_reason")
    people = [
        customer(
            n,
            outcome=outcome,
            stage=n % 4,
            source=n % 11,
            intent=n % 3,
            level=(n + 1) % 3,
            need=n % 4,
            amount=1000 * (n + 1),
            probability=n / 40,
            next_contact_at=TODAY + timedelta(days=n),
            owner="李娜",
            do_not_contact=1,
            **{header: n % 12 if outcome == lost else None, detail: details[n % 3] if outcome == lost else None},
        )
        for n, outcome in enumerate(outcomes)
    ]
    path = filled(written(tmp_path, lang), lang, people)
    code = main(["score", str(path), "--json", "--no-charts", "--no-remember", "--today", TODAY.isoformat()])
    found = json.loads(capsys.readouterr().out)
    assert (code, found["rows"], found["language"]) == (0, 30, lang)
    assert [found["outcome"][key] for key in ("won", "lost", "open", "invalid")] == [8, 11, 9, 2]
    assert found["outcome"]["column"] == next(column.header for column in columns(lang) if column.role == "outcome")
    stages = list(template_choices(Words(VOCABULARY, lang), "stage"))
    report = run(path, VOCABULARY, Options(today=TODAY))
    assert report.leads["stage_class"].tolist() == [stages[n % 4] for n in range(30)]
    reasons = list(template_choices(Words(VOCABULARY, lang), "loss_reason"))
    assert report.leads["main_reason"].tolist() == [
        reasons[n % 12] if outcome == lost else None for n, outcome in enumerate(outcomes)
    ]
    assert report.leads["id"].tolist() == [f"{n:04d}" for n in range(30)]
    assert report.leads["probability"].tolist() == [n / 40 for n in range(30)]
    assert report.leads["data_issues"].dropna().tolist() == []
    assert report.plan["lead"].nunique() == 20
    assert [finding["code"] for finding in found["findings"] if finding["code"] not in {"reason-conflict"}] == []
    again = path.with_name(f"{path.stem}.scored.xlsx")
    once_more = run(again, VOCABULARY, Options(today=TODAY))
    assert once_more.leads["score"].tolist() == pytest.approx(report.leads["score"].tolist(), nan_ok=True)


@both
def test_the_example_is_no_customer_until_it_is_written_over(tmp_path, lang):
    path = filled(written(tmp_path, lang), lang, [customer(1), customer(2)], keep_example=True)
    layout = understand(read_book(path), VOCABULARY, Options(today=TODAY))[1]
    assert layout.rows == (4, 5)
    assert [(finding.code, finding.count) for finding in layout.findings] == [("example-row", 1)]
    book = openpyxl.load_workbook(path)
    book.worksheets[0][f"A{FIRST}"] = "郑十一"
    book.save(path)
    assert understand(read_book(path), VOCABULARY, Options(today=TODAY))[1].rows == (3, 4, 5)


@pytest.mark.parametrize(
    ("name", "is_example"),
    [
        ("示例：王晓雯", True),
        ("示例:", True),
        ("Example: Jane Doe", True),
        ("EXAMPLE", True),
        ("【示例】王晓雯", True),
        ("（样例）张三", True),
        ("示例2", True),
        ("示例科技有限公司", False),
        ("Example Corp", False),
        ("Examples of Fine Art Ltd", False),
        ("王示例", False),
    ],
)
def test_an_example_row_of_any_sheet_is_known_by_its_name(tmp_path, name, is_example):
    path = tmp_path / "客户.csv"
    path.write_text(f"序号,客户名称,手机,阶段\n1,{name},19900000001,报价\n2,王伟,19900000002,报价\n", encoding="utf-8")
    layout = understand(read_book(path), VOCABULARY, Options(today=TODAY))[1]
    assert layout.rows == ((3,) if is_example else (2, 3))


@both
def test_nothing_is_hidden_and_nothing_leads_elsewhere(tmp_path, lang):
    path = written(tmp_path, lang)
    with zipfile.ZipFile(path) as package:
        parts = package.namelist()
        xml = {name: package.read(name).decode() for name in parts if name.endswith((".xml", ".rels"))}
    assert not [name for name in parts if re.search("vba|external|drawing|comment|custom|calcChain", name, re.I)]
    filters = re.compile(r'<definedName name="_xlnm._FilterDatabase" [^>]*>')  # Excel's own mark of a filter
    plain = {name: filters.sub("", text) for name, text in xml.items()}
    assert not [name for name, text in plain.items() if re.search(r'\bhidden="(?:1|true)"|veryHidden|TargetMode', text)]
    assert not [name for name, text in xml.items() if "<f>" in text or "<f " in text]
    names = set(re.findall(r'definedName name="([^"]+)"', xml["xl/workbook.xml"]))
    assert names <= {"_xlnm.Print_Titles", "_xlnm.Print_Area", "_xlnm._FilterDatabase"}
    section = VOCABULARY.section("template")["sheets"]
    assert openpyxl.load_workbook(path).sheetnames == [section[key][lang] for key in ("customers", "guide", "lists")]


@both
def test_every_sheet_row_and_column_is_visible(tmp_path, lang):
    book = openpyxl.load_workbook(written(tmp_path, lang))
    assert list(book.defined_names) == []
    assert {sheet.sheet_state for sheet in book} == {"visible"}
    assert not [1 for sheet in book for one in sheet.column_dimensions.values() if one.hidden]
    assert not [1 for sheet in book for one in sheet.row_dimensions.values() if one.hidden]


@both
def test_every_rule_has_a_prompt_and_a_message_that_excel_takes(tmp_path, lang):
    rules = openpyxl.load_workbook(written(tmp_path, lang)).worksheets[0].data_validations.dataValidation
    kinds = {"text", "note", "code"}
    assert len(rules) == sum(column.kind not in kinds for column in columns(lang))
    for rule in rules:
        assert 0 < len(rule.promptTitle) <= 32
        assert 0 < len(rule.errorTitle) <= 32
        assert 0 < len(rule.prompt) <= 255
        assert 0 < len(rule.error) <= 225
        assert (rule.showInputMessage, rule.showErrorMessage, rule.allow_blank) == (True, True, True)


def test_the_rules_are_those_of_their_columns(tmp_path):
    rules = openpyxl.load_workbook(written(tmp_path, "en")).worksheets[0].data_validations.dataValidation
    found = {str(rule.sqref).rstrip("0123456789").split(":")[0].rstrip("0123456789"): rule for rule in rules}
    kinds = {
        role: (rule.type, rule.operator, rule.formula1, rule.formula2, rule.errorStyle)
        for role in ("phone", "age", "last_contact_at", "next_contact_at", "amount", "probability")
        if (rule := found[letter_of("en", role)])
    }
    assert kinds == {
        "phone": ("textLength", "between", "5", "40", "warning"),
        "age": ("whole", "between", "0", "120", "stop"),
        "last_contact_at": ("date", "between", "DATE(2000,1,1)", "TODAY()", "stop"),
        "next_contact_at": ("date", "between", "DATE(2000,1,1)", "DATE(2089,12,31)", "stop"),
        "amount": ("decimal", "greaterThanOrEqual", "0", None, "stop"),
        "probability": ("decimal", "between", "0", "1", "stop"),
    }


@both
def test_phones_and_ids_are_text_and_dates_are_dates_down_the_whole_column(tmp_path, lang):
    sheet = openpyxl.load_workbook(written(tmp_path, lang)).worksheets[0]
    formats = {
        column.role: (
            sheet.column_dimensions[get_column_letter(place)].number_format,
            sheet.cell(FIRST, place).number_format,
        )
        for place, column in enumerate(columns(lang), 1)
    }
    assert formats["phone"] == formats["id"] == ("@", "@")
    assert formats["created_at"] == formats["next_contact_at"] == ("yyyy-mm-dd", "yyyy-mm-dd")
    assert formats["probability"] == ("0%", "0%")
    assert (sheet.freeze_panes, sheet.print_title_rows, sheet.print_title_cols) == ("B3", "$1:$2", "$A:$A")
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)
    assert sheet.auto_filter.ref.startswith("A2:")


@both
def test_the_guide_has_a_line_for_every_column_and_the_lists_say_what_each_stage_and_reason_means(tmp_path, lang):
    _, guide, lists = openpyxl.load_workbook(written(tmp_path, lang)).worksheets
    lines = {row[1]: row[2:5] for row in guide.iter_rows(values_only=True)}
    assert [column.header for column in columns(lang) if not all(lines[column.header])] == []
    words = Words(VOCABULARY, lang)
    meanings = {(row[0], row[1]): row[2] for row in lists.iter_rows(min_row=3, values_only=True)}
    for column in columns(lang):
        if column.list in LABELLED:
            for label in template_choices(words, column.list).values():
                assert meanings[column.header, label]


@both
def test_the_headers_are_plain_aliases_so_that_a_shortened_template_is_understood_too(lang):
    aliases = Aliases(VOCABULARY)
    for column in columns(lang):
        readings = aliases.read(column.header)
        if column.role == "extra":
            assert readings == []
        else:
            assert [(one.role, one.exact, one.shared, one.weak) for one in readings] == [
                (column.role, True, False, False)
            ], column.header
    headers = [normalise(column.header) for column in columns(lang)]
    ours = {normalise(VOCABULARY.section("messages")["column"][key][lang]) for key in ADDED}
    assert len(set(headers)) == len(headers)
    assert not ours.intersection(headers)


@both
def test_columns_may_be_deleted_and_added(tmp_path, lang):
    people = [customer(n, stage=n % 4, outcome=n % 4, intent=n % 3, owner="李娜") for n in range(12)]
    path = filled(written(tmp_path, lang), lang, people)
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    sheet.delete_cols(2)
    sheet.cell(2, sheet.max_column + 1, "车牌")
    for row in range(FIRST, FIRST + 12):
        sheet.cell(row, sheet.max_column, f"沪A{row:05d}")
    book.save(path)
    layout = understand(read_book(path), VOCABULARY, Options(today=TODAY))[1]
    assert layout.header_rows == (2,)
    assert not layout.from_template
    roles = {column.header: column.role for column in layout.columns if column.role != "ignore"}
    assert roles.pop("车牌") == "extra"
    kept = {
        "name",
        "phone",
        "id",
        "created_at",
        "last_contact_at",
        "contact_count",
        "stage",
        "outcome",
        "intent",
        "owner",
    }
    assert set(roles.values()) == kept
    assert min(column.confidence for column in layout.columns if column.role in kept) >= 0.9


def test_what_the_user_says_of_a_column_wins_over_the_template(tmp_path):
    path = filled(written(tmp_path, "zh"), "zh", [customer(n, company=f"虚构商贸{n}公司") for n in range(5)])
    options = Options(today=TODAY, mapping={"公司名称": "name", "客户编号": "ignore"})
    found = {
        column.header: (column.role, column.how)
        for column in understand(read_book(path), VOCABULARY, options)[1].columns
    }
    assert found["公司名称"] == ("name", "user")
    assert found["客户编号"] == ("ignore", "user")
    assert found["客户姓名"][0] == "extra"
    assert found["手机号码"] == ("phone", "alias")


@both
def test_the_group_names_alone_are_no_part_of_the_header_of_a_template_saved_as_csv(tmp_path, lang):
    book = openpyxl.load_workbook(filled(written(tmp_path, lang), lang, [customer(1), customer(2)]))
    lines = [[str(value or "") for value in row] for row in book.worksheets[0].iter_rows(values_only=True)]
    path = tmp_path / "out.csv"
    path.write_text("\n".join(",".join(line) for line in lines), encoding="utf-8")
    layout = understand(read_book(path), VOCABULARY, Options(today=TODAY))[1]
    assert (layout.header_rows, layout.rows, layout.from_template) == ((2,), (3, 4), True)


def test_the_same_day_gives_the_same_bytes(tmp_path):
    first, second = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    for path in (first, second):
        write_template(Words(VOCABULARY, "zh"), path, TODAY)
    assert first.read_bytes() == second.read_bytes()


def test_a_label_that_looks_like_a_formula_stays_text(tmp_path):
    own = tmp_path / "mine.toml"
    own.write_text('[stages.in_depth]\nlabel = { zh = "=1+1" }\n', encoding="utf-8")
    path = tmp_path / "客户.xlsx"
    write_template(Words(load(own), "zh"), path, TODAY)
    with zipfile.ZipFile(path) as package:
        assert not [name for name in package.namelist() if b"<f>" in package.read(name)]
    assert openpyxl.load_workbook(path).worksheets[0][f"{letter_of('zh', 'stage')}{FIRST}"].value == "=1+1"


def run_template(capsys, *argv):
    code = main(["template", *argv])
    return code, *capsys.readouterr()


def test_the_command_says_what_it_wrote_and_what_comes_next(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    code, out, err = run_template(capsys, "my customers.xlsx")
    assert (code, err) == (0, "")
    assert "30 columns" in out
    assert "lostdeals score 'my customers.xlsx'" in out
    assert run_template(capsys, "quiet.xlsx", "--quiet") == (0, "", "")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["my customers.xlsx", "quiet.xlsx"]


def test_json_names_the_file_the_language_and_the_columns(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    code, out, err = run_template(capsys, "a.xlsx", "--lang", "zh", "--json")
    found = json.loads(out)
    assert (code, err) == (0, "")
    assert (found["output"], found["language"], len(found["columns"])) == ("a.xlsx", "zh", 30)
    assert found["columns"][0] == {"header": "客户姓名", "role": "name"}


@pytest.mark.parametrize(
    ("argv", "locale", "name", "lang"),
    [
        ([], "C.UTF-8", "customers.xlsx", "en"),
        ([], "zh_CN.UTF-8", "客户表.xlsx", "zh"),
        (["新客户.xlsx"], "C.UTF-8", "新客户.xlsx", "zh"),
        (["新客户.xlsx", "--lang", "en"], "C.UTF-8", "新客户.xlsx", "en"),
        (["--lang", "zh"], "C.UTF-8", "客户表.xlsx", "zh"),
    ],
)
def test_the_language_is_the_one_asked_for_else_of_the_name_else_of_the_machine(
    tmp_path, monkeypatch, capsys, argv, locale, name, lang
):
    from lostdeals.cli.language import environment_language

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANG", locale)
    environment_language.cache_clear()
    found = json.loads(run_template(capsys, *argv, "--json")[1])
    environment_language.cache_clear()
    assert (found["output"], found["language"]) == (name, lang)
    assert (tmp_path / name).is_file()


def test_an_existing_file_is_never_replaced(tmp_path, capsys):
    path = tmp_path / "customers.xlsx"
    path.write_bytes(b"mine")
    code, out, err = run_template(capsys, str(path))
    assert (code, out) == (1, "")
    assert err.startswith("error: file-exists")
    assert path.read_bytes() == b"mine"


@pytest.mark.parametrize("name", ["customers.csv", "customers", "customers.xls"])
def test_only_a_workbook_can_hold_the_template(tmp_path, capsys, name):
    code, _, err = run_template(capsys, str(tmp_path / name))
    assert code == 2
    assert "unknown-output" in err
    assert ".xlsx" in err
    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder_is_said_and_nothing_is_left_behind(tmp_path, capsys):
    code, _, err = run_template(capsys, str(tmp_path / "nowhere" / "a.xlsx"))
    assert code == 1
    assert "cannot-write" in err


def test_the_users_own_labels_are_on_the_lists_and_are_read_back(tmp_path, capsys):
    own = tmp_path / "mine.toml"
    own.write_text(
        '[reasons.price]\nlabel = { zh = "肉疼" }\n[stages.initial]\nlabel = { zh = "第一面" }\n', encoding="utf-8"
    )
    path = tmp_path / "客户.xlsx"
    assert run_template(capsys, str(path), "--vocab", str(own), "--quiet")[0] == 0
    people = [customer(1, stage=0, outcome=1, 未成交原因=0, loss_reason=None)]
    assert drop_down(openpyxl.load_workbook(path), letter_of("zh", "stage"))[0] == "第一面"
    vocabulary = load(own)
    leads = prepare(read_book(filled(path, "zh", people)), vocabulary, Options(today=TODAY)).classified.leads
    assert (leads["stage_class"].tolist(), leads["reason_class"].tolist()) == (["initial"], ["price"])
