"""The table of contents: a file goes in at the top, a Report comes out at the bottom."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from pathlib import Path

from lostdeals.analyse import analyse, is_log, log_funnel, read_counts, resolve_dimension, sales_funnel
from lostdeals.classify import Classified, classify
from lostdeals.clean import Cleaned, clean, visible
from lostdeals.errors import LostDealsError
from lostdeals.model import Finding, Funnel, Layout, Options, Report, Sheet
from lostdeals.plan import plan
from lostdeals.read import read_book
from lostdeals.score import Scorecard, amount_columns, load_card, score
from lostdeals.understand import to_leads, understand, without_own
from lostdeals.vocab import Vocabulary, Words


@dataclass(frozen=True)
class Prepared:
    """One sheet, understood, cleaned and classified."""

    sheets: list[Sheet]
    """The file's sheets, without those that an earlier run added."""
    sheet: Sheet
    layout: Layout
    words: Words
    cleaned: Cleaned
    classified: Classified


def run(path: Path, vocabulary: Vocabulary, options: Options) -> Report:
    """Read, understand, clean, classify, score, analyse and plan one sheet.

    Raises LostDealsError for whatever a user can mend: no such file, no header, no rows …
    """
    start = time.perf_counter()
    card = load_card(options.card, vocabulary)
    sheets = read_book(path)
    read = time.perf_counter() - start
    ready = prepare(sheets, vocabulary, options, card)
    outcome, words = ready.classified.outcome, ready.words
    scored = score(ready.classified.leads, ready.layout, outcome, vocabulary, options, words)
    planned = plan(scored.leads, vocabulary, words, options.today, ready.layout.language)
    analysis = analyse(planned.leads, vocabulary)
    parts = (ready.sheet, ready.layout, ready.cleaned, ready.classified, scored)
    findings = [finding for part in parts for finding in part.findings]
    if is_log(planned.leads):
        findings.insert(
            0, Finding("looks-like-a-log", planned.leads["id"].nunique(), values={"rows": len(planned.leads)})
        )
    return Report(
        source=path,
        sheets=tuple(ready.sheets),
        sheet=ready.sheet,
        layout=ready.layout,
        lang=words.lang,
        today=options.today,
        leads=planned.leads,
        changes=visible(ready.cleaned.changes),
        points=scored.points,
        plan=planned.plan,
        outcome=outcome,
        evaluation=scored.evaluation,
        card=scored.card,
        analysis=analysis,
        findings=tuple(findings),
        seconds={"read": read, "total": time.perf_counter() - start},
    )


def run_funnel(path: Path, vocabulary: Vocabulary, options: Options, by: str | None) -> tuple[Funnel, str]:
    """The funnel of a customer sheet, a stage log or a table of counts; and the language to show it in."""
    sheets = read_book(path)
    counted = _counts(sheets, vocabulary, options)
    try:
        ready = None if counted and counted[1] else prepare(sheets, vocabulary, options)
    except LostDealsError:
        if counted is None:
            raise
        ready = None
    if ready is None and counted is not None:
        if by is not None:
            raise LostDealsError("counts-have-no-dimension", where=path.name, usage=True, by=by)
        chinese = any("\u4e00" <= character <= "\u9fff" for step in counted[0].steps for character in step.key)
        return counted[0], options.lang or ("zh" if chinese else "en")
    assert ready is not None
    leads, column, name = ready.classified.leads, None, None
    if by is not None:
        name, values = resolve_dimension(by, leads, ready.layout, vocabulary)
        column = "_by"
        leads = leads.assign(_by=values)
    make = log_funnel if is_log(leads) else sales_funnel
    return replace(make(leads, vocabulary, column), by=name), ready.words.lang


def _counts(sheets: list[Sheet], vocabulary: Vocabulary, options: Options) -> tuple[Funnel, bool] | None:
    """A table of counts among the sheets asked for, and whether it can be nothing else: its headers say so, and it is alone."""
    asked = [sheet for sheet in sheets if options.sheet in (None, sheet.name)]
    found = next((counted for sheet in asked if (counted := read_counts(sheet, vocabulary))), None)
    return None if found is None else (found[0], found[1] and len(asked) == 1)


def prepare(sheets: list[Sheet], vocabulary: Vocabulary, options: Options, card: Scorecard | None = None) -> Prepared:
    """Find the customer sheet, clean it and classify its rows; LostDealsError ``no-rows`` where it has none."""
    sheet, layout = understand(sheets, vocabulary, options)
    if not layout.rows:
        row = layout.header_rows[-1] if layout.header_rows else 1
        raise LostDealsError("no-rows", where=f"{sheet.path.name} › {sheet.name}!{row}")
    words = Words(vocabulary, options.lang or layout.language)
    raw = to_leads(sheet, layout)
    sheets, sheet, layout = without_own(sheets, sheet, layout, vocabulary)
    cleaned = clean(
        raw,
        vocabulary,
        today=options.today,
        language=layout.language,
        tz=options.tz,
        address=lambda lead, key: f"{sheet.name}!{layout.letter(key)}{layout.rows[lead]}",
        headers={column.key: column.header for column in layout.columns},
        amounts=amount_columns(card, layout) if card else (),
    )
    return Prepared(sheets, sheet, layout, words, cleaned, classify(cleaned.leads, layout, vocabulary, options))
