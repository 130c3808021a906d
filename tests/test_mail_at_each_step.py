"""A phone's answer becomes a need, an initiative, a decision, an activity and a measured outcome: one mail at each step.

The mails are read as they were handed in: never a title, a name or a word of what was said.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from email.message import EmailMessage

import pytest

from medskick.dialog import api as dialog
from medskick.dialog.sessions.models import Answer
from medskick.flows.adopt_cluster.actions import adopt_as_need
from medskick.flows.adopt_voice.actions import adopt_answer
from medskick.flows.benefit_outcomes.actions import feed_outcomes
from medskick.kernel.notifications.tests.mailing import html_of, text_of
from medskick.kernel.tests.world import World, make_world
from medskick.measure import api as measure
from medskick.plan import api as plan
from medskick.plan.tests import factories
from tests.a_phone import ADDRESS, WORDS, PhoneWithMail

TITLES = ("Bussar som går att hitta", "Skyltar vid varje hållplats", "Öppna en skyltverkstad", "Fler hittar bussen")


def by_itself(world: World, phone: PhoneWithMail, session: dialog.LiveSession) -> Callable[[], plan.Need]:
    """The answer is taken up as it is."""
    with world.acting(world.owner) as by:
        step = dialog.add_step(session, by=by, text="Vad saknas?")
        dialog.open_step(step, by=by)
    phone.answers(step.id)

    def adopt() -> plan.Need:
        answer = Answer.objects.get(step=step)
        return adopt_answer(by=world.owner, answer=answer, text=TITLES[0], area="infrastructure")

    return adopt


def in_a_cluster(world: World, phone: PhoneWithMail, session: dialog.LiveSession) -> Callable[[], plan.Need]:
    """It is a note that the group has put together with another's."""
    with world.acting(world.owner) as by:
        step = dialog.add_step(session, by=by, text="Vad saknas?", kind="post_its")
        dialog.open_step(step, by=by)
    phone.answers(step.id, "text_1")
    PhoneWithMail(world, phone.code).answers(step.id, "text_1")
    with world.acting(world.owner) as by:
        dialog.show_result(step, by=by)
        notes = list(Answer.objects.filter(step=step).values_list("id", flat=True))
        cluster = dialog.make_cluster(step, by=by, title="Bussen", notes=notes)

    def adopt() -> plan.Need:
        gathered = dialog.gathered_in(cluster.id)
        assert gathered is not None
        return adopt_as_need(by=world.owner, gathered=gathered, text=TITLES[0])

    return adopt


@pytest.mark.parametrize("said", [by_itself, in_a_cluster])
def test_one_mail_comes_at_each_step_and_tells_nothing_but_that(
    db: None, said: Callable[[World, PhoneWithMail, dialog.LiveSession], Callable[[], plan.Need]]
) -> None:
    world = make_world()
    with world.acting(world.owner) as by:
        session = dialog.plan_session(by=by, title="Hur tar du dig fram?", held_on=date(2026, 9, 17))
        session = dialog.open_session(session, by=by)
    phone = PhoneWithMail(world, session.code)
    adopt = said(world, phone, session)
    phone.leaves_address()
    phone.confirms()
    assert phone.gets_mail() == []
    with world.acting(world.owner) as by:
        need = adopt()
    told = [the_mail(phone, "Samlat")]
    with world.acting(world.owner) as by:
        made = factories.initiative(by, TITLES[1], needs=[need])
    told.append(the_mail(phone, "Insats"))
    with world.acting(world.owner) as by:
        draft = factories.action_plan(by)
        factories.activity(world, draft, made, title=TITLES[2])
    # A working paper is no step; what the plan decides is, and the activity comes with it.
    assert phone.gets_mail() == []
    with world.acting(world.owner) as by:
        factories.decided(by, draft)
    told.append(the_mail(phone, "Handlingsplan", "Genomförande"))
    with world.acting(world.owner) as by:
        factories.benefit(by, made, sentence=TITLES[3], indicator_number="hittar", baseline_period="2025")
    told.append(the_mail(phone, "Löfte om nytta"))
    with world.acting(world.owner) as by:
        indicator = measure.create_indicator(by=by, key="hittar", title="Hittar bussen", theme="Buss", unit="min")
        measure.record_value(by=by, indicator=indicator, period="2026", value=Decimal(3))
        assert len(feed_outcomes(by=by).outcomes) == 1
    told.append(the_mail(phone, "Hjälpte det?"))
    assert phone.gets_mail() == []
    assert len({mail["Message-ID"] for mail in told}) == 5


def the_mail(phone: PhoneWithMail, *steps: str) -> EmailMessage:
    """The one mail that has come, which names these steps; looked through for all that no mail may say."""
    (mail,) = phone.gets_mail()
    text = text_of(mail)
    for step in steps:
        assert f"- {step}, " in text, (step, text)
    assert (mail["To"], mail["Subject"]) == (ADDRESS, "Nytt om det du följer")
    whole = " ".join([text, html_of(mail), *(f"{name}: {value}" for name, value in mail.items() if name != "To")])
    answers_words = [word for word in WORDS.split() if word[0].isupper()]
    for secret in (WORDS, *TITLES, *answers_words, "Andersson", "Olle", "Ägare", phone.own_trace.rpartition("/")[2]):
        assert secret.casefold() not in whole.casefold(), secret
    return mail
