"""What is documented is there, and what is there is documented."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from bot.settings import Settings
from bot.usecases import errors
from ironclad import IroncladError

ROOT = Path(__file__).parent.parent


def test_every_setting_is_documented() -> None:
    documented = set(re.findall(r"`(SLIPWAY_[A-Z_]+)`", (ROOT / "docs" / "settings.md").read_text()))

    assert documented == {f"SLIPWAY_{name.upper()}" for name in Settings.model_fields}


def test_the_example_environment_names_real_settings() -> None:
    named = set(re.findall(r"(SLIPWAY_[A-Z_]+)=", (ROOT / ".env.example").read_text()))

    assert named <= {f"SLIPWAY_{name.upper()}" for name in Settings.model_fields}


def test_every_error_of_the_client_has_a_sentence_for_people() -> None:
    def leaves(kind: type[IroncladError]) -> list[type[IroncladError]]:
        below = kind.__subclasses__()
        return [leaf for one in below for leaf in leaves(one)] or [kind]

    for leaf in leaves(IroncladError):
        assert leaf in errors._ADVICE, f"{leaf.__name__} has no sentence"


def test_pages_named_in_the_docs_exist() -> None:
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        for target in re.findall(r"\]\((?!https?:|#)([^)#\s]+)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name} points to {target}"


def test_importing_does_nothing() -> None:
    """No module reads a setting, opens a file or starts a thread when it is imported."""
    looked = (
        "import sys, threading, bot.app, bot.cli, storage.work;"
        "assert threading.active_count() == 1, threading.enumerate();"
        "assert not [n for n in sys.modules if n.startswith('tests')]"
    )
    done = subprocess.run([sys.executable, "-c", looked], cwd="/", env={"PYTHONPATH": str(ROOT)}, check=False)

    assert done.returncode == 0
