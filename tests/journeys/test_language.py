"""Everybody is answered in their own language; what many read is in the workspace's."""

from __future__ import annotations

from tests.journeys.steps import card, launch
from tests.place import Place


async def test_a_command_is_answered_in_the_language_of_the_profile(place: Place) -> None:
    place.member("dana").locale = "de-DE"
    place.member("lee").locale = "es-ES"
    dana, lee, sam = (place.person(name) for name in ("dana", "lee", "sam"))

    for person in (dana, lee, sam):
        await person.command("/contract status")
    assert "Du hast noch nichts gestartet." in dana.texts("#general")[-1]
    assert "Aún no has lanzado nada." in lee.texts("#general")[-1]
    assert "You have not launched anything yet." in sam.texts("#general")[-1]

    await dana.command("/contract frobnicate")
    assert "Slipway kennt „frobnicate“ nicht." in dana.texts("#general")[-1]
    await dana.command("/contract status REQ-99")
    assert "Nichts von dir heißt REQ-99." in dana.texts("#general")[-1]


async def test_a_card_is_for_all_and_a_direct_message_for_one(place: Place) -> None:
    place.member("dana").locale = "de-DE"
    dana, lee = place.person("dana"), place.person("lee")
    await launch(dana, {"Amount (USD)": "25000"})
    await place.idle()

    await lee.arrive()
    await lee.look()
    told = "\n".join(lee.thread("#procurement", await card(place, lee)))
    assert "Not launched." in told
    assert "Ironclad asks for more." in told
    await dana.look()
    mine = "\n".join(dana.dm())
    assert "Nicht gestartet." in mine
    assert "Ironclad braucht noch Angaben." in mine
    assert "Ironclad verlangt diese Angabe hier." in mine
    assert "Ändern und erneut senden" in mine


async def test_a_refusal_in_a_window_is_in_the_language_of_its_reader(bare: Place) -> None:
    bare.member("dana").locale = "es-ES"
    dana = bare.person("dana")
    await dana.command("/contract help")  # we have met

    await dana.command("/contract")

    assert "Slipway aún no está conectado a Ironclad." in dana.screen()
