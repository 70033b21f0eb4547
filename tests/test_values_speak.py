"""Columns whose header says little are known by their values, by the other columns, and by what only lost rows fill."""

import pandas as pd
import pytest

from lostdeals.understand.column_shape import shapes_of
from lostdeals.understand.day_order import BETWEEN, EARLY, LATE, day_order
from lostdeals.understand.profile import profile_of
from lostdeals.understand.roles import match_columns
from lostdeals.understand.value_model import ValueModel
from lostdeals.understand.values import values_of
from lostdeals.vocab import load
from lostdeals.vocab.outcome_words import opposites

VOCABULARY = load()
NAMES = ["Ann Marsh", "Bob Stone", "Cleo Vale", "Dan Frost", "Eve Lund", "Fay Moss", "Gus Reed", "Hana West"]
TEAM = ["Tony", "Sue", "Tony", "Marge", "Sue", "Tony", "Marge", "Sue"]
BOUGHT = ["yes", "no", "no", "yes", "no", "yes", "no", "no"]


def likely(cells):
    """How many times likelier the cells are in a column of each role."""
    profile = profile_of(pd.Series(cells, dtype=object), values_of(VOCABULARY))
    return ValueModel.load().likelihoods(profile, shapes_of(VOCABULARY).of(profile))


def best(cells):
    found = likely(cells)
    return max(found, key=found.get)


def roles(columns):
    headers = {chr(65 + place): header for place, header in enumerate(columns)}
    data = pd.DataFrame(dict(zip(headers, columns.values(), strict=True)), dtype=object)
    return {match.header: match.role for match in match_columns(headers, data, VOCABULARY, {})}


def test_the_same_few_people_look_after_customers_and_people_who_differ_are_customers():
    found = roles({"Zorg": TEAM, "Quux": NAMES})
    assert found == {"Zorg": "owner", "Quux": "name"}


def test_a_header_that_surely_means_no_role_gets_none_for_its_people():
    assert roles({"Approved by": TEAM, "Name": NAMES}) == {"Approved by": "extra", "Name": "name"}


@pytest.mark.parametrize(
    ("cells", "role"),
    [
        (["Acme Ltd", "Birch Inc", "Cobalt Systems", "Delta LLC", "Ember Studio", "Flint & Sons"], "company"),
        (["云帆科技有限公司", "青禾商贸有限公司", "海岳实业有限公司", "北辰机械厂"], "company"),
        (["4 Mill Lane", "12 Oak Street", "9 Park Road", "31 High St", "7 Elm Close", "88 Pine Ave"], "address"),
        (["人民路12号", "和平街8号", "中山大道33号", "阳光小区3栋", "解放路5号"], "address"),
        (["Google", "referral", "Facebook", "Google", "walk in", "Facebook", "Google", "flyer"], "source"),
        (["抖音", "转介绍", "百度", "抖音", "门店", "抖音", "老带新", "百度"], "source"),
        (["too expensive", "", "went with a cheaper firm", "no budget", "", "never replied"], "loss_reason"),
        (["价格太贵", "", "选了别家", "家人不同意", "", "联系不上"], "loss_reason"),
        (["Sales Manager", "Head of IT", "CEO", "Buyer", "Office Manager"], "job_title"),
    ],
)
def test_values_show_what_they_are_without_a_header(cells, role):
    assert best([cell or None for cell in cells]) == role


def test_large_numbers_are_sums_and_no_words():
    found = likely([1200, 3400, 560, 990, 15000])
    assert found["need"] < 0.5 < 2 < found["amount"]


def test_an_empty_column_makes_nothing_likelier():
    assert likely([]) == {}
    assert likely([None, None]) == {}


def test_a_list_of_choices_repeats_and_a_name_does_not():
    often, never = likely(TEAM), likely(NAMES)
    assert often["name"] < 1 < never["name"]
    assert never["owner"] < 1 < often["owner"]


def test_how_values_repeat_is_told_alike_in_sheets_of_any_length():
    """A name that comes twice among hundreds of customers is no list of choices."""
    first = [
        "Ann",
        "Ben",
        "Cleo",
        "Dan",
        "Eve",
        "Fay",
        "Gus",
        "Hana",
        "Ian",
        "Joy",
        "Kim",
        "Leo",
        "Mia",
        "Ned",
        "Oda",
        "Pam",
    ]
    last = [
        "Marsh",
        "Stone",
        "Vale",
        "Frost",
        "Lund",
        "Moss",
        "Reed",
        "West",
        "Hill",
        "Ford",
        "Lane",
        "Dale",
        "Wood",
        "Penn",
    ]
    many = [f"{a} {b}" for a in first for b in last]
    assert best(many[:8]) == best([*many, *many[:60]]) == "name"
    assert best(TEAM) == best(TEAM * 40) == "owner"


# --- days


def days(*columns):
    return day_order(VOCABULARY).told({place: pd.Series(cells, dtype=object) for place, cells in enumerate(columns)})


