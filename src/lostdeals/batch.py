"""Work through the jobs of ``lostdeals.toml`` as cron would call it: no questions, no half-written files."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from lostdeals.config import Config, Job
from lostdeals.errors import LostDealsError
from lostdeals.model import Options, Report
from lostdeals.pipeline import run
from lostdeals.vocab import Words, load
from lostdeals.write import CHART_FOLDER, WRITERS, scored_name, write_charts

OWN = (".scored.xlsx", ".scored.csv")
"""What this program writes; never an input of a job."""


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
        for job in config.jobs:
            yield _run_job(job, config, options, now)


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
    """The files a job means, each once, in order; a path without a match stays, so that it is reported as missing."""
    found: dict[Path, None] = {}
    for pattern in job.inputs:
        if any(sign in pattern for sign in "*?["):
            base = Path(pattern).anchor or folder
            matched = sorted(Path(base).glob(pattern.removeprefix(Path(pattern).anchor)))
            named = [path for path in matched if path.is_file() and not path.name.startswith(("~$", "."))]
        else:
            named = [folder / pattern]
        found.update(dict.fromkeys(path for path in named if not path.name.endswith(OWN)))
    return list(found)


def _run_job(job: Job, config: Config, options: Options, now: Callable[[], float]) -> JobResult:
    start = now()
    assert config.path is not None
    done: list[Path] = []
    outputs: list[Path] = []
    failed: list[Failure] = []
    customers = 0
    taken: set[str] = set()
    paths = inputs_of(job, config.path.parent)
    if not paths:
        error = LostDealsError("no-input-files", where=", ".join(job.inputs))
        failed.append(Failure(Path(job.inputs[0]) if job.inputs else job.output, error))
    for path in paths:
        name = scored_name(path)
        if name in taken:
            name = f"{path.name}.scored.xlsx"
        taken.add(name)
        try:
            report, written = _score_one(path, job, config, options, name)
        except LostDealsError as error:
            failed.append(Failure(path, error))
            continue
        done.append(path)
        outputs += written
        customers += len(report.leads)
    return JobResult(job.name, tuple(done), tuple(outputs), tuple(failed), customers, now() - start)


def _score_one(path: Path, job: Job, config: Config, options: Options, name: str) -> tuple[Report, list[Path]]:
    vocabulary = load(config.vocab)
    report = run(path, vocabulary, replace(options, mapping={**config.columns, **options.mapping}))
    words = Words(vocabulary, report.lang)
    try:
        job.output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LostDealsError("cannot-write", where=str(job.output), reason=error.strerror or "") from None
    target = job.output / name
    WRITERS[target.suffix](report, words, target)
    written = [target]
    if job.charts:
        written += write_charts(report, words, job.output / f"{name.removesuffix('.scored.xlsx')}{CHART_FOLDER}")
    return report, written


def new_config(inputs: list[str], today: date) -> str:
    """The text of a first ``lostdeals.toml`` with one job over these inputs."""
    quoted = ", ".join(_toml_text(item) for item in inputs or ["*.xlsx"])
    return (
        f"# lostdeals {today.isoformat()}\n"
        "# docs/batch.md · docs/zh/batch.md\n\n"
        '# lang = "zh"            # zh | en\n'
        '# card = "default"       # a scorecard: default, channel, or the path of your own\n\n'
        "[columns]\n"
        '# "客户名称" = "company"\n\n'
        "[[jobs]]\n"
        'name = "nightly"\n'
        f"input = [{quoted}]\n"
        'output = "scored"\n'
        "charts = true\n"
    )


def _toml_text(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


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
