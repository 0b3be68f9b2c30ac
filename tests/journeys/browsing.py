"""Somebody's browser: opens approval links, presses buttons, goes to Ironclad's consent page and back."""

from __future__ import annotations

import re
from html import unescape

import httpx

from tests.place import Place
from tests.sandbox.slack.person import Person, said

LINK = re.compile(r"http://[^\s|>\"]+/ironclad/connect/[A-Za-z0-9._-]+")


class Browser:
    """One browser with its cookies. Slipway answers in this process, Ironclad on its port."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._slipway = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=place.app.web), base_url=place.bot_url
        )
        self.page: httpx.Response | None = None

    async def open(self, url: str) -> str:
        """Open an address of Slipway's, and give what the page says."""
        self.page = await self._slipway.get(url)
        return self.text

    async def press(self, verdict: str, url: str) -> str:
        """Press a button of an approval page."""
        self.page = await self._slipway.post(url, data={"verdict": verdict})
        return self.text

    @property
    def text(self) -> str:
        """What the page says, without its markup."""
        assert self.page is not None
        plain = re.sub(r"<style>.*?</style>|<[^>]+>", " ", self.page.text, flags=re.DOTALL)
        return re.sub(r"\s+", " ", unescape(plain)).strip()

    @property
    def onward(self) -> str:
        """Where the page leads by itself."""
        assert self.page is not None
        found = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', self.page.text)
        assert found is not None, self.text
        return unescape(found[1])

    async def consent(self, *, user: str, decision: str = "allow") -> str:
        """Answer Ironclad's consent page that the last page leads to; gives the address it sends back to."""
        asked = httpx.URL(self.onward)
        async with httpx.AsyncClient(base_url=self._place.ironclad_url, trust_env=False) as ironclad:
            page = await ironclad.get(str(asked))
            if page.status_code == 302:
                return page.headers["location"]
            assert page.status_code == 200, page.text
            answers = {**dict(asked.params), "decision": decision, "user": user}
            answered = await ironclad.post("/oauth/authorize", data=answers)
        assert answered.status_code == 302, answered.text
        return answered.headers["location"]


async def link_of(person: Person) -> str:
    """The approval link in the newest direct message that has one."""
    await person.wait_for(lambda one: one.dm())
    await person.look()
    for message in reversed(person.messages(person.dm_id())):
        for block in message.get("blocks") or []:
            for element in block.get("elements") or []:
                if LINK.fullmatch(str(element.get("url") or "")):
                    return str(element["url"])
    raise LookupError(f"no link in {[said(one) for one in person.messages(person.dm_id())]}")
