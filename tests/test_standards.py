"""``lostdeals standards``: every rule in force, in both languages, and the user's own marked."""

import json

import pytest
from rich.cells import cell_len

from frames import EN, VOCABULARY, ZH
from lostdeals.classify import dimensions
from lostdeals.cli import main
from lostdeals.write.conditions import condition_text
from lostdeals.write.standards import standards


def test_every_dimension_and_every_card_is_told_with_its_source():
    for words in (ZH, EN):
        found = {one.key: one for one in standards(words)}
        assert {*dimensions(VOCABULARY), "outcomes", "stages", "acts", "reasons", "scorecards.default"} <= found.keys()
        assert all(one.basis and one.lines and one.title for one in found.values())


def test_the_cut_offs_of_the_tiers_are_printed(capsys):
    assert main(["standards", "tier", "--lang", "en"]) == 0
    out = capsys.readouterr().out
    assert "Intent: High or (Intent: Medium and (Contacts ≥ 3 or Behaviour" in out
    assert "[wants-to-buy]" in out
    assert max(map(cell_len, out.splitlines())) <= 80


@pytest.mark.parametrize(("lang", "shown"), [("en", "said so · Lost"), ("zh", "做的事 · 最终决策")])
def test_what_is_done_and_how_it_is_said_are_told(capsys, lang, shown):
    assert main(["standards", "acts", "--lang", lang]) == 0
    out = capsys.readouterr().out
    assert shown in out
    assert "{" not in out
    assert max(map(cell_len, out.splitlines())) <= 80


def test_an_act_of_the_users_own_is_marked(tmp_path, capsys):
    mine = tmp_path / "mine.toml"
    mine.write_text('[acts.zh_sale.acts]\ndecision = ["盖戳"]\n', encoding="utf-8")
    assert main(["standards", "acts", "--json", "--vocab", str(mine)]) == 0
    assert json.loads(capsys.readouterr().out)["standards"][0]["own"] is True


def test_a_subject_is_found_by_its_name_in_chinese(capsys):
    assert main(["standards", "客户分层"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("客户分层  tier")
    assert max(map(cell_len, out.splitlines())) <= 80


def test_rules_of_the_users_own_are_in_force_and_marked(tmp_path, capsys):
    mine = tmp_path / "mine.toml"
    mine.write_text(
        '[[dimensions.tier.rules]]\nname = "big-trade"\nis = "high_value"\n'
        'say = { zh = "能源行业", en = "energy" }\nwhen = { field = "industry_class", is = ["energy"] }\n',
        encoding="utf-8",
    )
    assert main(["standards", "--json", "--lang", "en", "--vocab", str(mine)]) == 0
    found = {one["key"]: one for one in json.loads(capsys.readouterr().out)["standards"]}
    assert found["tier"]["own"] is True
    assert found["intent"]["own"] is False
    assert found["tier"]["lines"][0]["text"] == "Industry: Energy and environment → High value  [big-trade]"


def test_an_unknown_subject_is_an_error_that_names_those_there_are(capsys):
    assert main(["standards", "shoe-size", "--lang", "en"]) == 2
    err = capsys.readouterr().err
    assert "unknown-topic" in err
    assert "tier" in err


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        ({}, "otherwise"),
        ({"field": "amount_rank", "at_least": 0.8}, "place by amount in this sheet ≥ 80%"),
        ({"field": "stage_class", "is": ["decision"]}, "Stage: Final decision"),
        ({"field": "main_reason", "is": ["price"]}, "main reason: Price too high"),
        (
            {"any": [{"field": "age_years", "below": 35}, {"field": "intent_class", "known": False}]},
            "age < 35 or Intent: unknown",
        ),
    ],
)
def test_a_condition_is_told_in_words(condition, text):
    assert condition_text(condition, EN) == text


def test_a_card_of_ones_own_may_say_a_text_once_for_both_languages(tmp_path, capsys):
    path = tmp_path / "mine.toml"
    path.write_text(
        '[scorecards.mine]\nlabel = "门店卡"\n[[scorecards.mine.cutoffs]]\ngrade = "A"\nat = 1\n'
        '[[scorecards.mine.items]]\nlabel = "报价"\n'
        'rules = [{ points = 2, when = { field = "amount", known = true }, say = "已报价" }]\n',
        encoding="utf-8",
    )
    assert main(["standards", "--vocab", str(path), "--lang", "en"]) == 0
    shown = capsys.readouterr().out
    assert "门店卡" in shown
    assert "已报价 +2" in shown
