"""What was typed wrongly is an error like any other: code, what, why, what to do, in the language of the line."""

import re

import pytest

from lostdeals.cli import main
from lostdeals.cli.language import environment_language

WRONG = [
    (["scroe", "a.csv"], "no-such-command", "lostdeals score"),
    (["撤销"], "no-such-command", "lostdeals --help"),
    (["score", "a.csv", "--wno", "1"], "no-such-option", "--won"),
    (["--bogus"], "no-such-option", "--version"),
    (["score", "a.csv", "-x"], "no-such-option", "lostdeals score --help"),
    (["--today", "2026-01-01", "score", "a.csv"], "option-elsewhere", "lostdeals score"),
    (["score", "a.csv", "--by", "来源"], "option-elsewhere", "classify"),
    (["score", "a.csv", "--won"], "option-needs-value", "--won A,B"),
    (["score", "a.csv", "-o"], "option-needs-value", "-o PATH"),
    (["score", "a.csv", "--json=3"], "option-takes-no-value", "--json"),
    (["score", "a.csv", "b", "c (d)"], "too-many-arguments", "b c (d)"),
    (["run", "now"], "too-many-arguments", "now"),
    (["score", "a.csv", "--header-row", "x"], "bad-option", "--header-row"),
    (["explain", "a.csv", "--row=0"], "bad-option", "“0”"),
]


def of(words):
    return " ".join(words)


@pytest.fixture
def speaking(monkeypatch):
    """The language that the machine is set to; it is asked only once a run."""

    def speak(lang):
        monkeypatch.setenv("LOSTDEALS_LANG", lang)
        environment_language.cache_clear()

    yield speak
    environment_language.cache_clear()


@pytest.mark.parametrize(("argv", "code", "names"), WRONG, ids=[of(argv) for argv, *_ in WRONG])
def test_a_line_typed_wrongly_ends_in_an_error_that_names_what_is_meant(argv, code, names, speaking, capsys):
    speaking("en")
    assert main([word.replace("撤销", "undo").replace("来源", "source") for word in argv]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines()[0] == f"error: {code}"
    assert names in err
    assert [line.split()[0] for line in err.splitlines()[2:]] == ["why", "try"]


@pytest.mark.parametrize(("argv", "code", "names"), WRONG, ids=[of(argv) for argv, *_ in WRONG])
def test_the_same_error_is_chinese_where_the_user_is(argv, code, names, speaking, capsys):
    speaking("zh")
    assert main(argv) == 2
    err = capsys.readouterr().err
    assert err.splitlines()[0] == f"错误: {code}"
    assert re.search("[A-Za-z]{3,} [a-z]{2,} [a-z]{2,}", err.replace(of(argv), "")) is None


def test_chinese_words_on_the_line_make_it_chinese(speaking, capsys):
    speaking("en")
    assert main(["score", "客户.csv", "--wno", "1"]) == 2
    assert capsys.readouterr().err.startswith("错误: no-such-option")
