"""Everybody is answered in their own language; what many read is in the workspace's."""

from __future__ import annotations

from dataclasses import replace

from tests.journeys.steps import card, launch, thread
from tests.journeys.test_mapping import beside
from tests.journeys.test_requests import ask, policy
from tests.place import Place
from tests.sandbox.ironclad.templates import Template, choice, of_type, text


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
    await launch(dana, {"Amount (USD)": "25000", "Is it budgeted?": "Ja"})
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


async def test_an_admin_chooses_the_language_of_cards_and_threads(place: Place) -> None:
    priya, dana = place.person("priya"), place.person("dana")
    await priya.open_home()
    await priya.wait_for(lambda p: p.home())
    await priya.fill({"Choose a language": "Deutsch"}, "home")
    await launch(dana)
    await place.idle()

    await priya.arrive()
    await priya.look()
    told = "\n".join(priya.thread("#procurement", await card(place, priya)))
    assert "Gestartet als IC-" in told
    assert "Angefragt von" in told
    await dana.look()
    assert "Launched as IC-" in dana.screen()


async def test_a_refusal_in_a_window_is_in_the_language_of_its_reader(bare: Place) -> None:
    bare.member("dana").locale = "es-ES"
    dana = bare.person("dana")
    await dana.command("/contract help")  # we have met

    await dana.command("/contract")

    assert "Slipway aún no está conectado a Ironclad." in dana.screen()


async def test_a_form_is_asked_in_the_language_of_the_profile(place: Place) -> None:
    office = choice("office", "Office", ("Berlin", "Tokyo"), "always", free_text=True)
    rooms, rent = of_type("number", "rooms", "Rooms"), of_type("monetaryAmount", "rent", "Rent")
    note = text("note", "Note", "conditional")
    fields = (text("counterpartyName", "Vendor", "always"), office, rooms, rent, note)
    place.ironclad.add_template(Template(name="Office order", fields=fields))
    place.member("dana").locale = "de-DE"
    dana = place.person("dana")
    await dana.command("/contract help")  # we have met
    await dana.command("/contract")
    await dana.wait_for(lambda p: "Vorlage" in p.screen() and "geladen" not in p.screen())
    assert "Vorlagen in Ironclad, die du starten darfst." in dana.screen()
    await dana.fill({"Vorlage": "Office order"})
    await dana.submit()
    assert "noch 2 nötige Angaben" in dana.screen()
    assert "1 vielleicht nötige Frage zeigen" in dana.screen()
    await dana.fill({"Vendor": "Lanternfish Ltd"})
    await dana.submit()
    assert dana.errors() == {"Office": "Ironclad verlangt diese Angabe immer. Fülle sie aus."}

    await dana.fill({"Office": "Berlin", "Rooms": "zwei", "Rent": "1.250,50"})
    await dana.submit()
    assert dana.errors() == {"Rooms": "Gib eine Zahl ein, zum Beispiel 1.250,5"}

    await dana.fill({"Rooms": "2,5"})
    await dana.press("Prüfen")
    assert "Prüfen: Das bekommt Ironclad." in dana.screen()
    assert "*Rooms:* 2,5\n*Rent:* 1.250,50\xa0€ (EUR)" in dana.screen()
    await dana.submit()
    await place.idle()
    await dana.look()
    assert "Gestartet als IC-" in dana.screen()
    sent = place.ironclad.workflows[0].attributes
    assert (sent["rooms"], sent["rent"]) == (2.5, {"currency": "EUR", "amount": 1250.5})


async def test_a_closed_form_is_told_in_the_language_of_the_profile(place: Place) -> None:
    place.member("dana").locale = "es-ES"
    dana = place.person("dana")
    await dana.command("/contract help")
    await dana.command("/contract")
    await dana.wait_for(lambda p: "Plantilla" in p.screen() and "Cargando" not in p.screen())
    await dana.fill({"Plantilla": "Simple Purchase"})
    await dana.submit()
    await dana.fill({"Vendor": "Lanternfish Ltd"})
    await dana.press("Guardar borrador")
    await dana.close()
    await place.idle()

    await dana.wait_for(lambda p: any("antes de lanzarlo" in told for told in p.dm()))
    await dana.open_home()
    await dana.wait_for(lambda p: "Tus borradores" in p.screen())


