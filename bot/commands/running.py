"""What every command does: read the settings, run, and turn what a person can mend into sentences."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

import typer

from bot.settings import BadSettingsError, Problem, Settings


def put(text: str, *, wrong: bool = False) -> None:
    """Print a line; `wrong` is for what went wrong."""
    typer.echo(text, err=wrong)


@contextmanager
def problems_told() -> Iterator[None]:
    """Turn what a person can mend into sentences and exit code 1."""
    from bot.usecases.errors import Refusal
    from bot.usecases.ports import TryLater
    from storage import BadDatabaseUrlError, BadKeyError
    from storage.work import AlreadyRunning, NotMigrated

    try:
        yield
    except BadSettingsError as wrong:
        for problem in wrong.problems:
            put(str(problem), wrong=True)
    except BadDatabaseUrlError as wrong:
        put(f"SLIPWAY_DATABASE_URL is not usable. {wrong}", wrong=True)
    except (BadKeyError, AlreadyRunning, NotMigrated) as wrong:
        put(str(wrong), wrong=True)
    except Refusal as refusal:
        put(f"{refusal.what} {refusal.do}", wrong=True)
    except TryLater:
        put("Slack does not answer. `slipway doctor` says what to check.", wrong=True)
    else:
        return
    raise typer.Exit(1)


def run(
    settings: Settings,
    work: Coroutine[Any, Any, None],
    *,
    loop: Callable[[], asyncio.AbstractEventLoop] | None = None,
) -> None:
    """Run a coroutine to its end, with the logs set up."""
    from bot.logs import configure_logs

    configure_logs(settings.secrets, level=settings.log_level)
    with asyncio.Runner(loop_factory=loop) as runner:
        runner.run(work)


def need(problems: list[Problem]) -> None:
    """Raise `BadSettingsError` if there are problems."""
    if problems:
        raise BadSettingsError(problems)
