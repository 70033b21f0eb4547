"""Keys in errors stand beside their labels, so that a reader of Chinese knows what they are."""

import re

import pytest

from lostdeals.cli import main

SHEET = (
    "客户姓名,手机号,客户来源,是否成交,未成交原因\n王小明,13800000001,展会,是,\n李小红,13800000002,抖音,否,价格过高\n"
)
LISTS = [
    (["standards", "来院"], "来源（source）", "source"),
    (["funnel", "客户.csv", "--funnel", "客户漏抖"], "客户漏斗（customer）", "customer"),
    (["funnel", "客户.csv", "--by", "reson"], "未成交原因（reason）", "reason"),
    (["classify", "客户.csv", "--by", "sorce"], "来源（source）", "source"),
    (["score", "客户.csv", "--card", "渠道"], "渠道客户 A/B/C（channel）", "channel"),
    (["score", "客户.csv", "--map", "手机号=pone"], "电话（phone）", "phone"),
]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "客户.csv").write_text(SHEET, encoding="utf-8")


@pytest.mark.parametrize(("argv", "chinese", "english"), LISTS, ids=[" ".join(argv) for argv, *_ in LISTS])
def test_a_list_in_an_error_names_keys_and_labels_in_chinese_and_keys_in_english(
    folder, argv, chinese, english, capsys
):
    assert main([*argv, "--lang", "zh"]) == 2
    assert chinese in capsys.readouterr().err
    assert main([*argv, "--lang", "en"]) == 2
    listed = capsys.readouterr().err.split("why", 1)[1].split("\n")[0]
    assert english in re.findall(r"[\w-]+", listed)
    assert "（" not in listed


def test_what_to_split_by_instead_is_something_that_the_sheet_has(folder, capsys):
    assert main(["funnel", "客户.csv", "--by", "年龄段", "--lang", "zh"]) == 2
    told = capsys.readouterr().err
    assert "年龄段（age_band）" not in told
    [hint] = re.findall("--by (\\S+)；", told)
    assert main(["funnel", "客户.csv", "--by", hint, "--lang", "zh"]) == 0
