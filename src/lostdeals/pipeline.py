"""The table of contents: a file goes in at the top, a Report comes out at the bottom."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from lostdeals.analyse import (
    Latest,
    analyse,
    coverage,
    describe,
    latest_of_each,
    quality,
    sales_funnel,
)
from lostdeals.classify import (
    STAGE_ROLES,
    Classified,
    classify,
    dimensions,
    find_outcome,
    own_stages,
    proposals,
    read_topics,
    stage_of_date,
    unmatched,
)
from lostdeals.clean import Cleaned, clean, in_place, merged, read_log, sheet_day, undo_in_place, visible
from lostdeals.errors import LostDealsError
from lostdeals.funnel_files import table_of
from lostdeals.model import (
    ClassifyReport,
    CleanReport,
    ColumnMatch,
    Finding,
    Inspected,
    Layout,
    Options,
    Quality,
    Report,
    Sheet,
    UndoReport,
)
from lostdeals.plan import plan
from lostdeals.read import read_book
from lostdeals.schema import MONEY, PLACES
from lostdeals.score import Ask, Scorecard, amount_columns, load_card, model_text, score
from lostdeals.stats.stage_order import ENOUGH_ROWS
from lostdeals.understand import (
    Earlier,
    as_toml,
    earlier,
    inspect_sheets,
    joined,
    needless_pages,
    place_beside,
    remembered_in,
    say_something,
    stacked,
    to_leads,
    understand,
    with_tiers,
    without_own,
    without_pages,
    worth,
)
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
    follow_ups: pd.DataFrame
    """What somebody wrote on the plan of an earlier run."""
    carried: tuple[Finding, ...]
    """What was carried over from there."""


def run(path: Path, vocabulary: Vocabulary, options: Options, ask: Ask | None = None) -> Report:
    """Read, understand, clean, classify, score, analyse and plan one sheet.

    ask: asks the user about columns that may have been filled in because of the outcome; gives the headers to leave out.
    Raises LostDealsError for whatever a user can mend: no such file, no header, no rows …
    """
    start = time.perf_counter()
    card = load_card(options.card, vocabulary)
    every = read_book(path, options.password)
    sheets, options = opened(path, vocabulary, options, every)
    read = time.perf_counter() - start
    ready = prepare(sheets, vocabulary, options, card, every)
    del every
    sheets, sheet, layout, words, follow_ups = ready.sheets, ready.sheet, ready.layout, ready.words, ready.follow_ups
    outcome, changes, leads = ready.classified.outcome, ready.cleaned.changes, ready.classified.leads
    judged = _judged(ready.cleaned, layout, vocabulary, options)
    findings = [*ready.carried, *sheet.findings, *layout.findings]
    findings += [*ready.cleaned.findings, *ready.classified.findings]
    log, funnel = _latest(ready, vocabulary, options), None
    if log is not None:
        findings.insert(0, log.finding)
        leads = log.leads
        if log.is_log:
            funnel = sales_funnel(ready.classified.leads, vocabulary, layout, options.today, outcome.key)
    del ready, log  # the frames of a large sheet are let go as soon as they have served
    scored = score(leads, layout, outcome, vocabulary, options, words, changes, ask)
    del leads
    planned = plan(scored.leads, vocabulary, words, options.today, layout.language)
    analysis = analyse(planned.leads, vocabulary, layout, options.today)
    if funnel is not None:
        analysis = replace(analysis, funnel=funnel)
    findings += scored.findings
    return Report(
        source=path,
        sheets=tuple(sheets),
        sheet=sheet,
        layout=layout,
        lang=words.lang,
        today=options.today,
        leads=planned.leads,
        changes=visible(changes),
        points=scored.points,
        plan=planned.plan,
        outcome=outcome,
        evaluation=scored.evaluation,
        card=scored.card,
        analysis=analysis,
        findings=tuple(findings),
        seconds={"read": read, "total": time.perf_counter() - start},
        follow_ups=follow_ups,
        quality=judged,
        extras=scored.extras,
        model_text=model_text(scored.model, options.today.isoformat()) if scored.model and options.keep_model else None,
    )


def _latest(ready: Prepared, vocabulary: Vocabulary, options: Options) -> Latest | None:
    """The customers of a sheet that holds their changes or events; None where its rows are customers."""
    classified = ready.classified
    cells = table_of(ready.sheet)
    return latest_of_each(classified.leads, ready.layout, vocabulary, classified.outcome.key, cells, options.mapping)


def _judged(cleaned: Cleaned, layout: Layout, vocabulary: Vocabulary, options: Options) -> Quality:
    """How good the data is, by the sheet's own columns."""
    own = cleaned.missing[cleaned.missing["column"].isin([column.key for column in layout.columns])]
    return quality(cleaned.leads, cleaned.changes, cleaned.problems, own, vocabulary, options.today)


