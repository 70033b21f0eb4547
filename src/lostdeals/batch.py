"""Work through the jobs of ``lostdeals.toml`` as cron would call it: no questions, no half-written files."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from glob import glob, has_magic
from pathlib import Path

from lostdeals.config import Config, Job
from lostdeals.errors import LostDealsError
from lostdeals.model import Options, Report
from lostdeals.pipeline.score import run
from lostdeals.vocab import Words, load
from lostdeals.vocab.loading import quoted
from lostdeals.write import CHART_FOLDER, SCORED, WRITERS, scored_name, write_charts

OWN = re.compile(r"\.scored(?:\.(?:\d+|prev\d*|edited\d*))?(?: \(\d+\))?\.(?:xlsx|xlsm|csv)$")
"""What this program writes; never an input of a job."""
CLEANED = (".cleaned.xlsx", ".cleaned.edited.xlsx", ".undone.xlsx", ".classified.xlsx")
"""What ``clean`` and ``classify`` write; an input only where it is named."""


@dataclass(frozen=True)
class Failure:
    """A file that could not be done."""

    path: Path
    error: LostDealsError


@dataclass(frozen=True)
class JobResult:
    """What came of one job."""

    name: str
    done: tuple[Path, ...]
    """The inputs that were scored."""
    outputs: tuple[Path, ...]
    failed: tuple[Failure, ...]
    customers: int
    seconds: float


def run_jobs(config: Config, options: Options, now: Callable[[], float] = time.perf_counter) -> Iterator[JobResult]:
    """Run every job, one result after the other; a file that cannot be read leaves the rest to be done.

    Raises LostDealsError ``locked`` where another run is under way, ``no-jobs`` where the file has none.
    """
    if config.path is None or not config.jobs:
        raise LostDealsError("no-jobs", where=str(config.path or Path.cwd() / "lostdeals.toml"))
    with locked(config.path.with_name(".lostdeals.lock")):
        taken: set[Path] = set()
        for job in config.jobs:
            yield _run_job(job, config, options, now, taken)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock file, or say who else does; the lock ends with the process, however it ends."""
    from filelock import FileLock, Timeout

    lock = FileLock(path)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise LostDealsError("locked", where=str(path)) from None
    except OSError as error:
        raise LostDealsError("cannot-write", where=str(path), reason=error.strerror or "") from None
    try:
        yield
    finally:
        lock.release()


def inputs_of(job: Job, folder: Path) -> list[Path]:
    """The files a job means, each once, in order; what matches nothing stays, so that it is reported as missing."""
    found: dict[Path, None] = {}
    for pattern in job.inputs:
        matched = [] if (folder / pattern).exists() else glob(pattern, root_dir=folder, recursive=True)  # noqa: PTH207 - takes absolute patterns and any **, which Path.glob refuses
        named = [folder / name for name in sorted(matched)] or [folder / pattern]
        files = [path for path in named if not matched or (path.is_file() and _is_sheet(path.name))]
        found.update(dict.fromkeys(path for path in files if not OWN.search(path.name)))
    return list(found)


def _is_sheet(name: str) -> bool:
    """What a pattern means: neither Excel's lock files nor what ``clean`` and ``classify`` wrote beside a sheet."""
    return not name.startswith("~$") and not name.endswith(CLEANED)


def _run_job(job: Job, config: Config, options: Options, now: Callable[[], float], taken: set[Path]) -> JobResult:
    start = now()
    assert config.path is not None
    done: list[Path] = []
    outputs: list[Path] = []
    failed: list[Failure] = []
    customers = 0
    for path in inputs_of(job, config.path.parent):
        target = _free(job.output, path, taken)
        try:
            if not path.exists() and has_magic(path.name):
                raise LostDealsError("no-input-files", where=str(path))
            report, written = _score_one(path, job, config, options, target)
        except LostDealsError as error:
            failed.append(Failure(path, error))
            continue
        except Exception as error:
            failed.append(Failure(path, LostDealsError("internal-error", where=str(path), kind=type(error).__name__)))
            continue
        done.append(path)
        outputs += written
        customers += len(report.leads)
    return JobResult(job.name, tuple(done), tuple(outputs), tuple(failed), customers, now() - start)


def _free(folder: Path, path: Path, taken: set[Path]) -> Path:
    """The place of a file's output that no other input of this run has."""
    first = scored_name(path)
    more = (f"{path.name}{number}.scored{Path(first).suffix}" for number in ["", *range(2, len(taken) + 3)])
    names = [first, *more]
    target = next(folder / name for name in names if folder / name not in taken)
    taken.add(target)
    return target


def _score_one(path: Path, job: Job, config: Config, options: Options, target: Path) -> tuple[Report, list[Path]]:
    vocabulary = load(config.vocab)
    previous = target if target.is_file() else None
    options = replace(options, all_sheets=job.all_sheets, joins=job.joins, previous=previous)
    report = run(path, vocabulary, options)
    words = Words(vocabulary, report.lang)
    try:
        job.output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LostDealsError("cannot-write", where=str(job.output), reason=error.strerror or "") from None
    written = [WRITERS[target.suffix](report, words, target).path]
    if job.charts:
        written += write_charts(report, words, job.output / f"{SCORED.sub('', target.stem)}{CHART_FOLDER}")
    return report, written


def new_config(inputs: list[str], today: date) -> str:
    """The text of a first ``lostdeals.toml`` with one job over these inputs."""
    listed = ", ".join(quoted(item) for item in inputs or ["*.xlsx"])
    return (
        f"# lostdeals {today.isoformat()}\n"
        "# docs/batch.md · docs/zh/batch.md\n\n"
        '# lang = "zh"            # zh | en\n'
        '# card = "default"       # a scorecard: default, channel, or the path of your own\n'
        '# dates = "dayfirst"     # dayfirst, monthfirst or yearfirst, where a column does not tell\n\n'
        "# [rates]                # amounts of several currencies in one; docs/values.md\n"
        '# base = "CNY"\n'
        f'# date = "{today.isoformat()}"\n'
        "# USD = 7.1\n\n"
        "[columns]\n"
        '# "Client name" = "company"    # "客户名称" = "company"\n\n'
        "[[jobs]]\n"
        'name = "nightly"\n'
        f"input = [{listed}]\n"
        'output = "scored"\n'
        "charts = true\n"
    )


def write_config(path: Path, text: str) -> None:
    """Write a new config; LostDealsError ``config-exists`` rather than replacing one."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
    except FileExistsError:
        raise LostDealsError("config-exists", where=str(path)) from None
    except OSError as error:
        raise LostDealsError("cannot-write", where=str(path), reason=error.strerror or "") from None
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
