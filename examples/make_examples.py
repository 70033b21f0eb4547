"""Write the example sheets of this folder: made-up people, the same bytes at every run.

    python examples/make_examples.py [FOLDER]

The words are in ``words.toml``. Each file has its own random stream, so changing one leaves the others as they are.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

from files import fill_sheet, text, xlsx
from follow_up import lost_deals
from handwriting import TODAY, WORDS, clock, draw, mobiles, person, phone_en, plain, say, settle, span, weighted
from openpyxl import Workbook

HERE = Path(__file__).parent
SEED = 12


def main(folder: Path = HERE) -> None:
    """Write every example into a folder."""
    for name, make in MAKERS.items():
        (folder / name).write_bytes(make(Random(f"{SEED}/{name}")))


def leads_gbk(rng: Random) -> bytes:
    """A truck dealer's leads as its CRM exports them: 58 won, 125 lost, 22 invalid, 95 open; GB18030."""
    words = WORDS["leads"]
    drawn = [(weighted(rng, words["sources"]), weighted(rng, words["levels"])) for _ in range(300)]
    outcomes = settle(rng, [by_source + by_level for (_, (by_source,)), (_, (by_level,)) in drawn], 58, 205)
    for i in rng.sample([i for i, outcome in enumerate(outcomes) if outcome == "lost"], 22):
        outcomes[i] = "invalid"
    rows = []
    for phone, ((source, _), (level, _)), outcome in zip(mobiles(rng, 300), drawn, outcomes, strict=True):
        rows.append(_lead(rng, phone, outcome) | {"线索来源": source, "客户级别": level})
    return text(sorted(rows, key=lambda row: row["创建时间"], reverse=True), "gb18030")


def _lead(rng: Random, phone: str, outcome: str) -> dict[str, str]:
    words, companies = WORDS["leads"], WORDS["companies"]
    first, last = span(rng, outcome == "open")
    created, touched = sorted((clock(rng, first), clock(rng, last)))
    kind, pick, note = "", "", ""
    if outcome == "open":
        status, note = draw(rng, words["open_statuses"]), rng.choice(words["ongoing"])
    elif outcome == "won":
        status, note = words["won_status"], rng.choice(words["won"])
    elif outcome == "invalid":
        status = kind = words["invalid_status"]
        pick = note = rng.choice(words["junk"])
    else:
        reason, (kind, *picks) = weighted(rng, words["reasons"])
        status, note, pick = words["lost_status"], rng.choice(words["lost"][reason]), rng.choice([*picks, "其他", ""])
        if pick in ("其他", ""):
            kind = rng.choice([kind, "其他", ""])
    waiting = status == words["waiting"]
    notes = [] if waiting else [say(rng, rng.choice(words["started"])), say(rng, note)]
    province, city = rng.choice(words["places"]).split()
    company = rng.choice(companies["stems"]) + rng.choice(words["tails"])
    return {
        "线索名称": f"{company}-{person(rng, phone)[0]}", "线索来源": "",
        "手机": f"\t{phone}",  # the tab is how such exports keep Excel from making it a number
        "客户行业": rng.choice(words["industries"]), "客户级别": "", "所在省份": province, "城市": city,
        "负责人": "" if waiting else rng.choice(words["owners"]), "线索状态": status, "战败类型": kind, "战败原因": pick,
        "创建时间": str(created), "最后跟进时间": "" if waiting else str(touched),
        "下次联系时间": str(TODAY + timedelta(rng.randint(-6, 21))) if outcome == "open" else "", "备注": "；".join(notes),
    }  # fmt: skip


def deals_en(rng: Random) -> bytes:
    """An English CRM export of a field-service software vendor: 88 won, 174 lost, 88 open."""
    words, drawn, chances = WORDS["crm"], [], []
    for _ in range(350):
        source, (by_source,) = weighted(rng, words["sources"])
        product, value = draw(rng, words["products"]), int(rng.lognormvariate(8.4, 0.8)) // 10 * 10
        activities = 1 + int(rng.triangular(0, 14, 3))
        drawn.append((source, product, value, activities))
        by_product = 0.6 if product == "Scheduling Pro" else 0
        chances.append(by_source + by_product + 0.28 * (activities - 6) - 0.5 * (math.log(value) - 8.4))
    outcomes = settle(rng, chances, 88, 262)
    rows = [_deal_en(rng, number, *facts) for number, facts in enumerate(zip(outcomes, drawn, strict=True))]
    return text(rows, "utf-8")


