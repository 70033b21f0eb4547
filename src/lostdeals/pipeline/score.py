"""``lostdeals score``: a file goes in at the top, a Report comes out at the bottom."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

from lostdeals.analyse import analyse, quality, sales_funnel
from lostdeals.clean import Cleaned, visible
from lostdeals.distinct import remembering
from lostdeals.model import Layout, Options, Quality, Report, noticed
from lostdeals.pipeline.prepare import latest, opened, prepare, read
from lostdeals.plan import plan
from lostdeals.score import Ask, load_card, model_text, score
from lostdeals.vocab import Vocabulary


def run(path: Path, vocabulary: Vocabulary, options: Options, ask: Ask | None = None) -> Report:
    """Read, understand, clean, classify, score, analyse and plan one sheet.

    ask: asks the user about columns that may have been filled in because of the outcome; gives the headers to leave out.
    Raises LostDealsError for whatever a user can mend: no such file, no header, no rows …
    """
    start = time.perf_counter()
    card = load_card(options.card, vocabulary)
    every = read(path, vocabulary, options)
    sheets, options = opened(path, vocabulary, options, every)
    seconds = time.perf_counter() - start
    with remembering():
        ready = prepare(sheets, vocabulary, options, card, every)
        judged = _judged(ready.cleaned, ready.layout, vocabulary, options)
    del every
    sheets, sheet, layout, words, follow_ups = ready.sheets, ready.sheet, ready.layout, ready.words, ready.follow_ups
    outcome, changes, leads = ready.classified.outcome, ready.cleaned.changes, ready.classified.leads
    findings = [*ready.carried, *noticed(sheet, layout)]
    findings += [*ready.cleaned.findings, *ready.classified.findings]
    log, funnel = latest(ready, vocabulary, options), None
    if log is not None:
        findings.insert(0, log.finding)
        leads = log.leads
        if log.is_log:
            funnel = sales_funnel(ready.classified.leads, vocabulary, layout, options.today, outcome.key)
    del ready, log  # the frames of a large sheet are let go as soon as they have served
    with remembering():
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
        seconds={"read": seconds, "total": time.perf_counter() - start},
        follow_ups=follow_ups,
        quality=judged,
        extras=scored.extras,
        model_text=model_text(scored.model, options.today.isoformat()) if scored.model and options.keep_model else None,
    )


def _judged(cleaned: Cleaned, layout: Layout, vocabulary: Vocabulary, options: Options) -> Quality:
    """How good the data is, by the sheet's own columns."""
    own = cleaned.missing[cleaned.missing["column"].isin([column.key for column in layout.columns])]
    return quality(cleaned.leads, cleaned.changes, cleaned.problems, own, vocabulary, options.today)