async def test_a_card_is_in_the_workspaces_language_and_a_message_in_its_readers(place: Place) -> None:
    await policy(place, {"name": "Leitung", "people": ["lee"]})
    place.member("dana").locale, place.member("lee").locale = "en-US", "es-ES"
    async with place.app.database.transaction() as store:
        known = await store.settings.get(place.team)
        await store.settings.save(place.team, replace(known, language="de"))
    dana, lee = place.person("dana"), place.person("lee")
    for person in (dana, lee):
        await person.command("/contract help")  # we have met
    await ask(dana)
    await place.idle()

    told = (await thread(place, dana)).replace("*", "")
    assert "Wartet auf Zustimmung: Leitung" in told
    assert f"Leitung: REQ-1 wartet auf <@{lee.id}>." in told
    assert "Betrag 9.500 USD" in told
    assert "Ansehen und entscheiden" in told
    await lee.look()
    assert any("Se pide tu decisión: Leitung." in text for text in lee.dm())
    await dana.look()
    assert any("Waiting for approval: Leitung" in text for text in dana.dm())

    await lee.press("Zustimmen", "#procurement")
    await place.idle()
    told = (await thread(place, dana)).replace("*", "")
    assert f"✓ Leitung: zugestimmt von <@{lee.id}>" in told
    assert f"<@{dana.id}>: REQ-1 kann gestartet werden." in told
    assert place.slack.traffic.refused == type(place.slack.traffic.refused)()


async def test_a_request_is_asked_and_shown_in_the_language_of_the_profile(place: Place) -> None:
    place.member("dana").locale = "de-DE"
    dana = place.person("dana")
    await dana.command("/contract help")  # we have met
    await dana.command("/contract new")
    assert "Vertragsanfrage" in str(dana.view())
    await dana.fill({"Was brauchst du?": "Fünfzig Stühle", "Betrag": "9500", "Währung": "EUR"})
    await dana.submit()
    assert "Sie ist unterwegs." in dana.screen()
    await dana.close()
    await place.idle()

    await dana.press("Details", "#procurement")
    screen = dana.screen().replace("*", "")
    assert "Betrag 9.500 EUR" in screen
    assert f"<@{dana.id}> hat angefragt" in screen
    await dana.press("Anfrage zurückziehen")
    await dana.fill({"Warum?": "Es gibt noch welche"})
    await dana.submit()
    assert "Zurückgezogen" in dana.screen()
    assert place.slack.traffic.refused == type(place.slack.traffic.refused)()


async def test_an_admin_sets_up_in_german(place: Place) -> None:
    place.member("priya").locale = "de-DE"
    priya = place.person("priya")
    await priya.open_home()
    await priya.wait_for(lambda p: p.home() and "Einrichtung" in p.screen())
    assert "Niemand muss zustimmen" in priya.screen()
    assert "Deine Anfragen" in priya.screen()

    await priya.press("Zustimmungen bearbeiten", "home")
    await priya.press("Stufe hinzufügen")
    await priya.fill({"Name": "Finanzen", "Betrag ist mindestens": "5000.50", "in der Währung": "EUR"})
    await priya.submit()
    assert priya.errors() == {"Personen": "Wähle jemanden, hier oder darunter."}
    await priya.fill({"Personen": ["Sam Ito", "Lee Wong"]})
    await priya.submit()
    assert "jemand von <@" in priya.screen()
    assert "Wenn Betrag ist mindestens 5.000,50 EUR" in priya.screen()
    await priya.submit()
    await priya.wait_for(lambda p: "1 Stufe: Finanzen" in p.screen())

    await priya.press("Formular bearbeiten", "home")
    await priya.fill({"Kategorien": "Software", "Nicht im Kanal zu sehen": ["Betrag"]})
    await priya.submit()
    await priya.wait_for(lambda p: "1 Kategorie · 0 eigene Felder · 1 privates Feld" in p.screen())

    await priya.press("Erinnerungen bearbeiten", "home")
    await priya.fill({"Arbeitszeit von": "18", "bis": "9", "Arbeitstage": ["Montag", "Dienstag"]})
    await priya.submit()
    assert priya.errors() == {"bis": "Das liegt nicht nach dem Beginn."}
    await priya.fill({"Arbeitszeit von": "8", "bis": "17"})
    await priya.submit()
    await priya.wait_for(lambda p: "8:00 bis 17:00 Uhr" in p.screen())


