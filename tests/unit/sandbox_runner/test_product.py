"""A command of the product that fails says so in the product's own words."""

import os
import sys
from pathlib import Path

import pytest

from tests.sandbox.product import Product, ProductFailedError


def product(folder: Path) -> Product:
    """The product with no settings at all."""
    return Product(folder, {"PATH": str(Path(sys.executable).parent) + os.pathsep + os.defpath})


async def test_what_a_command_prints_is_given(tmp_path: Path) -> None:
    key = await product(tmp_path).run("keys", "new")
    assert len(key.split()) == 1


async def test_a_failed_command_carries_its_own_words(tmp_path: Path) -> None:
    with pytest.raises(ProductFailedError, match="SLIPWAY_ENCRYPTION_KEYS"):
        await product(tmp_path).run("migrate")


async def test_a_server_that_ends_while_starting_is_reported_at_once(tmp_path: Path) -> None:
    with pytest.raises(ProductFailedError, match="SLIPWAY_"):
        await product(tmp_path).serve("http://127.0.0.1:9")
