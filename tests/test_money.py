"""Amounts of several currencies are never added as they stand; the user's rates bring them together."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from frames import VOCABULARY, classified, layout, options
from lostdeals.analyse import analyse
from lostdeals.classify import classify
from lostdeals.config import read_config
from lostdeals.errors import LostDealsError
from lostdeals.model import Rates
from lostdeals.plan import plan
from lostdeals.vocab import Words

RATES = Rates("CNY", date(2026, 11, 1), {"USD": 7.0, "CNY": 1.0})
COLUMNS = {
    "outcome": ["未成交"] * 4,
    "loss_reason": ["太贵", "太贵", "没预算", "没预算"],
    "amount": [100.0, 1000.0, 50.0, 2000.0],
}
HEADERS = {"outcome": "结果", "loss_reason": "原因", "amount": "金额"}


def read(currency, **given):
    leads = classified({**COLUMNS, "currency": currency}).drop(columns="outcome_class")
    return classify(leads, layout(HEADERS, 4), VOCABULARY, options(**given))


def reasons(result):
    return analyse(result.leads.assign(grade=None), VOCABULARY).reasons.set_index("reason")


def test_amounts_of_one_currency_are_added():
    result = read(["USD", None, "USD", None])
    assert reasons(result)["amount"].to_dict() == {"price": 1100.0, "budget": 2050.0}
    assert [finding.code for finding in result.findings] == []


def test_amounts_of_several_currencies_have_a_sum_each():
    result = read(["USD", "CNY", "USD", None])
    table = reasons(result)
    assert table["amount"].isna().all()
    assert table["amount.USD"].to_dict() == {"price": 100.0, "budget": 50.0}
    assert table["amount.CNY"].dropna().to_dict() == {"price": 1000.0}
    assert [(f.code, f.count, f.first) for f in result.findings] == [("several-currencies", 4, "USD, CNY")]


def test_rates_bring_them_together_and_are_said_with_their_day():
    result = read(["USD", "CNY", "USD", None], rates=RATES)
    assert reasons(result)["amount"].to_dict() == {"price": 1700.0, "budget": 2350.0}
    (finding,) = result.findings
    assert "2026-11-01" in Words(VOCABULARY, "zh").finding(finding)
    assert "USD 7" in Words(VOCABULARY, "en").finding(finding)


def test_a_currency_without_a_rate_is_left_out_and_said():
    result = read(["USD", "CNY", "EUR", "CNY"], rates=RATES)
    assert reasons(result)["amount"].to_dict() == {"price": 1700.0, "budget": 2000.0}
    assert [(f.code, f.count, f.first) for f in result.findings[1:]] == [("no-rate", 1, "EUR")]


def test_ties_of_the_plan_are_broken_by_amount_only_where_amounts_can_be_compared():
    def order(currency, **given):
        leads = read(currency, **given).leads.assign(score=50.0, why=None, grade=None, grade_notes=None)
        leads = leads.assign(win_probability=float("nan"), expected_value=float("nan"))
        planned = plan(leads, VOCABULARY, Words(VOCABULARY, "zh"), date(2026, 11, 20), "zh").plan
        return planned["lead"].tolist()

    assert order(["CNY"] * 4) == [3, 1, 0, 2]
    assert order(["USD", "CNY", "USD", "CNY"], rates=RATES) == [3, 1, 0, 2]
    assert order(["USD", "CNY", "USD", "CNY"], rates=Rates("CNY", RATES.date, {"USD": 100.0, "CNY": 1.0})) == [
        0,
        2,
        3,
        1,
    ]
    assert order(["USD", "CNY", "USD", "CNY"]) == [0, 1, 2, 3]


def test_a_rank_by_amount_uses_the_rates():
    currency = ["USD", "CNY", "USD", "CNY", "CNY"]
    leads = classified({"amount": [100.0, 500.0, 200.0, 300.0, 900.0], "currency": currency})
    leads = leads.drop(columns="outcome_class")
    result = classify(leads, layout({"amount": "金额"}, 5), VOCABULARY, options(rates=RATES))
    assert result.leads["amount_rank"].tolist() == [0.6, 0.4, 1.0, 0.2, 0.8]


def test_the_config_gives_rates_and_the_order_of_dates(tmp_path):
    text = 'dates = "dayfirst"\n[rates]\nbase = "cny"\ndate = 2026-11-01\nUSD = 7.1\n'
    (tmp_path / "lostdeals.toml").write_text(text, encoding="utf-8")
    config = read_config(tmp_path)
    assert (config.date_order, config.rates) == ("dmy", Rates("CNY", date(2026, 11, 1), {"USD": 7.1, "CNY": 1.0}))


@pytest.mark.parametrize(
    "text",
    [
        'dates = "backwards"',
        "[rates]\nUSD = 7.1",
        '[rates]\nbase = "CNY"\nUSD = 7.1',
        '[rates]\nbase = "CNY"\ndate = "soon"\nUSD = 7.1',
        '[rates]\nbase = "CNY"\ndate = 2026-11-01\nUSD = "7,1"',
        '[rates]\nbase = "CNY"\ndate = 2026-11-01\nUSD = 0',
    ],
)
def test_rates_that_cannot_be_are_an_error(tmp_path, text):
    (tmp_path / "lostdeals.toml").write_text(text, encoding="utf-8")
    with pytest.raises(LostDealsError) as stop:
        read_config(tmp_path)
    assert stop.value.code == "config-unreadable"


def test_a_firm_and_a_person_are_told_apart_by_their_name():
    leads = classified(
        {"name": ["王小明", "某某科技有限公司", "Acme", None], "company": [None, None, None, "李记五金"]}
    )
    leads = leads.drop(columns="outcome_class")
    result = classify(leads, layout({"name": "客户名称", "company": "公司"}, 4), VOCABULARY, options())
    assert result.leads["party_class"].tolist() == ["consumer", "business", None, "business"]


def test_what_the_sheet_says_of_the_customer_comes_before_the_name():
    leads = classified({"name": ["王小明", "张伟"], "customer_type": ["企业客户", "VIP"]})
    leads = leads.drop(columns="outcome_class")
    result = classify(leads, layout({"name": "姓名", "customer_type": "类型"}, 2), VOCABULARY, options())
    assert result.leads["party_class"].tolist() == ["business", "vip"]
    assert pd.isna(result.leads["amount_base"]).all()
