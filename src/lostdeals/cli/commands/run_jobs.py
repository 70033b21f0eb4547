"""``lostdeals run``: every job of lostdeals.toml, for cron."""

from __future__ import annotations

from pathlib import Path

from lostdeals.cli import OK, PARTLY, options


def run(
    lang: options.Lang = None,
    today: options.Today = None,
    tz: options.Tz = None,
    as_json: options.Json = False,
) -> int:
    """Run all jobs; one line a job on stdout, what failed on stderr."""
    from lostdeals.batch import run_jobs
    from lostdeals.cli import show
    from lostdeals.config import read_config

    config = read_config(Path.cwd())
    chosen = options.options_from(options.Asked(lang=lang, today=today, tz=tz), config)
    results = []
    for result in run_jobs(config, chosen):
        results.append(result)
        show.job_done(result, chosen.lang, quiet=as_json)
    if as_json:
        show.jobs_json(results)
    return PARTLY if any(result.failed for result in results) else OK