def _deal_en(rng: Random, number: int, outcome: str, drawn: tuple[str, str, int, int]) -> dict[str, str | int]:
    words, (source, product, value, activities) = WORDS["crm"], drawn
    first, last = span(rng, outcome == "open")
    reason, picks = weighted(rng, words["reasons"])
    pick = rng.choice([*picks * 4, "Other", ""]) if outcome == "lost" else ""
    closing = {"won": words["won"], "open": words["ongoing"], "lost": words["lost"][reason]}[outcome]
    notes = [rng.choice(words["opening"]), *rng.sample(words["middle"], rng.randint(0, 2)), rng.choice(closing)]
    if outcome == "lost" and rng.random() < 0.05:
        pick, notes, last = rng.choice(words["junk"]), [], first
    told = [say(rng, note) for note in notes]
    created, touched = sorted((clock(rng, first), clock(rng, last)))
    company = f"{rng.choice(words['stems'])} {rng.choice(words['tails'])}"
    given, family = rng.choice(words["first"]), rng.choice(words["last"])
    mail = f"{plain(given)}.{plain(family)}@{plain(company)}.example.com"
    return {
        "Deal - Title": f"{company} – {product}", "Deal - Value": value if rng.random() < 0.93 else "",
        "Deal - Currency of Value": draw(rng, words["currencies"]), "Deal - Owner": rng.choice(words["owners"]),
        "Deal - Stage": draw(rng, words["stages"]), "Deal - Status": outcome, "Deal - Lost reason": pick,
        "Deal - Deal created": str(created),
        "Deal - Last activity date": str(touched.date()) if rng.random() < 0.95 else "",
        "Deal - Won time": str(touched) if outcome == "won" else "",
        "Deal - Lost time": str(touched) if outcome == "lost" else "", "Deal - Total activities": activities,
        "Deal - Source channel": source, "Deal - Product name": product, "Organization - Name": company,
        "Person - Name": f"{given} {family}", "Person - Email - Work": mail if rng.random() < 0.8 else "",
        "Person - Phone - Work": phone_en(rng, number),
        "Deal - Notes": " ".join(note[0].upper() + note[1:] for note in told),
    }  # fmt: skip


def dealers(rng: Random) -> bytes:
    """Access-control dealers for the A/B/C scorecard: the edge cases of words.toml among ordinary ones."""
    words = WORDS["dealers"]
    facts = list(words["edges"])
    while len(facts) < 40:
        staff = int(rng.triangular(3, 60, 12))
        facts.append([
            draw(rng, words["products"]), draw(rng, words["modes"]), staff, max(1, int(staff * rng.uniform(0.1, 0.4))),
            max(1, int(staff * rng.uniform(0.1, 0.4))), rng.choice([10, 30, 50, 50, 100, 100, 200, 500]),
            rng.choice(words["orders"]), rng.choice(words["arrears"]), rng.choice([0.5, 1, 1.5, 2, 2.5, 3, 4, 5, 8, 12]),
        ])  # fmt: skip
    rng.shuffle(facts)
    rows = []
    for fact, phone in zip(facts, mobiles(rng, 40), strict=True):
        city = rng.choice(words["cities"])
        name = f"{city}{rng.choice(WORDS['companies']['stems'])}{rng.choice(words['tails'])}"
        rows.append([name, person(rng, phone)[0], phone, city, *(value if value != "" else None for value in fact)])
    book = Workbook()
    book.active.title = "经销商"
    fill_sheet(book.active, words["headers"], rows, 1, [26, 10, 14, 10, 34, 24, 11, 10, 10, 14, 13, 16, 13])
    return xlsx(book)


def funnel_counts(rng: Random) -> bytes:
    """A funnel somebody counted already, from the opened page to the paid order."""
    words = WORDS["funnel"]
    pairs = zip(words["steps"], words["counts"], strict=True)
    return text([{"步骤": step, "人数": count} for step, count in pairs], "utf-8-sig")


def shop_customers(rng: Random) -> bytes:
    """An online shop's enquiries: the young find it dear, the middle-aged doubt the quality; reasons stand in the notes only."""
    words = WORDS["shop"]
    rows = []
    for number, phone in enumerate(mobiles(rng, 420), start=1):
        age = int(rng.triangular(18, 68, 31))
        group = 0 if age < 35 else 1 if age < 55 else 2
        luck, note = rng.random(), ""
        if luck < 0.24:
            result, note = "已成交", rng.choice(words["won_note"])
        elif luck < 0.82:
            reasons = list(words["weights"])
            reason = rng.choices(reasons, [words["weights"][key][group] for key in reasons])[0]
            result, note = "未成交", rng.choice(words["reasons"][reason])
        else:
            result, note = "跟进中", rng.choice(words["open_note"])
        rows.append({
            "编号": f"S{number:04d}", "姓名": person(rng, phone)[0], "手机": phone, "年龄": age,
            "职业": "退休" if age >= 60 else rng.choice(words["occupations"][:-2]),
            "来源": draw(rng, words["sources"]), "意向产品": rng.choice(words["products"]),
            "购买意愿": draw(rng, words["intents"]), "成交金额": rng.randrange(3, 40) * 100 if result == "已成交" else "",
            "结果": result, "沟通记录": note,
        })  # fmt: skip
    return text(rows, "utf-8-sig")


