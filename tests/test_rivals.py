"""Which of several columns says who bought, and what a header's words ask of the values."""

import pandas as pd
import pytest

from lostdeals.understand import match_columns
from lostdeals.vocab import load

VOCABULARY = load()
NAMES = [
    "Dana Whitlock",
    "Gerald Osei",
    "Marisol Vega",
    "Tom Hadley",
    "Priya Nair",
    "Walt Jensen",
    "Ann Lee",
    "Bob Ray",
]


def roles(**columns):
    headers = dict(zip("ABCDEFGH", columns, strict=False))
    data = pd.DataFrame({letter: columns[header] for letter, header in headers.items()}, dtype=object)
    return {match.header: match.role for match in match_columns(headers, data, VOCABULARY, {})}


def yes_no(pattern):
    return ["Yes" if sign == "y" else "No" for sign in pattern]


def test_the_sale_is_the_yes_and_no_whose_no_rows_have_the_reasons():
    found = roles(
        **{
            "Name": NAMES,
            "Consult Booked?": yes_no("yyynyyyy"),
            "Accepted Plan": yes_no("nnynyyny"),
            "Why Not": ["Cost", "Did not attend", None, "Scared of surgery", None, None, "Going abroad", None],
        }
    )
    assert (found["Accepted Plan"], found["Consult Booked?"], found["Why Not"]) == ("outcome", "extra", "loss_reason")


def test_the_last_of_steps_that_lead_to_one_another_is_the_sale():
    found = roles(**{"Name": NAMES, "Attended trial?": yes_no("yyyyyynn"), "Joined up?": yes_no("yynynnnn")})
    assert (found["Joined up?"], found["Attended trial?"]) == ("outcome", "extra")


def test_a_listed_header_is_believed_before_a_guessed_one():
    found = roles(**{"Name": NAMES, "Booked": yes_no("ynynynnn"), "Deposit Paid": yes_no("ynnnynnn")})
    assert (found["Booked"], found["Deposit Paid"]) == ("outcome", "extra")


@pytest.mark.parametrize(
    ("header", "cells", "role"),
    [
        ("LTV", ["90%", "75%", "80%", "60%", "95%", "70%"], "extra"),
        ("Renewal $", ["18,400", "5,940", "6,600", "4,050", "2,970", "1,500"], "amount"),
        ("Renewal ID", ["R-501", "R-502", "R-503", "R-504", "R-505", "R-506"], "id"),
        ("Uplift %", ["6", "12", "5", "8", "7", "10"], "extra"),
        ("FA Requested", ["N", "Y", "N", "N", "N", "Y"], "extra"),
        ("Subject", ["Maths", "Science", "English", "Maths", "Maths", "Malay"], "product"),
        ("Subject", ["Roof for Hall", "Loft at Oak St", "Barn, Dunn Farm", "Porch 12", "Gate, Elm Ct", "Deck"], "deal"),
        ("Remarks/Lost Reason", ["Price", None, "Too late", None, "No reply", "Price"], "loss_reason"),
        ("联系人及职务", ["王工 采购经理", "李总", "张部长", "赵经理", "孙主任", "周工"], "name"),
        ("Spoke to", ["Mrs Hall", "Mr Okoro", "Dr. Lee", "Ms Field", "Mr Dunn", "Mdm Goh"], "name"),
    ],
)
def test_values_and_the_words_of_a_header_are_held_against_each_other(header, cells, role):
    [found] = match_columns({"A": header}, pd.DataFrame({"A": cells}, dtype=object), VOCABULARY, {})
    assert found.role == role


def test_first_and_last_are_one_name():
    found = roles(
        First=["Kara", "Miles", "Jen", "Rob", "Alia"], Last=["Boone", "Okafor", "Castillo", "Sutter", "Haddad"]
    )
    assert found["First"] == "name"


def test_five_owners_of_five_customers_are_the_customers():
    found = roles(**{"Owner Name": NAMES[:6], "Presented By": ["Holly", "Ames", "Holly", "Ames", "Holly", "Holly"]})
    assert found == {"Owner Name": "name", "Presented By": "owner"}


def test_statuses_that_only_acts_know_are_an_outcome_under_any_header():
    cells = ["合同已签回", "没谈妥", "待签合同", "合同已签回", "没谈妥"]
    [found] = match_columns({"A": "单子怎样"}, pd.DataFrame({"A": cells}, dtype=object), VOCABULARY, {})
    assert found.role == "outcome"


@pytest.mark.parametrize(
    ("header", "role"),
    [("推荐人(员工)", "owner"), ("Name (Sales Rep)", "owner"), ("联系人（负责人）", "name"), ("推荐人", "referrer")],
)
def test_brackets_tell_our_own_people_from_the_customers(header, role):
    data = pd.DataFrame({"A": ["小崔", "大伟", "小崔", "大伟", "小崔", "小崔"]}, dtype=object)
    [found] = match_columns({"A": header}, data, VOCABULARY, {})
    assert found.role == role