def test_what_lies_behind_all_other_days_is_the_next_contact_and_what_lies_before_them_the_entry():
    entry = [f"2025-01-{n:02d}" for n in range(1, 9)]
    called = [f"2025-02-{n:02d}" for n in range(1, 9)]
    ahead = [f"2025-06-{n:02d}" for n in range(1, 9)]
    assert days(called, ahead, entry) == {0: BETWEEN, 1: LATE, 2: EARLY}
    found = roles({"Name": NAMES, "Zorg on": called, "Give a bell on": ahead, "Created": entry})
    assert found["Give a bell on"] == "next_contact_at"


def test_a_birthday_is_no_step_of_a_sale():
    born = ["1980-05-06", "1975-02-03", "1990-11-12", "1969-08-09", "1985-01-02"]
    called = [f"2025-02-{n:02d}" for n in range(1, 6)]
    assert days(born, called) == {}


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ([f"{n}/03/2025" for n in range(12, 18)], {0: EARLY, 1: LATE}),
        ([f"03/{n}/2025" for n in range(12, 18)], {0: EARLY, 1: LATE}),
        ([f"0{n}/03/2025" for n in range(1, 7)], {}),
        ([f"{n}.03.25" for n in range(12, 18)], {0: EARLY, 1: LATE}),
        ([f"25/03/{n:02d}" for n in range(1, 7)], {0: EARLY, 1: LATE}),
        ([f"{n}-Mar-25" for n in range(12, 18)], {0: EARLY, 1: LATE}),
        ([f"Fri {n} March 2025" for n in range(12, 18)], {0: EARLY, 1: LATE}),
        ([f"Mar {n}, 2025" for n in range(12, 18)], {0: EARLY, 1: LATE}),
        ([f"2025-03-{n}T09:00:00Z" for n in range(12, 18)], {0: EARLY, 1: LATE}),
        ([f"{n} quotes 25" for n in range(12, 18)], {}),
        (["soon"] * 6, {}),
        ([None] * 6, {}),
        (["2025-13-45"] * 6, {}),
    ],
)
def test_days_are_compared_only_where_their_order_of_day_and_month_is_plain(cells, told):
    assert days(cells, [f"2025-06-{n:02d}" for n in range(1, 7)]) == told


def test_mixed_days_tell_nothing():
    assert days(["2025-01-01", "2025-09-01"] * 4, ["2025-05-01"] * 8) == {}


# --- what only lost rows fill


def test_a_column_that_only_lost_rows_fill_says_why():
    why = ["", "too dear", "moved away", "", "wife said no", "", "van broke", "no space"]
    found = roles({"Name": NAMES, "Bought?": BOUGHT, "Zorg": [cell or None for cell in why]})
    assert found["Zorg"] == "loss_reason"


def test_a_column_that_some_won_rows_fill_does_not():
    why = ["blue", "red", None, "green", "red", "blue", None, "red"]
    assert roles({"Name": NAMES, "Bought?": BOUGHT, "Zorg": why})["Zorg"] != "loss_reason"


def test_what_won_rows_say_as_well_is_no_reason_for_a_loss():
    grade = ["mild", "severe", "moderate", "moderate", "severe", "mild", "severe", "mild"]
    assert roles({"Name": NAMES, "Bought?": BOUGHT, "Hearing loss": grade})["Hearing loss"] != "loss_reason"


def test_the_yes_and_no_whose_no_has_the_reasons_is_the_outcome():
    why = [None, "too dear", "moved away", None, "no time", None, "price", "no space"]
    other = ["yes", "yes", "no", "no", "yes", "no", "yes", "no"]
    found = roles({"Name": NAMES, "Zorg?": BOUGHT, "Quux?": other, "Loss reason": why})
    assert (found["Zorg?"], found["Quux?"]) == ("outcome", "extra")


# --- a yes and a no of its own


@pytest.mark.parametrize(
    ("texts", "read"),
    [
        (["住了", "没住"], {"住了": True, "没住": False}),
        (["已交", "未交", "再说"], {"已交": True, "未交": False}),
        (["booked", "not booked"], {"booked": True, "not booked": False}),
        (["买走", "没"], {"买走": True, "没": False}),
        (["高", "低"], {}),
        (["没"], {}),
        (["0", "12"], {}),
        (["没住", "没租", "没买"], {}),
        ([f"没{n}" for n in range(9)], {}),
    ],
)
def test_one_value_that_negates_the_other_makes_a_yes_and_a_no(texts, read):
    assert opposites(VOCABULARY).read(texts) == read


def test_a_town_with_its_state_is_a_region_and_no_source():
    towns = ["Dallas, TX", "Reno, NV", "Miami, FL", "Salem, OR", "Omaha, NE", "Macon, GA"]
    assert roles({"Origin": towns}) == {"Origin": "region"}
    assert roles({"Place they come from": towns}) == {"Place they come from": "region"}


def test_brackets_that_list_choices_make_a_header_less_sure():
    headers = {"A": "Position (buying/selling)"}
    data = pd.DataFrame({"A": ["buying", "selling", "buying", "selling"]}, dtype=object)
    assert match_columns(headers, data, VOCABULARY, {})[0].confidence < 0.9


