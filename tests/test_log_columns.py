"""Logs of stages as CRMs export them are known by their columns, and customer sheets are not taken for one."""

import json

import pandas as pd
import pytest

from frames import VOCABULARY
from lostdeals.analyse.log_columns import find_log
from lostdeals.cli import main

PATHS = {
    "006A": ["Prospecting", "Qualification", "Closed Won"],
    "006B": ["Prospecting", "Qualification", "Proposal", "Closed Won"],
    "006C": ["Prospecting", "Closed Lost"],
    "006D": ["Prospecting", "Qualification", "Proposal"],
    "006E": ["Prospecting", "Qualification"],
    "006F": ["Prospecting", "Proposal", "Closed Won"],
}
COUNTS = [6, 5, 4, 3]
"""Prospecting, Qualification (one went past it), Proposal (a win implies it), Closed Won."""


def changes():
    """Deal, stage, the day it was entered: three days apart, deals a week apart."""
    start = pd.Timestamp("2026-02-02 09:00")
    return pd.DataFrame(
        [
            (deal, stage, start + pd.Timedelta(days=7 * number + 3 * place))
            for number, (deal, stages) in enumerate(PATHS.items())
            for place, stage in enumerate(stages)
        ],
        columns=["deal", "stage", "when"],
    )


def salesforce_history(table):
    return pd.DataFrame(
        {
            "Id": [f"008{n:04d}" for n in range(len(table))],
            "OpportunityId": table["deal"],
            "StageName": table["stage"],
            "Amount": 1000,
            "CloseDate": "2026-12-31",
            "CreatedDate": table["when"].dt.strftime("%Y-%m-%dT%H:%M:%S.000+0000"),
        }
    )


def hubspot_stages(table):
    names = {"Prospecting": "appointmentscheduled", "Qualification": "qualifiedtobuy", "Proposal": "contractsent"}
    last = ~table["deal"].duplicated(keep="last")
    return pd.DataFrame(
        {
            "_fivetran_start": table["when"],
            "deal_id": table["deal"].map({deal: 3954699413 + n for n, deal in enumerate(PATHS)}),
            "_fivetran_active": last,
            "_fivetran_synced": "2026-06-01 10:00:00",
            "date_entered": table["when"],
            "source": "CRM_UI",
            "value": table["stage"].map(lambda stage: names.get(stage, stage.lower().replace(" ", ""))),
        }
    )


def versions_of_the_row(table):
    return pd.DataFrame(
        {
            "_fivetran_start": table["when"].astype(str),
            "_fivetran_end": "9999-12-31 23:59:59",
            "created_date": table.groupby("deal")["when"].transform("min").astype(str),
            "id": table["deal"],
            "is_won": table["stage"].eq("Closed Won"),
            "stage_name": table["stage"],
        }
    )


@pytest.mark.parametrize("export", [salesforce_history, hubspot_stages, versions_of_the_row])
def test_a_stage_history_of_a_crm_is_counted_by_deal_and_timed_by_its_changes(export, tmp_path, capsys):
    export(changes()).sample(frac=1, random_state=3).to_csv(tmp_path / "history.csv", index=False)
    assert main(["funnel", str(tmp_path / "history.csv"), "--json", "--today", "2026-09-01"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["input"], found["semantics"]) == ("stage-log", "history")
    steps = found["total"]["steps"]
    assert [step["n"] for step in steps] == COUNTS
    assert [step["median_days"] for step in steps] == [None, 3.0, 3.0, 3.0]
    assert [step["skipped"] for step in steps] == [0, 1, 1, 0]


def test_deals_of_the_same_account_are_no_log():
    deals = pd.DataFrame(
        {"id": [f"006{n}" for n in range(9)], "extra.AccountId": ["a", "b", "c"] * 3, "stage": ["A", "B", "C"] * 3}
    )
    assert find_log(deals, None, VOCABULARY) is None


def test_the_same_customer_several_times_at_one_stage_is_no_log():
    twice = pd.DataFrame({"id": ["1", "1", "2", "2", "3"], "stage": ["报价", "报价", "签约", "签约", "报价"]})
    assert find_log(twice, None, VOCABULARY) is None
    assert find_log(twice.assign(stage=["初谈", "报价", "初谈", "签约", "报价"]), None, VOCABULARY) is not None


def test_several_deals_of_one_customer_are_no_log():
    rows = {"id": ["1", "1", "2", "2", "3", "3"], "stage": ["初谈", "签约", "报价", "初谈", "签约", "报价"]}
    deals = pd.DataFrame({**rows, "product": ["门", "窗", "窗", "门", "门", "灯"]})
    assert find_log(deals, None, VOCABULARY) is None
    assert find_log(deals.assign(product="门"), None, VOCABULARY) is not None


def test_one_name_of_a_deal_over_many_customers_is_no_log():
    rows = {"deal": ["New website"] * 3 + ["Support"] * 3, "stage": ["Demo", "Offer", "Won", "Won", "Demo", "Lost"]}
    deals = pd.DataFrame({**rows, "email": [f"p{n}@example.com" for n in range(6)]})
    assert find_log(deals, None, VOCABULARY) is None
    assert find_log(deals.assign(email=["a@example.com"] * 3 + ["b@example.com"] * 3), None, VOCABULARY) is not None


def score(tmp_path, capsys, table, name):
    table.to_csv(tmp_path / name, index=False)
    assert (
        main(["score", str(tmp_path / name), "-o", str(tmp_path / "out.csv"), "--json", "--today", "2026-09-01"]) == 0
    )
    return json.loads(capsys.readouterr().out), pd.read_csv(tmp_path / "out.csv", dtype=str)


def test_score_ranks_each_deal_of_a_log_once_by_its_last_row_and_says_so(tmp_path, capsys):
    log = (
        changes()
        .sample(frac=1, random_state=5)
        .rename(columns={"deal": "商机编号", "stage": "阶段", "when": "变更时间"})
    )
    found, scored = score(tmp_path, capsys, log, "log.csv")
    assert found["findings"][0]["code"] == "looks-like-log"
    outcome = {key: found["outcome"][key] for key in ("won", "lost", "open", "invalid")}
    assert outcome == {"won": 3, "lost": 1, "open": 2, "invalid": len(log) - 6}
    ranked = scored[scored["评分"].notna()]
    last = log.sort_values("变更时间").groupby("商机编号")["阶段"].last()
    open_ = ranked[~ranked["阶段"].str.startswith("Closed")]
    assert dict(zip(open_["商机编号"], open_["阶段"], strict=True)) == {"006D": last["006D"], "006E": last["006E"]}


def test_score_ranks_each_user_of_events_once_and_says_so(tmp_path, capsys):
    events = pd.DataFrame(
        {
            "用户ID": ["u1", "u2", "u1", "u2", "u3", "u1"],
            "事件": ["首页", "首页", "商品页", "首页", "首页", "支付"],
            "时间": [f"2026-05-0{day} 10:00" for day in (1, 1, 2, 3, 4, 5)],
        }
    )
    found, scored = score(tmp_path, capsys, events, "events.csv")
    assert found["findings"][0]["code"] == "looks-like-events"
    assert scored.loc[scored["评分"].notna(), "用户ID"].tolist() == ["u2", "u3", "u1"]