def opened(
    path: Path, vocabulary: Vocabulary, options: Options, sheets: Sequence[Sheet] | None = None
) -> tuple[list[Sheet], Options]:
    """The sheets of a file, stacked and joined as the options ask, and the options with what is remembered beside it.

    sheets: all of the file, where it has been read.
    """
    sheets = without_pages(read_book(path, options.password) if sheets is None else sheets, vocabulary)
    options = replace(options, remembered=remembered_in(path.parent, path))
    if options.all_sheets:
        sheets, whole = stacked(sheets, vocabulary, options)
        options = replace(options, sheet=whole.name, header_row=None)
    for other in options.joins:
        sheets = joined(sheets, read_book(other, options.password), vocabulary, options)
    return sheets, options


def inspect(path: Path, vocabulary: Vocabulary, options: Options) -> tuple[list[Inspected], Options]:
    """How every sheet of a file (or the one asked for) is understood, and who bought by its own words; nothing is scored."""
    sheets, options = opened(path, vocabulary, options)
    found = inspect_sheets(sheets, vocabulary, options)
    best = max(found, key=lambda pair: worth(*pair))[0]
    plain = replace(options, outcome=None, outcome_values={})
    return [
        _inspected(sheet, layout, vocabulary, options if sheet is best else plain) for sheet, layout in found
    ], options


def roles_file(path: Path, understood: Sequence[Inspected], options: Options, words: Words) -> tuple[Path, str]:
    """The file that remembers how the customer sheet of these is read, and what it says.

    Raises the LostDealsError of the sheet where none is understood.
    """
    best = max(understood, key=lambda one: worth(one.sheet, one.layout))
    if isinstance(best.layout, LostDealsError):
        raise best.layout
    said, file = best.outcome, best.layout.remembered
    told = options.outcome is not None or options.outcome_values or (file is not None and file.outcome is not None)
    outcome = (said.header, said.values) if told and said is not None and said.header is not None else None
    return place_beside(path), as_toml(path, best.layout, outcome, words)


def _inspected(sheet: Sheet, layout: Layout | LostDealsError, vocabulary: Vocabulary, options: Options) -> Inspected:
    if isinstance(layout, LostDealsError):
        return Inspected(sheet, layout)
    options = _with_outcome(options, layout)
    asked = options.outcome is not None or options.outcome_values
    columns = [column for column in layout.columns if asked or column.role in ("outcome", "stage")]
    whole = to_leads(sheet, replace(layout, columns=tuple(columns)))
    few, times = _distinct(whole.drop(columns=["src_sheet", "src_row"]))
    leads = say_something(few, vocabulary)
    reading, texts = find_outcome(leads, layout, vocabulary, options)
    counts: Counter[str] = Counter()
    for text, n in zip(texts, times, strict=True):
        if isinstance(text, str):
            counts[text] += n
    layout = replace(layout, columns=tuple(_with_stage(column, vocabulary) for column in layout.columns))
    staged = [column for column in layout.columns if column.role in STAGE_ROLES]
    some = to_leads(sheet, replace(layout, columns=tuple(staged), rows=layout.rows[:ENOUGH_ROWS]))
    stages, by = own_stages(some, leads["stage"].repeat(times) if "stage" in leads else None, vocabulary)
    return Inspected(sheet, layout, reading, dict(counts.most_common()), stages, by)


def _distinct(leads: pd.DataFrame) -> tuple[pd.DataFrame, list[int]]:
    """The different rows, and how often each one comes: what a list of choices says is said by a few of them."""
    rows = Counter(zip(*(leads.iloc[:, place].tolist() for place in range(leads.shape[1])), strict=True))
    columns = zip(*rows, strict=True) if rows else [[] for _ in leads.columns]
    few = {name: pd.Series(list(cells), dtype=object) for name, cells in zip(leads.columns, columns, strict=True)}
    return pd.DataFrame(few), list(rows.values())


def _with_stage(column: ColumnMatch, vocabulary: Vocabulary) -> ColumnMatch:
    return replace(column, stage=stage_of_date(column.header, vocabulary)) if column.role == "stage_date" else column


