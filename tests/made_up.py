"""A made-up report, as the pipeline would hand it to the writers: five minutes of a sales team that never existed."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random

import pandas as pd

from lostdeals.evaluation import CalibrationGroup
from lostdeals.model import (
    Analysis,
    ColumnMatch,
    Evaluation,
    Finding,
    Funnel,
    Layout,
    LeftOut,
    OutcomeReading,
    Report,
    Segment,
    Sheet,
    Step,
)
from lostdeals.schema import CHANGES, PLACES, PLAN, POINTS, ROLE_KINDS, SCORED, check
from lostdeals.vocab import Vocabulary, Words

TODAY = date(2026, 11, 20)
FIRST_ROW = 4
"""A title, a note and the header stand above it."""

COLUMNS = {
    "zh": [
        "客户姓名",
        "公司",
        "手机",
        "邮箱",
        "来源",
        "负责人",
        "跟进状态",
        "报价金额",
        "未成交原因",
        "备注",
        "创建日期",
        "最近联系",
    ],
    "en": [
        "Name",
        "Company",
        "Mobile",
        "E-mail",
        "Lead source",
        "Owner",
        "Status",
        "Amount",
        "Lost reason",
        "Notes",
        "Created",
        "Last contact",
    ],
}
ROLES = [
    "name",
    "company",
    "phone",
    "email",
    "source",
    "owner",
    "stage",
    "amount",
    "loss_reason",
    "notes",
    "created_at",
    "last_contact_at",
]
NAMES = {
    "zh": [a + b for a in "王李张刘陈杨赵黄" for b in ("小明", "芳", "伟", "静怡", "磊", "秀英")],
    "en": ["Wei Li", "Ann Smith", "Bo Chen", "Kim Ray", "Lee Fox"],
}
COMPANIES = {
    "zh": ["晨光贸易", "远山科技", "青禾食品", "北辰物流", "海棠服饰"],
    "en": ["Dawn Trading", "Farhill Tech", "Green Foods", "Polaris"],
}
OWNERS = {"zh": ["周敏", "吴强", "郑洁"], "en": ["Mia", "Tom", "Zoe"]}
NOTES = {
    "zh": {
        "price": "觉得报价太贵，要再比较",
        "competitor": "已经选了别家",
        "unresponsive": "三次未接电话",
        "budget": "今年没有预算",
        "timing": "明年再说",
        None: None,
    },
    "en": {
        "price": "finds it too expensive",
        "competitor": "went with someone else",
        "unresponsive": "no answer, three calls",
        "budget": "no budget this year",
        "timing": "maybe next year",
        None: None,
    },
}
STAGES = ["initial", "interest", "in_depth", "decision"]
SOURCES = {
    "referral": ("转介绍", "Referral"),
    "search": ("百度", "Search"),
    "online_ads": ("抖音", "Ads"),
    "event": ("展会", "Fair"),
    "social": ("朋友圈", "Social"),
}
REASONS = ["price"] * 5 + ["competitor"] * 3 + ["unresponsive"] * 3 + ["budget"] * 2 + ["timing"] * 2 + [None]
TIERS = ["high_value", "potential", "general", "low_value"]


@cache
def words(lang: str = "zh") -> Words:
    """The shipped words."""
    return Words(Vocabulary(), lang)


@cache
def report(lang: str = "zh", n: int = 300) -> Report:
    """A finished report about n customers; the same one each time, so leave its frames as they are."""
    leads = _leads(lang, n)
    sheet = _customers(lang, leads)
    layout = Layout(
        header_rows=(FIRST_ROW - 1,),
        columns=tuple(
            ColumnMatch(chr(65 + place), header, role, "alias", 0.97, role)
            for place, (header, role) in enumerate(zip(COLUMNS[lang], ROLES, strict=True))
        ),
        rows=tuple(leads["src_row"]),
        language=lang,
    )
    counts = Counter(leads["outcome_class"])
    return Report(
        source=sheet.path,
        sheets=(sheet, _prices(lang, sheet.path)),
        sheet=sheet,
        layout=layout,
        lang=lang,
        today=TODAY,
        leads=check(leads, SCORED),
        changes=check(_changes(leads), CHANGES),
        points=check(_points(leads), POINTS),
        plan=check(_plan(leads), PLAN),
        outcome=OutcomeReading("stage", COLUMNS[lang][6], {"成交": "won", "流失": "lost"}),
        evaluation=Evaluation(
            method="learned",
            why="learned",
            values={"won": counts["won"], "lost": counts["lost"]},
            validation="time split",
            auc=0.81,
            auc_low=0.77,
            auc_high=0.85,
            brier=0.142,
            ece=0.03,
            top_decile_lift=2.9,
            brier_gain=0.21,
            ece_floor=0.025,
            top_rate=0.61,
            base_rate=0.21,
            tested=90,
            folds_auc=0.83,
            calibration=tuple(CalibrationGroup(18, expected, won) for expected, won in ((0.6, 11), (0.3, 5), (0.1, 2))),
            step="stack",
            rarer=counts["won"],
            leaky_columns=(LeftOut(COLUMNS[lang][8], "role-reason"),),
            used_columns=(COLUMNS[lang][4], COLUMNS[lang][7]),
        ),
        card="默认评分卡" if lang == "zh" else "Default card",
        analysis=_analysis(leads),
        findings=(Finding("error-value", 9, f"{sheet.name}!L{FIRST_ROW}"),) if n else (),
        seconds={"read": 0.1, "total": 1.0},
    )


def _leads(lang: str, n: int) -> pd.DataFrame:
    dice = Random(7)
    rows = [_lead(lang, dice, number) for number in range(n)]
    leads = pd.DataFrame(rows, columns=_lead(lang, Random(7), 0).keys())
    for column, kind in {**SCORED, **{role: ROLE_KINDS[role] for role in ROLES}}.items():
        if kind == "text":
            leads[column] = leads[column].astype(object).where(leads[column].notna(), None)
        elif kind == "number":
            leads[column] = leads[column].astype("float64")
        elif kind == "whole":
            leads[column] = leads[column].astype("int64")
        elif kind == "date":
            leads[column] = pd.to_datetime(leads[column])
    if n >= 20:
        sheet = leads.loc[0, "src_sheet"]
        leads.loc[[9, 17], "duplicate_of"] = [2.0, 5.0]
        leads.loc[[9, 17], "duplicate_by"] = ["phone", "name"]
        leads.loc[[3, 9], "data_issues"] = [
            f"unread-dates@{sheet}!L{FIRST_ROW + 3}",
            f"placeholder-contact@{sheet}!D{FIRST_ROW + 9}; damaged-number@{sheet}!C{FIRST_ROW + 9}",
        ]
    return leads


def _lead(lang: str, dice: Random, number: int) -> dict[str, object]:
    outcome = dice.choices(["won", "lost", "open", "invalid"], [17, 58, 22, 3])[0]
    stage = dice.choices(STAGES, [30, 30, 25, 15])[0]
    source = dice.choice(list(SOURCES))
    reason = dice.choice(REASONS) if outcome in ("lost", "open") else None
    amount = float(dice.choice([3, 5, 8, 12, 20, 35]) * 1000) if dice.random() < 0.9 else None
    created = datetime.fromisoformat("2026-02-02") + timedelta(days=dice.randrange(280))
    score = round(min(99.0, max(3.0, dice.gauss(52, 20))), 1) if outcome in ("lost", "open") else None
    probability = round((score or 0) / 160, 4) if score is not None else None
    name = dice.choice(NAMES[lang])
    zh = lang == "zh"
    return {
        "src_sheet": "客户跟进表" if zh else "Customers",
        "src_row": FIRST_ROW + number,
        "name": name,
        "company": dice.choice(COMPANIES[lang]),
        "phone": f"1990000{number % 10000:04d}",
        "email": f"customer{number}@example.com",
        "source": SOURCES[source][lang == "en"],
        "owner": dice.choice(OWNERS[lang]),
        "stage": stage,
        "amount": amount,
        "loss_reason": reason,
        "notes": NOTES[lang][reason],
        "created_at": created,
        "last_contact_at": created + timedelta(days=dice.randrange(40)),
        "duplicate_of": None,
        "duplicate_by": None,
        "data_issues": None,
        "outcome_class": outcome,
        "stage_class": "decision" if outcome == "won" else stage,
        "reason_class": f"{reason}; timing" if reason == "price" and dice.random() < 0.2 else reason,
        "main_reason": reason,
        "reason_from": "notes" if reason else None,
        "reason_confidence": round(dice.uniform(0.5, 1), 2) if reason else None,
        "reason_evidence": NOTES[lang][reason],
        "need_class": dice.choice(["function", "price", "service; price", None]),
        "intent_class": dice.choice(["high", "medium", "low", None]),
        "value_class": dice.choice(["high", "medium", "low"]),
        "source_class": source,
        "region_class": None,
        **dict.fromkeys(PLACES),
        "behaviour_class": dice.choice(["active", "potential", "dormant"]),
        "party_class": None,
        "tier": TIERS[min(3, int((100 - score) / 25))] if score is not None else None,
        "score": score,
        "win_probability": probability,
        "expected_value": probability * amount if probability is not None and amount else None,
        "grade": "ABC"[min(2, int((100 - score) / 34))] if score is not None else None,
        "grade_notes": None,
        "why": (
            "来源为转介绍、意愿高；价格是主要障碍，给出分期方案可提高评分"
            if zh
            else "Referred and keen; the price stands in the way, an instalment offer would lift the score"
        )
        if score is not None
        else None,
        "next_action": (
            "电话回访，说明分期方案，并约一次上门演示"
            if zh
            else "Call back, explain instalments and offer a demonstration"
        )
        if score is not None
        else None,
        "next_contact": datetime.fromisoformat("2026-11-23") + timedelta(days=number % 5)
        if score is not None
        else None,
    }


def _customers(lang: str, leads: pd.DataFrame) -> Sheet:
    zh = lang == "zh"
    labels = {"won": "成交" if zh else "Won", "lost": "流失" if zh else "Lost", "invalid": "无效" if zh else "Invalid"}
    table = leads[ROLES].astype(object).where(leads[ROLES].notna(), None)
    table["stage"] = [labels.get(o, "跟进中" if zh else "Open") for o in leads["outcome_class"]]
    for column in ("created_at", "last_contact_at"):
        table[column] = [None if value is None else value.to_pydatetime() for value in table[column]]
    above = [
        ["未成交客户跟进表" if zh else "Customers who have not bought"],
        ["仅供内部使用" if zh else "Internal"],
        COLUMNS[lang],
    ]
    below = [["合计" if zh else "Total", *[None] * 6, float(leads["amount"].sum())]]
    lines = [[*line, *[None] * (len(ROLES) - len(line))] for line in [*above, *table.to_numpy().tolist(), *below]]
    cells = pd.DataFrame(
        lines, index=range(1, len(lines) + 1), columns=[chr(65 + i) for i in range(len(ROLES))], dtype=object
    )
    cells = cells.where(cells.notna(), None)
    file = "9月未成交客户.xlsx" if zh else "lost customers.xlsx"
    return Sheet(
        Path(file), "客户跟进表" if zh else "Customers", cells, merged=((1, 1, 1, 12),), widths={"A": 10.0, "D": 24.0}
    )


def _prices(lang: str, path: Path) -> Sheet:
    cells = pd.DataFrame(
        [["产品", "价格"], ["标准版", 3000.0], ["专业版", 8000.0]], index=[1, 2, 3], columns=["A", "B"], dtype=object
    )
    return Sheet(path, "产品价格" if lang == "zh" else "Prices", cells)


def _changes(leads: pd.DataFrame) -> pd.DataFrame:
    some = leads.index[:: max(1, len(leads) // 40)] if len(leads) else leads.index
    table = {
        "lead": list(some),
        "column": ["phone"] * len(some),
        "rule": ["made-up-rule"] * len(some),
        "before": [f"+86 {phone}.0" for phone in leads.loc[some, "phone"]],
        "after": list(leads.loc[some, "phone"]),
    }
    return pd.DataFrame(table).astype(
        {"lead": "int64", "column": object, "rule": object, "before": object, "after": object}
    )


def _points(leads: pd.DataFrame) -> pd.DataFrame:
    scored = leads.index[leads["score"].notna()]
    table = {
        "lead": list(scored),
        "factor": ["source"] * len(scored),
        "points": [0.4] * len(scored),
        "say": ["转介绍"] * len(scored),
    }
    return pd.DataFrame(table).astype({"lead": "int64", "factor": object, "points": "float64", "say": object})


def _plan(leads: pd.DataFrame) -> pd.DataFrame:
    queue = leads[leads["outcome_class"].eq("open")].sort_values("score", ascending=False)
    table = {
        "lead": list(queue.index),
        "priority": range(1, len(queue) + 1),
        "action": list(queue["next_action"]),
        "why": list(queue["why"]),
        "due": list(queue["next_contact"]),
        "owner": list(queue["owner"]),
    }
    plan = pd.DataFrame(table).astype(
        {"lead": "int64", "priority": "int64", "action": object, "why": object, "owner": object}
    )
    return plan.assign(due=pd.to_datetime(plan["due"]))


def _analysis(leads: pd.DataFrame) -> Analysis:
    dimensions = {"stage": "stage_class", "loss_reason": "main_reason", "need": "need_class"}
    dimensions |= {"intent": "intent_class", "value": "value_class", "tier": "tier", "grade": "grade"}
    counts = {
        name: dict(Counter(part for value in leads[column] for part in str(value or "unknown").split("; ")))
        for name, column in dimensions.items()
    }
    lost = leads[leads["outcome_class"].eq("lost")]
    reasons = pd.DataFrame(
        [
            {
                "reason": reason,
                "n": len(group),
                "share": len(group) / len(lost),
                "amount": group["amount"].sum(),
                "read_from_text": len(group) // 3,
            }
            for reason, group in lost.groupby(lost["main_reason"].fillna("unknown"))
        ],
        columns=["reason", "n", "share", "amount", "read_from_text"],
    )
    reasons = reasons.assign(last=reasons["reason"].eq("unknown")).sort_values(["last", "n"], ascending=[True, False])
    sources = _by(leads, leads["source"], "source")
    months = _by(leads, leads["created_at"].dt.strftime("%Y-%m"), "month")
    sources["rate"] = sources["won"] / (sources["won"] + sources["lost"]).where(lambda n: n > 0)
    return Analysis(
        counts=counts,
        funnel=_funnel(leads),
        sources=sources.sort_values("n", ascending=False),
        reasons=reasons.drop(columns="last"),
        months=months[["month", "n", "won", "lost"]],
    )


def _by(leads: pd.DataFrame, key: pd.Series, name: str) -> pd.DataFrame:
    rows = [
        {name: value, "n": len(group), **{o: int(group["outcome_class"].eq(o).sum()) for o in ("won", "lost", "open")}}
        for value, group in leads.groupby(key)
    ]
    return pd.DataFrame(rows, columns=[name, "n", "won", "lost", "open"])


def _funnel(leads: pd.DataFrame) -> Funnel | None:
    if leads.empty:
        return None
    valid = leads[leads["outcome_class"].ne("invalid")]
    segments = [
        Segment(
            str(value),
            _steps(group),
            rate := float(group["outcome_class"].eq("won").mean()),
            (max(0.0, rate - 0.1), rate + 0.1),
            0.2,
            0.4,
            len(group) >= 10,
        )
        for value, group in valid.groupby("source_class")
    ]
    return Funnel("sales", "reached-at-least", _steps(valid, band=True), "source", tuple(segments))


def _steps(leads: pd.DataFrame, *, band: bool = False) -> tuple[Step, ...]:
    place = leads["stage_class"].map({stage: number for number, stage in enumerate(STAGES)})
    reached = [int((place >= number).sum()) for number in range(4)] + [int(leads["outcome_class"].eq("won").sum())]
    steps = []
    for key, n, before in zip([*STAGES, "won"], reached, [None, *reached], strict=False):
        first = n / reached[0] if reached[0] else None
        previous = n / before if before else None
        steps.append(Step(key, n, first, previous, n if band else None, n + 5 if band else None))
    return tuple(steps)
