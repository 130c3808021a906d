"""A meeting room as flows may know one: through dialog's front door, and phones through their own pages."""

from dataclasses import dataclass
from datetime import date

from django.test import Client

from medskick.dialog import api as dialog
from medskick.kernel.tests.world import World


@dataclass
class Room:
    world: World
    session: dialog.LiveSession
    step: dialog.Step

    def say(self, text: str) -> dialog.Answer:
        """A new phone answers the open question."""
        sent = Client().post(f"/tanum/delta/{self.session.code}/svar/{self.step.id}", {"answer": text})
        assert sent.status_code == 302, sent.content.decode()
        with self.world.acting(self.world.owner):
            return dialog.Answer.objects.select_related("step", "participant").get(step=self.step, text=text)


def make_room(world: World) -> Room:
    owner = world.owner
    with world.acting(owner):
        session = dialog.plan_session(by=owner, title="Vad är digitalisering?", held_on=date(2026, 9, 17))
        step = dialog.add_step(session, by=owner, text="Vad betyder digitalisering för dig?")
        session = dialog.open_session(session, by=owner)
        dialog.open_step(step, by=owner)
    return Room(world, session, step)