def loan_customers(rng: Random) -> bytes:
    """A lender's enquiries: who did not know that one can pay by instalments lacked the money far more often."""
    words = WORDS["loan"]
    rows = []
    for number, phone in enumerate(mobiles(rng, 360), start=1):
        aware = rng.choices(words["aware"], [45, 55])[0]
        won = rng.random() < words["chances"][aware]
        reasons = list(words["reasons"])
        reason = rng.choices(reasons, [words["reasons"][key][aware == "否"] for key in reasons])[0]
        rows.append({
            "客户编号": f"L{number:04d}", "客户姓名": person(rng, phone)[0], "联系电话": phone,
            "年龄": int(rng.triangular(22, 60, 35)), "职业": rng.choice(words["occupations"]),
            "月收入": rng.choice(words["incomes"]), "咨询产品": rng.choice(words["products"]),
            "是否了解分期": aware, "是否成交": "是" if won else "否", "未成交原因": "" if won else reason,
        })  # fmt: skip
    return text(rows, "utf-8-sig")


def stage_log(rng: Random) -> bytes:
    """Every stage every customer entered; some skip a stage, some fall back, some are still on their way."""
    words = WORDS["log"]
    log: list[tuple[str, str, datetime, str]] = []
    for number in range(1, 201):
        owner = rng.choice(list(words["owners"]))
        moment, at = clock(rng, date(2026, 1, 5) + timedelta(rng.randrange(310))), 0
        while True:
            log.append((f"K{number:04d}", [*words["stages"], words["won"]][at], moment, owner))
            if at == len(words["stages"]):
                break
            chance, days = words["steps"][at]
            moment = clock(rng, moment.date() + timedelta(1 + int(rng.lognormvariate(math.log(days), 0.7))))
            if rng.random() > chance + words["owners"][owner]:
                log.append((f"K{number:04d}", words["lost"], moment + timedelta(days=rng.randint(3, 30)), owner))
                break
            luck = rng.random()
            at += -1 if luck < 0.05 and at else 2 if luck > 0.95 and at < 2 else 1
            owner = rng.choice(list(words["owners"])) if rng.random() < 0.03 else owner
    past = sorted((entry for entry in log if entry[2].date() <= TODAY), key=lambda entry: (entry[2], entry[0]))
    return text(
        [{"客户编号": k, "阶段": s, "进入时间": f"{m:%Y-%m-%d %H:%M}", "销售顾问": o} for k, s, m, o in past],
        "utf-8-sig",
    )


def shop_events(rng: Random) -> bytes:
    """What 600 visitors of a shop did and when; a visitor who is told of it by a friend buys more often."""
    words = WORDS["events"]
    rows = []
    for number in range(1, 601):
        source, chance = rng.choice(list(words["sources"].items()))
        moment = clock(rng, date(2026, 9, 1) + timedelta(rng.randrange(80)))
        for step in words["steps"]:
            rows.append({"用户ID": f"u{number:04d}", "事件": step, "时间": moment, "客户来源": source})
            if rng.random() < 0.3:
                rows.append({**rows[-1], "时间": moment + timedelta(minutes=rng.randint(1, 9))})
            if rng.random() > chance:
                break
            moment += (
                timedelta(minutes=rng.randint(1, 20)) if rng.random() < 0.7 else timedelta(hours=rng.randint(5, 200))
            )
    past = sorted((row for row in rows if row["时间"].date() <= TODAY), key=lambda row: (row["时间"], row["用户ID"]))
    return text([{**row, "时间": f"{row['时间']:%Y-%m-%d %H:%M}"} for row in past], "utf-8-sig")


def two_salespeople(rng: Random) -> bytes:
    """Simpson's case: 李 closes fewer of the referred and fewer of the advertised customers, and more of all."""
    words = WORDS["salespeople"]
    rows = [
        {"客户编号": "", "销售": owner, "客户来源": source, "是否成交": words["won"] if place < won else words["lost"]}
        for owner, source, won, n in words["counts"]
        for place in range(n)
    ]
    rng.shuffle(rows)
    return text([{**row, "客户编号": f"S{number:03d}"} for number, row in enumerate(rows, 1)], "utf-8-sig")


def channel_costs(rng: Random) -> bytes:
    """What the sources of crm-export-en.csv cost per month."""
    months = [f"2026-{month:02d}-01" for month in range(1, 12)]
    costs = WORDS["costs"]["monthly"]
    rows = [
        (month, source, cost + rng.randrange(-cost // 5, cost // 5))
        for month in months
        for source, cost in costs.items()
    ]
    return text([{"month": month, "source": source, "cost": cost} for month, source, cost in rows], "utf-8")


MAKERS: dict[str, Callable[[Random], bytes]] = {
    "lost-deals.xlsx": lost_deals,
    "crm-export-gbk.csv": leads_gbk,
    "crm-export-en.csv": deals_en,
    "channel-dealers.xlsx": dealers,
    "funnel-counts.csv": funnel_counts,
    "stage-log.csv": stage_log,
    "shop-customers.csv": shop_customers,
    "loan-customers.csv": loan_customers,
    "shop-events.csv": shop_events,
    "two-salespeople.csv": two_salespeople,
    "channel-costs.csv": channel_costs,
}

if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
