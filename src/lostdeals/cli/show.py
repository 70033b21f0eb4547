"""Print what the commands found: results on stdout, talk on stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lostdeals.cli.language import environment_language, language_of
from lostdeals.errors import LostDealsError
from lostdeals.vocab import Words, load

if TYPE_CHECKING:
    from lostdeals.batch import JobResult
    from lostdeals.model import ClassifyReport, CleanReport, Finding, Inspected, Report, UndoReport
    from lostdeals.trends import Forecast, FunnelReport
    from lostdeals.write.standards import Standard


def show_error(error: LostDealsError, lang: str) -> None:
    """The error on stderr: its code, what, where, why, and what to do."""
    words = Words(load(), lang)
    told = words.error(error)
    lines = [f"{words.say('error_label.error')}: {error.code}", _beside("  ", told["what"])]
    for label, text in (("at", error.where), ("why", told["why"]), ("try", told["try"])):
        if text:
            lines.append(_beside(f"  {words.say(f'error_label.{label}')}  ", text))
    sys.stderr.write("\n".join(lines) + "\n")


def _beside(label: str, text: str) -> str:
    """A text behind its label; on a terminal its lines end between words."""
    if not sys.stderr.isatty():
        return label + text
    from rich.cells import cell_len

    from lostdeals.write.screen import console, wrapped

    left = cell_len(label)
    return label + wrapped(text, console(stderr=True).width - left).replace("\n", "\n" + " " * left)


@contextmanager
def working(path: Path, *, quiet: bool) -> Iterator[Callable[[], AbstractContextManager[None]]]:
    """A spinner on stderr while something takes long; nothing where nobody watches. Gives what pauses it for a question."""
    if quiet or not sys.stderr.isatty():
        yield nullcontext
        return
    from lostdeals.write.screen import console

    with console(stderr=True).status(path.name) as status:

        @contextmanager
        def paused() -> Iterator[None]:
            status.stop()
            yield
            status.start()

        yield paused


def score_report(
    report: Report,
    words: Words,
    outputs: Sequence[Path],
    charts: Sequence[Path],
    notes: Sequence[Finding],
    *,
    verbose: bool,
    model: bool = False,
) -> None:
    """The screen of ``score``; with `model` all that is known of the score's quality before it."""
    from lostdeals.write.screen import show
    from lostdeals.write.terminal import score_screen

    if model:
        from lostdeals.write.model_screen import model_screen

        show(model_screen(report, words))
    show(score_screen(report, words, outputs, charts, notes, verbose=verbose))


def score_json(report: Report, words: Words, outputs: Sequence[Path], notes: Sequence[Finding]) -> None:
    """The object of ``score --json``."""
    from lostdeals.write.json import score_object

    print_object(score_object(report, words, outputs, notes))


def inspect_report(path: Path, understood: Sequence[Inspected], words: Words, saved: Path | None) -> None:
    """The screen of ``inspect``; `saved` is the file that now remembers the columns."""
    from lostdeals.write.inspect import inspect_screen
    from lostdeals.write.screen import show

    show(inspect_screen(path, understood, words, saved))


def classify_report(
    report: ClassifyReport,
    words: Words,
    outputs: Sequence[Path],
    notes: Sequence[Finding],
    *,
    by: bool,
    verbose: bool,
) -> None:
    """The screen of ``classify``."""
    from lostdeals.write.classify_screen import classify_screen
    from lostdeals.write.screen import show

    show(classify_screen(report, words, outputs, notes, by=by, verbose=verbose))


def classify_json(report: ClassifyReport, words: Words, outputs: Sequence[Path], notes: Sequence[Finding]) -> None:
    """The object of ``classify --json``."""
    from lostdeals.write.classify_json import classify_object

    print_object(classify_object(report, words, outputs, notes))


def standards_report(found: list[Standard], words: Words) -> None:
    """The screen of ``standards``."""
    from lostdeals.write.screen import show
    from lostdeals.write.standards import standards_screen

    show(standards_screen(found, words))


def clean_report(
    report: CleanReport,
    words: Words,
    outputs: Mapping[str, Path],
    notes: Sequence[Finding],
    *,
    verbose: bool,
) -> None:
    """The screen of ``clean``."""
    from lostdeals.write.clean_screen import clean_screen
    from lostdeals.write.screen import show

    show(clean_screen(report, words, outputs, notes, verbose=verbose))


