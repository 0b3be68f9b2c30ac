"""The way out to people's mail, over SMTP."""

from __future__ import annotations

from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from urllib.parse import unquote, urlsplit

import aiosmtplib

from bot.texts import phrase
from bot.usecases.notices import CannotMail, Letter
from bot.views import notices

SECONDS = 20.0
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_PORTS = {"smtp": 587, "smtps": 465}


class SmtpPost:
    """Sends letters through one mail server, named by a URL: ``smtp://user:password@host:587``.

    ``smtps`` speaks TLS from the start. ``smtp`` turns to TLS where the server offers it, and insists on it
    before a password is sent to another machine.
    """

    def __init__(self, url: str, sender: str) -> None:
        parts = urlsplit(url)
        self._sender = sender
        self._host = parts.hostname or ""
        self._port = parts.port or _PORTS.get(parts.scheme, 25)
        self._user = unquote(parts.username) if parts.username else None
        self._password = unquote(parts.password) if parts.password else None
        self._tls = parts.scheme == "smtps"

    async def send(self, letter: Letter) -> None:
        """See `bot.usecases.notices.Post`."""
        written = notices.mail(letter)
        await self.deliver(letter.to, written)

    async def try_out(self, to: str, name: str) -> None:
        """See `bot.usecases.trying_mail.TestPost`."""
        await self.deliver(to, notices.test_mail(name))

    async def deliver(self, to: str, mail: notices.Mail) -> None:
        """Send a mail in both of its forms. Raises `CannotMail`."""
        try:
            message = self._message(to, mail)
            await aiosmtplib.send(
                message,
                hostname=self._host,
                port=self._port,
                username=self._user,
                password=self._password,
                use_tls=self._tls,
                start_tls=self._start_tls(),
                timeout=SECONDS,
            )
        except (TimeoutError, aiosmtplib.SMTPException, OSError, ValueError) as failed:
            raise _why(failed, self._host) from None  # the chain could hold the link

    def _start_tls(self) -> bool | None:
        if self._tls:
            return False
        return True if self._password and self._host not in _LOOPBACK else None

    def _message(self, to: str, mail: notices.Mail) -> EmailMessage:
        message = EmailMessage()
        message["Subject"] = mail.subject
        message["From"] = self._sender
        message["To"] = to
        message["Date"] = formatdate()
        message["Message-ID"] = make_msgid(domain=self._sender.rpartition("@")[2].strip("> ") or None)
        message["Auto-Submitted"] = "auto-generated"  # nobody's out-of-office should answer this (RFC 3834)
        message.set_content(mail.text)
        message.add_alternative(mail.html, subtype="html")
        return message


def _why(failed: Exception, host: str) -> CannotMail:
    if isinstance(failed, aiosmtplib.SMTPAuthenticationError):
        what = phrase("The mail server {host} does not accept SLIPWAY_SMTP_URL's password.", host=host)
        return CannotMail(what, again=False)
    if isinstance(failed, aiosmtplib.SMTPRecipientsRefused):
        codes = [one.code for one in failed.recipients]
        what = phrase("The mail server {host} does not take this address.", host=host)
        return CannotMail(what, again=all(400 <= code < 500 for code in codes))
    if isinstance(failed, aiosmtplib.SMTPResponseException):
        what = phrase("The mail server {host} refused it ({code}).", host=host, code=failed.code)
        return CannotMail(what, again=400 <= failed.code < 500)
    if isinstance(failed, ValueError):
        return CannotMail(phrase("The address is not one that mail can be sent to."), again=False)
    return CannotMail(phrase("The mail server {host} does not answer.", host=host), again=True)