def run_classify(path: Path, vocabulary: Vocabulary, options: Options, by: Sequence[str] = ()) -> ClassifyReport:
    """Read, understand, clean and classify one sheet, and describe its customers by their classes.

    by: dimensions that alone are described. Raises LostDealsError ``unknown-dimension`` for one that is nothing.
    """
    start = time.perf_counter()
    sheets, options = opened(path, vocabulary, options)
    read = time.perf_counter() - start
    ready = prepare(sheets, vocabulary, options)
    log, names = _latest(ready, vocabulary, options), dimensions(vocabulary)
    leads = ready.classified.leads if log is None else log.leads
    missed = [unmatched(leads, name, vocabulary) for name in names]
    return ClassifyReport(
        source=path,
        sheets=tuple(ready.sheets),
        sheet=ready.sheet,
        layout=ready.layout,
        lang=ready.words.lang,
        today=options.today,
        leads=leads,
        outcome=ready.classified.outcome,
        coverage=coverage(leads, ["stage", "loss_reason", *names, *PLACES]),
        tables=describe(leads.assign(topic_class=read_topics(leads, vocabulary)), ready.layout, vocabulary, by),
        unmatched=pd.concat(missed, ignore_index=True).sort_values(
            "n", ascending=False, kind="stable", ignore_index=True
        ),
        proposals=proposals(leads, vocabulary),
        findings=(
            *([log.finding] if log else []),
            *(
                finding
                for part in (ready.sheet, ready.layout, ready.cleaned, ready.classified)
                for finding in part.findings
            ),
        ),
        seconds={"read": read, "total": time.perf_counter() - start},
    )


def run_clean(path: Path, vocabulary: Vocabulary, options: Options, *, typed: bool) -> CleanReport:
    """Read, understand and clean one sheet, keep what was done to every cell, and judge its data.

    typed: the file that comes of it keeps dates and numbers apart from text, as a workbook does and a CSV does not.
    """
    start = time.perf_counter()
    sheets, options = opened(path, vocabulary, options)
    read = time.perf_counter() - start
    sheet, layout = _understood(sheets, vocabulary, options)
    raw = to_leads(sheet, layout)
    cleaned = _clean(raw, sheet, layout, vocabulary, options)
    own = cleaned.missing[cleaned.missing["column"].isin(raw.columns)]
    mended, log = in_place(sheet, raw, cleaned, layout, vocabulary, typed=typed)
    found = [*sheet.findings, *layout.findings, *cleaned.findings]
    return CleanReport(
        source=path,
        sheets=tuple(sheets),
        sheet=sheet,
        cleaned=mended,
        layout=layout,
        lang=options.lang or layout.language,
        today=options.today,
        leads=cleaned.leads,
        log=log,
        problems=cleaned.problems,
        pairs=cleaned.pairs,
        quality=quality(cleaned.leads, cleaned.changes, cleaned.problems, own, vocabulary, options.today),
        findings=tuple(finding for finding in found if finding.code != "own-columns"),
        seconds={"read": read, "total": time.perf_counter() - start},
    )


def one_row_each(report: CleanReport) -> pd.DataFrame:
    """The customers of a cleaned sheet in one row each, blanks filled from the copies, amounts in the header's unit."""
    cells = report.cleaned.cells.loc[list(report.layout.rows)]
    amounts = {
        column.key: cells[column.letter].to_numpy(dtype=object)
        for column in report.layout.columns
        if column.role in MONEY and column.key in report.leads
    }
    return merged(report.leads.assign(**amounts))


def run_undo(path: Path, log_path: Path, vocabulary: Vocabulary, options: Options, rule: str | None) -> UndoReport:
    """A cleaned file with the values that its log says it had, all of them or those that one rule changed.

    Raises LostDealsError ``not-a-change-log``, ``unknown-rule`` (usage), ``unknown-sheet`` (usage) and
    ``log-does-not-fit``.
    """
    log = read_log(read_book(log_path)[0])
    rules = list(log["rule"].unique())
    if rule is not None and rule not in rules:
        raise LostDealsError("unknown-rule", where="--rule", usage=True, rule=rule, known=", ".join(rules))
    sheets = without_pages(read_book(path, options.password), vocabulary)
    names = [options.sheet] if options.sheet else list(log["sheet"].unique())
    sheet = next(
        (sheet for sheet in sheets if any(sheet.name == name or sheet.name == name[:31] for name in names)), sheets[0]
    )
    undone = undo_in_place(sheet.cells, log, rule)
    if len(log) and not undone.restored + undone.already + undone.later:
        raise LostDealsError("log-does-not-fit", where=str(path), n=len(log))
    filled = undone.cells.notna().any().to_numpy()
    restored = replace(sheet, cells=undone.cells.iloc[:, : filled.nonzero()[0].max(initial=-1) + 1])
    chinese = any("\u4e00" <= sign <= "\u9fff" for header in log["header"].unique() for sign in header or "")
    return UndoReport(
        source=path,
        log=log_path,
        rule=rule,
        sheets=tuple(restored if other is sheet else other for other in sheets),
        sheet=restored,
        lang=options.lang or ("zh" if chinese else "en"),
        restored=undone.restored,
        already=undone.already,
        changed=undone.changed,
        first_changed=undone.first_changed,
        later=undone.later,
        first_later=undone.first_later,
        missing=undone.missing,
    )