# --- what a known header means where its values are of another kind


def test_an_owner_of_every_row_is_the_customer_where_somebody_else_looks_after_them():
    assert roles({"Owner name": NAMES, "Rep": TEAM}) == {"Owner name": "name", "Rep": "owner"}
    assert roles({"Owner name": NAMES, "Name": NAMES[::-1]})["Owner name"] == "owner"


def test_telephones_under_a_header_that_numbers_rows_are_telephones():
    numbers = [f"07700 90012{n}" for n in range(8)]
    assert roles({"No.": numbers, "Name": NAMES})["No."] == "phone"
    assert roles({"No.": list(range(1, 9)), "Name": NAMES})["No."] == "ignore"


def test_a_vague_date_with_gaps_behind_all_others_is_the_next_contact_and_a_full_one_the_last():
    entry = [f"2026-01-0{n}" for n in range(1, 9)]
    late = [f"2026-05-1{n}" for n in range(8)]
    gaps = [None if n in (1, 4) else day for n, day in enumerate(late)]
    names = ["王晓明", "李文静", "赵一鸣", "孙丽", "周强", "吴敏", "郑洁", "冯涛"]
    assert roles({"姓名": names, "到访": entry, "回访时间": gaps})["回访时间"] == "next_contact_at"
    assert roles({"姓名": names, "到访": entry, "回访时间": late})["回访时间"] == "last_contact_at"


def test_a_small_word_at_the_end_is_dropped_where_the_values_forbid_what_it_says():
    prices = [1200, 3400, 560, 990, 15000, 2200, 780, 4100]
    assert roles({"Name": NAMES, "Quoted at": prices})["Quoted at"] == "amount"


def test_a_yes_and_no_and_the_words_that_only_its_no_rows_fill_show_each_other():
    why = [None, "zorg", "quux blue", None, "frob it", None, "zorg again", "too quux"]
    found = roles({"Name": NAMES, "Reported?": BOUGHT, "What hindered": why})
    assert (found["Reported?"], found["What hindered"]) == ("outcome", "loss_reason")


# --- a known header held against its values


@pytest.mark.parametrize(
    ("header", "cells", "role"),
    [
        ("Deal?", ["no", "yes", "no", "wait", "no", "yes", "no", "no"], "outcome"),
        ("Stage %", ["75%", "50%", "25%", "10%", "50%", "75%", "25%", "10%"], "probability"),
        (
            "Title",
            ["Plant Manager", "Buyer", "Head of IT", "CEO", "Office Manager", "Owner", "Engineer", "Buyer"],
            "job_title",
        ),
        (
            "Title",
            ["Weekly mow", "Sod backyard", "Deck - Hill", "Spring cleanup", "Patio", "Fence - Ray", "Hedge", "Lawn"],
            "deal",
        ),
        ("兴趣", ["一般", "没", "一般", "很大", "一般", "没", "很大", "一般"], "intent"),
    ],
)
def test_values_stand_against_a_header_that_may_mean_several_things(header, cells, role):
    assert roles({"Name": NAMES, header: cells})[header] == role


PEOPLE = ["Ivy Holt", "Jon Pike", "Kit Ross", "Lea Ford", "Max Dunn", "Nia Cole", "Oz Hart", "Pam Webb"]


@pytest.mark.parametrize("header", ["Source", "Product", "Feedback", "来源", "渠道"])
def test_people_under_a_header_that_means_one_thing_do_not_take_the_name_from_its_column(header):
    assert roles({"Name": NAMES, header: PEOPLE})["Name"] == "name"


@pytest.mark.parametrize("header", ["Stage", "Notes", "Source", "备注", "反馈"])
def test_values_alone_make_no_wish_to_be_left_alone(header):
    assert roles({"Name": NAMES, header: ["subscribed"] * 8})[header] != "do_not_contact"
    assert roles({"Name": NAMES, header: ["opted in"] * 8})[header] != "do_not_contact"


@pytest.mark.parametrize("header", ["推荐人", "介绍人", "Referred by", "Referrer"])
def test_the_telephone_of_whoever_sent_a_customer_is_not_the_customers(header):
    numbers = [f"1990000000{n}" for n in range(8)]
    assert roles({"客户": NAMES, "电话": [f"1990000001{n}" for n in range(8)], header: numbers})[header] != "phone"


@pytest.mark.parametrize("header", ["Do not stack", "Do not resuscitate", "Blocked drain", "勿压", "不接待外地"])
def test_what_is_not_to_be_done_with_things_is_no_wish_to_be_left_alone(header):
    assert roles({"Name": NAMES, header: ["Y", None, "N", "Y", None, None, "N", "Y"]})[header] == "extra"


@pytest.mark.parametrize(
    "header", ["Reason for switching", "现系统停用原因", "Reason for leaving last clinic", "更换原因"]
)
def test_a_reason_for_something_else_is_none_for_a_loss(header):
    why = ["too slow", "contract ended", "price rise", "bad service", "moved", "too slow", None, "bad service"]
    assert roles({"Name": NAMES, header: why})[header] != "loss_reason"
