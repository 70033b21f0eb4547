"""What the documents' cog blocks call: real output of real commands, and tables from the vocabulary."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
TODAY = "2026-11-20"
COMMANDS = (
    *("score", "explain", "classify", "standards", "clean", "inspect"),
    *("funnel", "forecast", "template", "init", "run"),
)


def run(line: str, lang: str = "en", lines: int | None = None) -> str:
    """A command line and what it prints, fenced; run on copies of the examples in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(ROOT / "examples", Path(folder) / "examples")
        words = shlex.split(line)
        dated = (
            [*words, "--today", TODAY]
            if words[0] in ("score", "explain", "clean", "funnel", "forecast", "classify") and "--help" not in words
            else words
        )
        done = subprocess.run(
            [sys.executable, "-m", "lostdeals", *dated],
            cwd=folder,
            env={**os.environ, "LANG": "C.UTF-8", "LOSTDEALS_LANG": lang, "XDG_STATE_HOME": folder, "COLUMNS": "80"},
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        raise RuntimeError(f"lostdeals {line}: exit {done.returncode}: {done.stderr}")
    out = (done.stdout + done.stderr).rstrip().splitlines()
    if lines is not None and len(out) > lines:
        out = [*out[:lines], "…"]
    return "\n".join(["```console", f"$ lostdeals {line}", *out, "```"])


def helps(lang: str) -> str:
    """The help of every command."""
    return "\n\n".join(f"## {name}\n\n{run(f'{name} --help', lang)}" for name in COMMANDS)


def errors(lang: str) -> str:
    """Every error with what it says, from the vocabulary."""
    from lostdeals.vocab import load

    told = load().section("messages")["error"]
    return "\n".join(
        f"### {code}\n\n{told[code]['what'][lang]}\n{told[code]['why'][lang]}\n{told[code]['try'][lang]}\n"
        for code in sorted(told)
    ).rstrip()


def columns(*langs: str) -> str:
    """A table of every column that a scored sheet gains: its name in each language, and what it means in the first."""
    from lostdeals.schema import ADDED
    from lostdeals.vocab import Words, load

    words = {lang: Words(load(), lang) for lang in langs}
    first = words[langs[0]]
    heads = {"en": "| column | 中文 | what |", "zh": "| 列 | 英文名 | 含义 |"}
    rows = [[*(word.say(f"column.{key}") for word in words.values()), first.say(f"meaning.{key}")] for key in ADDED]
    return "\n".join([heads[langs[0]], "|---|---|---|", *(f"| {' | '.join(row)} |" for row in rows)])
