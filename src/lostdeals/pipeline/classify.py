"""``lostdeals classify``: the customers of a sheet, described by their classes."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from lostdeals.analyse import coverage, describe
from lostdeals.classify import dimensions, proposals, read_topics, unmatched
from lostdeals.distinct import with_columns
from lostdeals.model import ClassifyReport, Options, noticed
from lostdeals.pipeline.prepare import latest, opened, prepare
from lostdeals.schema import PLACES
from lostdeals.vocab import Vocabulary


def run_classify(path: Path, vocabulary: Vocabulary, options: Options, by: Sequence[str] = ()) -> ClassifyReport:
    """Read, understand, clean and classify one sheet, and describe its customers by their classes.

    by: dimensions that alone are described. Raises LostDealsError ``unknown-dimension`` for one that is nothing.
    """
    start = time.perf_counter()
    sheets, options = opened(path, vocabulary, options)
    read = time.perf_counter() - start
    ready = prepare(sheets, vocabulary, options)
    log, names = latest(ready, vocabulary, options), dimensions(vocabulary)
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
        tables=describe(
            with_columns(leads, {"topic_class": read_topics(leads, vocabulary)}), ready.layout, vocabulary, by
        ),
        unmatched=pd.concat(missed, ignore_index=True).sort_values(
            "n", ascending=False, kind="stable", ignore_index=True
        ),
        proposals=proposals(leads, vocabulary),
        findings=(
            *([log.finding] if log else []),
            *noticed(ready.sheet, ready.layout),
            *ready.cleaned.findings,
            *ready.classified.findings,
        ),
        seconds={"read": read, "total": time.perf_counter() - start},
    )