async def test_a_connection_is_made_and_looked_after_in_german(place: Place) -> None:
    place.member("priya").locale = "de-DE"
    priya = place.person("priya")
    await priya.open_home()
    await priya.wait_for(lambda p: p.home() and "verbunden mit" in p.screen())

    await priya.press("Weitere verbinden", "home")
    assert "*Verträge starten* (immer)" in priya.screen()
    assert "Handelndes Konto" in priya.screen()
    await priya.close()

    await priya.press("Verwalten", "home")
    assert "*Slipway darf:* Verträge starten" in priya.screen()
    await priya.press("Prüfen")
    await priya.wait_for(lambda p: "Geprüft: " in p.screen())


async def test_people_systems_and_the_log_in_german(place: Place) -> None:
    place.member("priya").locale = "de-DE"
    priya = place.person("priya")
    await priya.open_home()
    await priya.wait_for(lambda p: p.home() and "alle anderen über die E-Mail" in p.screen())

    await priya.press("Personen verknüpfen", "home")
    assert "Bisher sind alle in Ironclad" in priya.screen()
    await priya.press("Jemanden verknüpfen")
    await priya.fill({"Person in Slack": "Noor Haddad", "E-Mail der Person in Ironclad": "x@example.com"})
    await priya.submit()
    wrong = priya.errors()["E-Mail der Person in Ironclad"]
    assert wrong.startswith("In Ironclad gibt es kein Konto für x@example.com.")
    await priya.close()

    await priya.press("Schlüssel und Webhook", "home")
    await priya.press("Schlüssel machen")
    await priya.fill({"Wer wird diesen Schlüssel benutzen?": "Zip"})
    await priya.submit()
    assert "Das ist der Schlüssel von *Zip*." in priya.screen()
    await priya.press("Ich habe es kopiert")
    assert "*Zip* · nie benutzt" in priya.screen()
    await priya.close()

    await priya.press("Admins benennen", "home")
    assert "Admins außer ihnen" in priya.screen()
    await priya.close()
    await priya.press("Protokoll ansehen", "home")
    assert "hat einen API-Schlüssel gemacht" in priya.screen()


async def test_a_mapping_is_edited_in_german(place: Place) -> None:
    place.member("priya").locale = "de-DE"
    priya, dana = place.person("priya"), place.person("dana")
    await launch(dana)
    await place.idle()
    await priya.open_home()
    await priya.wait_for(lambda p: p.home() and "noch keine Vorlage" in p.screen())

    await priya.press("Zuordnungen bearbeiten", "home")
    await priya.fill({"Vorlage wählen": "Simple Purchase · nichts zugeordnet"})
    await priya.wait_for(lambda p: "noch nichts gespeichert" in p.screen())
    assert "Bleibt der Person überlassen" in priya.screen()
    await priya.press(beside(priya, "Vendor"))
    await priya.fill({"Ausgefüllt aus": "Gegenpartei"})
    await priya.fill({"Im Formular": ["Gesperrt: Die Person sieht es und kann es nicht ändern"]})
    await priya.submit()
    assert "Gespeichert." in priya.screen()
    assert "← Gegenpartei · gesperrt" in priya.screen()
    await priya.press("Vorschau")
    await priya.wait_for(lambda p: "Zurück zur Zuordnung" in p.screen())
