"""Who bought, where only the notes say it."""

import pandas as pd

from frames import VOCABULARY, layout
from lostdeals.classify.outcome_noted import NoteEnds, noted_outcome

ENDS = NoteEnds(VOCABULARY)


def outcome(note: str) -> str | None:
    found = ENDS.end(note)
    return found[1] if found else None


def test_the_last_words_of_a_note_tell_a_sale_or_a_loss():
    won = [
        "6.5打电话，签了 收款1800",
        "7.6打电话，已签，收2400",
        "8.14 小杨：成了，年付3000",
        "9.1 到店\n9.3 交了定金5000",
    ]
    lost = [
        "9.22打电话，怕被骗，要看门面，没成",
        "8.5打电话，公司注销了，不做了",
        "6.6打电话，挂了，放弃",
        "到店看过，被同行签走了",
    ]
    assert [outcome(note) for note in won] == ["won"] * 4
    assert [outcome(note) for note in lost] == ["lost"] * 4


def test_what_only_sounds_like_an_end_is_none():
    notes = [
        "有意向，发了报价",
        "黄了；10.3又来问，在考虑",
        "说下周来付定金",
        "没付定金",
        "没放弃，再约",
        "客户是老板",
        "签了的话给优惠",
        "会员",
        "嫌贵",
        "",
    ]
    assert [outcome(note) for note in notes] == [None] * len(notes)


def test_somebody_elses_sale_is_a_loss():
    assert outcome("9.3 打电话，在别家买了") == "lost"


def leads(*notes: str) -> pd.DataFrame:
    return pd.DataFrame({"notes": notes}, dtype=object)


def test_only_notes_that_tell_of_sales_and_losses_say_who_bought():
    sheet = layout({"notes": "情况"}, 4)
    found = noted_outcome(leads("5.1 签了", "5.2 没成", "5.3 考虑中", "5.4 放弃"), sheet, VOCABULARY)
    assert found is not None
    assert found[1] == ["签了", "没成", None, "放弃"]
    assert noted_outcome(leads("付了定金", "交了定金", "付了全款", "保养"), sheet, VOCABULARY) is None
    assert noted_outcome(leads("5.1 没成", "5.2 没成", "5.3 放弃", "黄了"), sheet, VOCABULARY) is None
