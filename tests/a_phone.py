"""A phone without account that answers in a meeting and leaves an e-mail address, by the pages that people use."""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from email.message import EmailMessage
from urllib.parse import urlsplit
from uuid import uuid4

from django.test import Client
from django.utils import timezone

from medskick.kernel.notifications import delivering
from medskick.kernel.notifications.tests.mailing import Post, text_of
from medskick.kernel.tests.world import World

ADDRESS = "Anonym.Andersson@exempel.example"
WORDS = "Mormor hittar inte bussen till Hamburgsund"


@dataclass
class PhoneWithMail:
    """Says `WORDS` at Tanum's meeting and wants mail at once to its address, at any hour."""

    world: World
    code: str
    address: str = ADDRESS
    browser: Client = field(default_factory=Client)
    post: Post = field(default_factory=Post)

    def answers(self, step: object, field_name: str = "answer", *, words: str = WORDS) -> None:
        given = {field_name: words, "submission_key": str(uuid4())}
        sent = self.browser.post(f"/tanum/delta/{self.code}/svar/{step}", given)
        assert sent.status_code == 302, sent.content.decode()

    @property
    def own_trace(self) -> str:
        page = self.browser.get(f"/tanum/delta/{self.code}").content.decode()
        return re.findall(r'href="(/tanum/spar/min/[0-9a-z]{16})"', page)[0]

    def leaves_address(self) -> None:
        page = self.browser.get(self.own_trace).content.decode()
        fields = dict(re.findall(r'name="(secret|back)" value="([^"]*)"', page))
        assert self.browser.post("/tanum/mejl", fields | {"email": self.address}).status_code == 302

    def confirms(self) -> None:
        """In another browser, which knows nothing of the phone."""
        (mail,) = self.gets_mail()
        link = urlsplit(re.findall(r"http\S+/mejl/bekrafta/\S+", text_of(mail))[0]).path
        reader = Client()
        done = reader.post(link)
        assert done.status_code == 302
        choices = {"pace": "at_once", "quiet_from": "0", "quiet_until": "0", "language": ""}
        assert reader.post(done["Location"], choices).status_code == 302

    def gets_mail(self) -> list[EmailMessage]:
        """What has come since last time, when the clock has struck."""
        self.post.taken.clear()
        now = timezone.now() + timedelta(minutes=10)
        delivering.write_mail(self.world.tanum.id, now)
        delivering.send_mail(self.world.tanum.id, lambda: now, send=self.post)
        return [mail for mail in self.post.taken if mail["To"] == self.address]
