"""Sealed values open for their owner alone; nothing else passes."""

from __future__ import annotations

import base64
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.sealing import BadKeyError, Owner, SealedValueError, Sealing, new_key

OLD, NEW = new_key(), new_key()
SEALING = Sealing([NEW, OLD])
OWNER = Owner("T1", "connections", "client_secret", "c1")
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."
LENGTH = len(SEALING.seal(OWNER, "secret"))

names = st.text(max_size=12)
owners = st.builds(Owner, names, names, names, names)
any_text = st.text(st.characters(codec=None), max_size=200)  # lone surrogates too


@given(owners, any_text)
def test_what_was_sealed_opens_for_its_owner(owner: Owner, text: str) -> None:
    assert SEALING.open(owner, SEALING.seal(owner, text)) == text


@given(owners, st.binary(max_size=200))
def test_bytes_too(owner: Owner, content: bytes) -> None:
    assert SEALING.open_bytes(owner, SEALING.seal_bytes(owner, content)) == content


@given(owners, owners)
def test_nobody_else_opens_it(owner: Owner, other: Owner) -> None:
    sealed = SEALING.seal(owner, "secret")
    if owner != other:
        with pytest.raises(SealedValueError):
            SEALING.open(other, sealed)


@pytest.mark.parametrize(
    ("owner", "look_alike"),
    [
        (Owner("a", "b", "c", "d"), Owner("ab", "", "c", "d")),
        (Owner("a|b", "c", "d", "e"), Owner("a", "b|c", "d", "e")),
        (Owner('a","b', "c", "d", "e"), Owner("a", 'b","c', "d", "e")),
        (Owner("T1", "t", "c", "1"), Owner("T1", "t", "c", "2")),
        (Owner("T1", "t", "c", "1"), Owner("T2", "t", "c", "1")),
    ],
)
def test_owners_cannot_be_confused(owner: Owner, look_alike: Owner) -> None:
    sealed = SEALING.seal(owner, "secret")
    with pytest.raises(SealedValueError):
        SEALING.open(look_alike, sealed)


@given(place=st.integers(0, LENGTH - 1), shift=st.integers(1, len(ALPHABET) - 1))
def test_an_altered_text_does_not_open(place: int, shift: int) -> None:
    sealed = SEALING.seal(OWNER, "secret")
    other = ALPHABET[(ALPHABET.index(sealed[place]) + shift) % len(ALPHABET)]
    with pytest.raises(SealedValueError):
        SEALING.open(OWNER, sealed[:place] + other + sealed[place + 1 :])


def test_a_value_has_one_spelling() -> None:
    """Base64 leaves spare bits at the end: another last letter must not open to the same value."""
    for content in (b"xx", b"xxx", b"xxxx"):  # every remainder of 3: some lengths leave no bits
        sealed = SEALING.seal_bytes(OWNER, content)
        for letter in set(ALPHABET) - {sealed[-1]}:
            with pytest.raises(SealedValueError):
                SEALING.open_bytes(OWNER, sealed[:-1] + letter)


@given(st.text(max_size=100))
def test_what_was_never_sealed_is_an_error(text: str) -> None:
    with pytest.raises(SealedValueError):
        SEALING.open(OWNER, text)


def test_a_cut_text_does_not_open() -> None:
    sealed = SEALING.seal(OWNER, "secret")
    for length in range(len(sealed)):
        with pytest.raises(SealedValueError):
            SEALING.open(OWNER, sealed[:length])


def test_the_text_names_its_key_and_hides_the_rest() -> None:
    sealed = SEALING.seal(OWNER, "client-secret-in-clear")
    assert re.fullmatch(r"v1\.[0-9a-f]{12}\.[A-Za-z0-9_-]+", sealed)
    box = sealed.split(".")[2]
    assert b"client" not in base64.urlsafe_b64decode(box + "=" * (-len(box) % 4))
    assert SEALING.seal(OWNER, "client-secret-in-clear") != sealed


def test_the_first_key_seals_and_all_open() -> None:
    before = Sealing([OLD]).seal(OWNER, "kept")
    assert SEALING.open(OWNER, before) == "kept"
    assert SEALING.key_id_of(before) == SEALING.key_ids[1]
    assert SEALING.key_id_of(SEALING.seal(OWNER, "new")) == SEALING.key_ids[0]


def test_without_its_key_a_value_stays_shut() -> None:
    sealed = Sealing([NEW]).seal(OWNER, "secret")
    with pytest.raises(SealedValueError, match="not among the keys"):
        Sealing([OLD]).open(OWNER, sealed)


def test_a_value_relabelled_to_another_key_does_not_open() -> None:
    sealed = SEALING.seal(OWNER, "secret").replace(SEALING.key_ids[0], SEALING.key_ids[1])
    with pytest.raises(SealedValueError, match="does not open"):
        SEALING.open(OWNER, sealed)


@pytest.mark.parametrize(
    "keys",
    [
        [],
        [""],
        ["short"],
        ["ü" * 43],
        [base64.urlsafe_b64encode(bytes(31)).decode()],
        [NEW, "Zm9yZ290dGVuLWtleQ=="],
        [NEW[:-1]],
        [" " + NEW],
    ],
)
def test_it_is_not_built_without_good_keys(keys: list[str]) -> None:
    with pytest.raises(BadKeyError, match="slipway keys new") as refused:
        Sealing(keys)
    assert not any(key and key in str(refused.value) for key in keys if key != "short")


def test_new_keys_work_and_differ() -> None:
    assert len({new_key() for _ in range(50)}) == 50
    assert Sealing([new_key()]).key_ids


def test_a_sealing_does_not_show_its_keys() -> None:
    assert NEW not in repr(SEALING)
    assert NEW not in repr(vars(SEALING))