def prepare(
    sheets: list[Sheet],
    vocabulary: Vocabulary,
    options: Options,
    card: Scorecard | None = None,
    every: Sequence[Sheet] = (),
) -> Prepared:
    """Find the customer sheet, clean it and classify its rows; LostDealsError ``no-rows`` where it has none.

    every: all sheets of the file, among them the pages of an earlier run.
    """
    sheet, layout = _understood(sheets, vocabulary, options)
    words = Words(vocabulary, options.lang or layout.language)
    options = _with_outcome(options, layout)
    raw = to_leads(sheet, layout)
    sheets, sheet, layout = without_own(sheets, sheet, layout, vocabulary, every)
    before, carried = _earlier(every, layout, vocabulary, options)
    raw = with_tiers(raw, before.tiers)
    cleaned = _clean(raw, sheet, layout, vocabulary, options, amount_columns(card, layout) if card else ())
    classified = classify(cleaned.leads, layout, vocabulary, options, cleaned.changes)
    return Prepared(sheets, sheet, layout, words, cleaned, classified, before.follow_ups, carried)


def _earlier(
    every: Sequence[Sheet], layout: Layout, vocabulary: Vocabulary, options: Options
) -> tuple[Earlier, tuple[Finding, ...]]:
    """What was written by hand into this file, if it is a result, and into the result that stands at the output's place."""
    found = [earlier(every, layout, vocabulary, options)] if layout.own or layout.own_pages else []
    unread: tuple[Finding, ...] = ()
    if options.previous is not None:
        try:
            book = read_book(options.previous, needless=needless_pages(options.previous))
            found.append(earlier(book, layout, vocabulary, options))
        except LostDealsError:
            unread = (Finding("earlier-unreadable", first=options.previous.name),)
    tiers = [one.tiers for one in found if len(one.tiers)]
    lines = [one.follow_ups for one in found if len(one.follow_ups)]
    both = Earlier(
        pd.concat(tiers, ignore_index=True) if tiers else Earlier().tiers,
        pd.concat(lines, ignore_index=True) if lines else Earlier().follow_ups,
    )
    counts = {"tiers": len(both.tiers), "follow_ups": len(both.follow_ups)}
    said = (Finding("carried-over", sum(counts.values()), values=counts),) if any(counts.values()) else ()
    return both, (*said, *unread)


def _understood(sheets: Sequence[Sheet], vocabulary: Vocabulary, options: Options) -> tuple[Sheet, Layout]:
    """The customer sheet and its layout; LostDealsError ``no-rows`` where it has no customers."""
    sheet, layout = understand(sheets, vocabulary, options)
    if not layout.rows:
        row = layout.header_rows[-1] if layout.header_rows else 1
        raise LostDealsError("no-rows", where=f"{sheet.path.name} › {sheet.name}!{row}")
    return sheet, layout


def _clean(
    raw: pd.DataFrame,
    sheet: Sheet,
    layout: Layout,
    vocabulary: Vocabulary,
    options: Options,
    amounts: Collection[str] = (),
) -> Cleaned:
    """The leads of a sheet, cleaned."""
    return clean(
        raw,
        vocabulary,
        today=options.today,
        language=layout.language,
        tz=options.tz,
        address=lambda lead, key: f"{sheet.name}!{layout.letter(key)}{layout.rows[lead]}",
        headers={column.key: column.header for column in layout.columns},
        amounts=amounts,
        date_order=options.date_order,
        written=sheet_day(_above(sheet, layout), vocabulary, options.today),
        lang=options.lang,
        winsorise=options.winsorise,
    )


def _with_outcome(options: Options, layout: Layout) -> Options:
    """The options with the outcome that is remembered for this layout, where the user has not said another now."""
    file = layout.remembered
    if file is None or options.outcome is not None or options.outcome_values:
        return options
    return replace(options, outcome=file.outcome, outcome_values=file.outcome_values)


def _above(sheet: Sheet, layout: Layout) -> list[object]:
    """The filled cells above the header, where a sheet may say what day it is of."""
    if not layout.header_rows:
        return []
    cells = sheet.cells.loc[sheet.cells.index < layout.header_rows[0]].to_numpy().ravel()
    return [cell for cell in cells if cell is not None]
