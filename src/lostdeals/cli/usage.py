"""What was typed wrongly, as an error like any other: Typer's own are in English only."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any

from lostdeals.cli.language import language_of
from lostdeals.errors import LostDealsError, likest
from lostdeals.vocab import Words, load

_LISTED = re.compile(r" \((.*)\)\s*$", re.DOTALL)


def usage_error(error: Any, argv: Sequence[str], app: Any) -> LostDealsError:
    """The error of Typer's parser as one of ours: which command, option or word it is about, and which there are.

    app: the root command, as Click knows it. A value that is none its option takes is a number's: the others are all texts. What is none of the usual cases keeps the parser's own words.

    Codes: ``no-such-command``, ``no-such-option``, ``option-elsewhere`` (another command has it), ``option-needs-value``,
    ``option-takes-no-value``, ``bad-option``, ``too-many-arguments``, ``bad-usage``.
    """
    name = next((word for word in argv if word in app.commands), None)
    if error.ctx is not None:
        name = error.ctx.info_name if error.ctx.parent is not None else None
    command = app.commands[name] if name else app
    path = f"lostdeals {name}" if name else "lostdeals"
    words = Words(load(), language_of(list(argv)))
    kind = type(error).__name__
    if kind == "NoSuchOption":
        return _no_such_option(error.option_name, command, path, app)
    if kind == "BadOptionUsage":
        option = _option(command, error.option_name)
        flag = option is not None and getattr(option, "is_flag", False)
        code = "option-takes-no-value" if flag else "option-needs-value"
        example = option.metavar if option is not None and option.metavar else "…"
        return _usage(code, option=error.option_name, example=example, command=path)
    if kind == "BadParameter" and error.param is not None:
        option = error.param.opts[0]
        return _usage(
            "bad-option", option=option, value=_value(argv, error.param.opts), wanted=words.say("usage.number")
        )
    if kind == "UsageError" and name is None:
        typed = next((word for word in argv if not word.startswith("-")), "")
        known = [known for known, one in app.commands.items() if not one.hidden]
        near = get_close_matches(typed, known, n=1)
        meant = words.say("usage.meant", command=near[0]) if near else ""
        return _usage("no-such-command", command=typed, meant=meant, known=known)
    listed = _LISTED.search(error.format_message())
    if kind == "UsageError" and listed:
        places = [one.metavar for one in command.params if one.param_type_name == "argument" and one.metavar]
        takes = " ".join(places) or "–"
        return _usage("too-many-arguments", words=listed[1], command=path, takes=takes)
    return _usage("bad-usage", message=error.format_message(), command=path)


def _no_such_option(typed: str, command: Any, path: str, app: Any) -> LostDealsError:
    others = [
        name for name, other in app.commands.items() if other is not command and _option(other, typed) is not None
    ]
    if others:
        return _usage("option-elsewhere", option=typed, command=path, others=others, other=others[0])
    known = [option for one in command.params for option in one.opts if option.startswith("--")]
    return _usage("no-such-option", option=typed, command=path, near=likest(typed, [*known, "--help"]))


def _option(command: Any, typed: str) -> Any:
    """The option of a command that is written so."""
    return next((one for one in command.params if typed in (*one.opts, *one.secondary_opts)), None)


def _value(argv: Sequence[str], names: Sequence[str]) -> str:
    """What was typed behind an option: ``--row x``, ``--row=x``, ``-nx``."""
    for place, word in enumerate(argv):
        for name in names:
            if word == name and place + 1 < len(argv):
                return argv[place + 1]
            if word.startswith(f"{name}=" if name.startswith("--") else name):
                return word.removeprefix(name).removeprefix("=")
    return "…"


def _usage(code: str, **values: object) -> LostDealsError:
    return LostDealsError(code, where="", usage=True, **values)