def clean_json(report: CleanReport, words: Words, outputs: Sequence[Path], notes: Sequence[Finding]) -> None:
    """The object of ``clean --json``."""
    from lostdeals.write.clean_json import clean_object

    print_object(clean_object(report, words, outputs, notes))


def undo_report(report: UndoReport, words: Words, outputs: Sequence[Path], notes: Sequence[Finding]) -> None:
    """The screen of ``clean --undo``."""
    from lostdeals.write.clean_screen import undo_screen
    from lostdeals.write.screen import show

    show(undo_screen(report, words, outputs, notes))


def undo_json(report: UndoReport, words: Words, outputs: Sequence[Path], notes: Sequence[Finding]) -> None:
    """The object of ``clean --undo --json``."""
    from lostdeals.write.clean_json import undo_object

    print_object(undo_object(report, words, outputs, notes))


def language_of_layouts(path: Path, understood: Sequence[Inspected], lang: str | None) -> str:
    """The language asked for, else that of the sheets, else that of the file's name and the locale."""
    found = [one.layout.language for one in understood if not isinstance(one.layout, LostDealsError)]
    return lang or (found[0] if found else language_of([path.name]))


def write_text(text: str, path: Path) -> None:
    """A text file, whole or not at all."""
    from lostdeals.write.atomic import replacing

    with replacing(path) as file:
        file.write(text.encode())


def funnel_report(path: Path, report: FunnelReport, words: Words, outputs: Sequence[Path], again: str) -> None:
    """The screen of ``funnel``; again: the sheet as the next command takes it."""
    from lostdeals.write.funnel import report_screen
    from lostdeals.write.screen import show

    show(report_screen(path.name, report, words, outputs, again))


def forecast_report(
    path: Path, found: Forecast, words: Words, funnel: str, outputs: Sequence[Path], again: str
) -> None:
    """The screen of ``forecast``; again: the sheet as the next command takes it."""
    from lostdeals.write.forecast import forecast_screen
    from lostdeals.write.screen import show

    show(forecast_screen(path.name, found, words, funnel, outputs, again))


def template_done(path: Path, columns: int, words: Words) -> None:
    """What ``template`` wrote, and the next command."""
    from lostdeals.write.screen import quoted

    sys.stdout.write(words.say("template.written", path=path, columns=columns, quoted=quoted(str(path))) + "\n")


def init_done(path: Path, lang: str | None) -> None:
    """What ``init`` wrote, and the next command."""
    words = Words(load(), lang or environment_language())
    sys.stdout.write(words.say("batch.written", path=path) + "\n")


def job_done(result: JobResult, lang: str | None, *, quiet: bool) -> None:
    """One line a job on stdout; every file that failed on stderr."""
    words = Words(load(), lang or environment_language())
    for failure in result.failed:
        told = words.error(failure.error)
        said = words.say("batch.failed", job=result.name, file=failure.path, code=failure.error.code, what=told["what"])
        sys.stderr.write(said + "\n")
    if not quiet:
        key = "batch.partly" if result.failed else "batch.done"
        said = words.say(
            key,
            job=result.name,
            files=len(result.done),
            failed=len(result.failed),
            customers=result.customers,
            seconds=result.seconds,
        )
        sys.stdout.write(said + "\n")
        sys.stdout.flush()


def jobs_json(results: Sequence[JobResult]) -> None:
    """The object of ``run --json``."""
    from lostdeals.write.json import jobs_object

    print_object(
        jobs_object(
            [
                {
                    "name": result.name,
                    "done": [str(path) for path in result.done],
                    "failed": [{"file": str(item.path), "code": item.error.code} for item in result.failed],
                    "outputs": [str(path) for path in result.outputs],
                    "customers": result.customers,
                    "seconds": round(result.seconds, 3),
                }
                for result in results
            ]
        )
    )


def write_object(thing: dict[str, Any], path: Path) -> None:
    """An object as a JSON file, whole or not at all."""
    write_text(_as_text(thing), path)


def print_object(thing: dict[str, Any]) -> None:
    """An object as JSON on stdout, UTF-8 whatever the locale."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    sys.stdout.write(_as_text(thing))


def _as_text(thing: dict[str, Any]) -> str:
    return json.dumps(thing, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
