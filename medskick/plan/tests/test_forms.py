"""Plan's forms: what goes in, what is refused with what was typed given back, and that sending twice is sending once."""

from uuid import uuid4

import pytest
from django.urls import reverse

from medskick.kernel.tests.world import World
from medskick.plan import api as plan
from medskick.plan.tests.factories import FULL, action_plan, activity, benefit, decided, initiative, need

WRITTEN = {"text": "Bussen går inte på kvällen", "need_kind": "need", "channel": "phone", "said_on": "2026-09-17"}


def test_a_need_by_telephone_is_written_down_once_however_often_it_is_sent(world: World) -> None:
    client, sent = world.client(world.owner), {**WRITTEN, "area": "competence", "submission_key": str(uuid4())}
    answers = [client.post("/arbete/planera/behov/nytt", sent) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    with world.acting(world.owner):
        made = plan.Need.objects.get()
        assert (made.channel, made.area) == ("phone", "competence")


@pytest.mark.parametrize(
    "change",
    [
        {"text": ""},
        {"text": "x" * 5001},
        {"text": "a\x00b"},
        {"said_on": "2030-01-01"},
        {"said_on": "i går"},
        {"channel": "workshop-x"},
        {"network": str(uuid4())},
        {"area": "finns-inte"},
    ],
)
def test_what_is_wrong_is_told_and_what_was_typed_comes_back(world: World, change: dict) -> None:
    page = world.client(world.owner).post("/arbete/planera/behov/nytt", {**WRITTEN, "heading": "Min rubrik", **change})
    assert page.status_code == 422
    assert "Min rubrik" in page.content.decode()
    with world.acting(world.owner):
        assert plan.Need.objects.count() == 0


def test_script_is_shown_as_the_text_that_it_is(world: World) -> None:
    with world.acting(world.owner):
        made = need(world.owner, "<script>alert(1)</script> & mera")
    page = world.client(world.owner).get(reverse("need", args=[made.pk])).content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_list_is_filtered_and_bad_filters_show_everything(world: World) -> None:
    with world.acting(world.owner):
        first = need(world.owner, "Det sorterade behovet", network=world.network)
        plan.choose_goal_area(by=world.owner, need=first, area="safety")
        plan.accept_need(by=world.owner, need=first)
        need(world.owner, "Det andra behovet")
    client = world.client(world.owner)

    def shown(query: str) -> tuple[bool, bool]:
        page = client.get(f"/arbete/planera/behov{query}").content.decode()
        return "Det sorterade behovet" in page, "Det andra behovet" in page

    assert shown("") == shown("?area=hittepå&state=1") == shown("?sida=0") == (True, True)
    assert shown("?area=safety") == shown("?state=accepted") == shown(f"?network={world.network.pk}") == (True, False)
    assert shown("?area=none") == shown("?state=captured") == (False, True)
    assert shown("?area=innovation") == (False, False)


def test_a_part_is_written_on_its_own_page(world: World) -> None:
    with world.acting(world.owner):
        made = initiative(world.owner)
    client, here = world.client(world.owner), f"/arbete/planera/insatser/{made.pk}/del/malgrupp"
    assert client.post(here, FULL["malgrupp"]).status_code == 302
    part = client.post(here, {**FULL["malgrupp"], "group": "Alla som ringer"}, follow=True)
    assert (part.status_code, "Alla som ringer" in part.content.decode()) == (200, True)
    wrong = client.post(here, {**FULL["malgrupp"], "size": "x" * 301})
    assert (wrong.status_code, "Äldre." in wrong.content.decode()) == (422, True)
    assert client.get(f"/arbete/planera/insatser/{made.pk}/del/annat").status_code == 404
    with world.acting(world.owner):
        assert plan.Initiative.objects.get().values["malgrupp"]["group"] == "Alla som ringer"


def test_from_need_to_decided_plan_by_forms_alone(world: World) -> None:
    with world.acting(world.owner):
        said = need(world.owner)
    client = world.client(world.owner)
    new = client.post(
        f"/arbete/planera/insatser/ny?behov={said.pk}", {"title": "Boka utan app", "needs": [str(said.pk)]}
    )
    with world.acting(world.owner):
        made = plan.Initiative.objects.get()
    assert new.url == reverse("initiative", args=[made.pk])
    client.post(f"{new.url}/tidshorisont", {"years": "1", "motivation": "Det brådskar."})
    promised = {
        "sentence": "Kortare väntan",
        "measured_as": "Väntetid",
        "unit": "min",
        "baseline": "9,5",
        "target": "4",
        "baseline_period": "2026",
        "due": "2027-06-30",
    }
    unknown = client.post(f"{new.url}/nytta", {**promised, "indicator_number": "finns-inte"})
    assert (unknown.status_code, "Kortare väntan" in unknown.content.decode()) == (422, True)
    assert client.post(f"{new.url}/nytta", promised).status_code == 302
    begun = client.post(
        "/arbete/planera/handlingsplaner/ny", {"title": "Plan", "start": "2026-01-01", "end": "2026-12-31"}
    )
    line = {
        "initiative": str(made.pk),
        "title": "Öppna telefontid",
        "unit": str(world.unit.pk),
        "lead": str(world.tanum.pk),
        "start": "2026-11-01",
        "end": "2026-12-31",
        "measure": "Tre kontor öppna",
        "cost": "",
    }
    vague = client.post(f"{begun.url}/ny-aktivitet", {**line, "title": "Samverkan", "unit": "", "measure": ""})
    assert vague.status_code == 422
    assert [
        words in vague.content.decode() for words in ("Börja med ett verb", "Ingen håller i", "räkna eller pricka av")
    ] == [True] * 3
    assert client.post(f"{begun.url}/ny-aktivitet", {**line, "cost": "120 000"}).status_code == 302
    with world.acting(world.owner):
        assert plan.Activity.objects.get().cost == 120_000
    decision = {"body": "E-rådet", "decided_on": "2026-11-20", "decision_text": "Antas."}
    assert client.post(f"{begun.url}/beslut", {**decision, "decided_on": "2030-01-01"}).status_code == 422
    assert client.post(f"{begun.url}/beslut", decision).status_code == 302
    again = client.post(f"{begun.url}/beslut", decision)
    assert (again.status_code, "redan beslutad" in again.content.decode()) == (422, True)
    assert "Boka utan app" in world.client().get("/tanum/det-har-gor-vi").content.decode()


def test_an_outcome_with_a_decimal_comma_and_a_file_of_the_values(world: World) -> None:
    with world.acting(world.owner):
        draft, made = action_plan(world.owner), initiative(world.owner)
        activity(world, draft, made)
        promise = benefit(world.owner, made)
        decided(world.owner, draft)
    here = f"/arbete/planera/nytta/{promise.pk}"
    sent = {"value": "3,5", "period": "hösten 2026", "measured_on": "2026-11-20"}
    assert world.client(world.owner).post(f"{here}/utfall", sent).status_code == 302
    assert world.client(world.owner).post(f"{here}/utfall", {**sent, "value": "tre"}).status_code == 422
    values = world.client().get(f"/det-har-gor-vi/nytta/{promise.pk}/varden.csv")
    assert values.content.decode("utf-8-sig").splitlines()[1:] == ["våren 2026, före;9,0", "hösten 2026;3,5"]
    assert "Målet är nått" in world.client().get(f"/det-har-gor-vi/nytta/{promise.pk}").content.decode()
