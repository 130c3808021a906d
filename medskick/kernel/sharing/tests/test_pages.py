"""The pages of what is common: what they show to whom, what they cost, and what happens when something is wrong."""

from uuid import uuid4

import pytest
from django.test import Client

from medskick.kernel.records.models import Item, Level, Share
from medskick.kernel.sharing.actions.adopting import adopt
from medskick.kernel.sharing.actions.following import override
from medskick.kernel.sharing.models import Adoption, AdoptionStatus, Override, SharedComment
from medskick.kernel.sharing.tests.story import next_version, shared_guideline
from medskick.kernel.spaces.models import SpaceAnswer, SpaceQuestion
from medskick.kernel.tests.world import World, make_staff, page_queries

ROOM = "/arbete/gemensamt"


def text(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined]


def post(browser: Client, address: str, **given: str) -> object:
    return browser.post(address, {"submission_key": str(uuid4()), **given})


def test_the_whole_way_by_clicks(world: World) -> None:
    """Share, adopt with an own wording, get a new version, decline it, adopt it, and show residents."""
    item, version = shared_guideline(world, world.region.id)
    owner, stranger = world.client(world.owner), world.client(world.stranger)
    shares = f"{ROOM}/dokument/{item.id}/delning"
    assert stranger.get(shares).status_code == 404
    wrong = post(owner, shares, with_whom="", may="adopt")
    assert wrong.status_code == 422
    past = post(owner, shares, with_whom=f"o{world.sotenas.id}", may="adopt", until="2001-01-01")
    assert past.status_code == 422
    assert "redan förbi" in text(past)
    nobody = post(owner, shares, with_whom="all", may="adopt")
    assert (nobody.status_code, "Publicera versionen först" in text(nobody)) == (422, True)
    assert "Riktlinje för svar" not in text(stranger.get(ROOM))
    assert post(owner, shares, with_whom=f"o{world.sotenas.id}", may="adopt").status_code == 302
    assert "Riktlinje för svar" in text(stranger.get(ROOM))

    stand = f"{ROOM}/dokument/{item.id}/stallning"
    empty = post(stranger, stand, status="declined", reason=" ")
    assert (empty.status_code, "Skriv varför ni avböjer" in text(empty)) == (422, True)
    adopted = post(stranger, stand, status="adopted", reason="Passar oss", openly="on")
    with world.acting(world.stranger):
        adoption = Adoption.objects.select_related("item").get()
    page = f"{ROOM}/foljer/{adoption.item_id}"
    assert (adopted.status_code, adopted["Location"]) == (302, page)
    assert stranger.get(f"{page}/falt/rules").status_code == 404, "locked"
    missing = post(stranger, f"{page}/falt/covers", value="Bara skolan.", reason="")
    assert (missing.status_code, "Bara skolan." in text(missing)) == (422, True)
    assert post(stranger, f"{page}/falt/covers", value="Bara skolan.", reason="Skolan först").status_code == 302
    assert "egen lydelse" in text(stranger.get(page))

    assert post(stranger, f"{page}/ny-version").status_code == 302, "nothing new yet"
    with world.acting(world.owner):
        second = next_version(version, world.owner, {"covers": "Alla, och bolagen.", "rules": "Inom en dag."})
    new = text(stranger.get(f"{page}/ny-version"))
    for words in ("ändrat hos källan", "ni har en egen lydelse", "Bara skolan.", "<ins>", "<del>"):
        assert words in new
    assert post(stranger, f"{page}/ny-version", stand="stay", reason="").status_code == 422
    undecided = post(stranger, f"{page}/ny-version", stand="adopt")
    assert (undecided.status_code, "Välj om ni behåller" in text(undecided)) == (422, True)
    assert post(stranger, f"{page}/ny-version", stand="stay", reason="Inte nu").status_code == 302
    assert "Ni har valt att stanna" in text(stranger.get(page))
    kept = post(stranger, f"{page}/ny-version", stand="adopt", own_0="keep", why_0="Skolan först")
    assert kept.status_code == 302
    with world.acting(world.stranger):
        adoption.refresh_from_db()
        assert adoption.version_id == second.id
    public = text(world.client(None).get(f"/sotenas/gemensamt/{adoption.item.number}"))
    assert "Inom en dag." in public
    assert "Bara skolan." in public
    assert "Riktlinje för svar" in text(world.client(None).get("/sotenas/gemensamt"))
    assert "Riktlinje för svar" not in text(world.client(None).get("/tanum/gemensamt"))
    assert stranger.post(f"{page}/falt/covers/kallans").status_code == 302
    assert post(stranger, f"{page}/avslut", reason="Vi har en egen").status_code == 302
    with world.acting(world.stranger):
        adoption.refresh_from_db()
        assert adoption.status == AdoptionStatus.ENDED
        assert not Override.objects.filter(ended_at__isnull=True).exists()
    assert stranger.get(f"{page}/falt/covers").status_code == 403


def test_adopting_and_own_wordings_are_one_press(world: World) -> None:
    item, version = shared_guideline(world, world.sotenas.id)
    browser, stand = world.client(world.stranger), f"{ROOM}/dokument/{item.id}/stallning"
    form = browser.get(stand).context["form"]
    boxes = {one.key: f"own_{position}" for position, one in enumerate(form.open_fields)}
    texts = {f"own_{position}": one.source_value for position, one in enumerate(form.open_fields)}
    covers, local = boxes["covers"], boxes["local"]
    given = {"status": "adopted", "reason": "", "seen": str(version.id), **texts}
    changed = {**given, covers: "Bara skolan.", local: "Ring växeln."}
    missing = post(browser, stand, **changed)
    assert missing.status_code == 422
    for words in ("Skriv varför ni har en egen lydelse av", "Bara skolan.", '<details class="fold" open>'):
        assert words in text(missing)
    with world.acting(world.stranger):
        assert not Adoption.objects.exists(), "all or nothing"
    why = covers.replace("own", "why")
    assert post(browser, stand, **changed, **{why: "Skolan först"}).status_code == 302
    with world.acting(world.stranger):
        adoption = Adoption.objects.get()
        own = {one.field: (one.value, one.reason) for one in Override.objects.all()}
    assert adoption.status == AdoptionStatus.ADOPTED
    assert own == {"covers": ("Bara skolan.", "Skolan först"), "local": ("Ring växeln.", "")}
    later = f"{ROOM}/foljer/{adoption.item_id}/falt/local"
    assert post(browser, later, value="Mejla oss.", reason="").status_code == 302, "still possible later"


def test_what_is_not_changed_or_not_adopted_is_no_own_wording(world: World) -> None:
    item, version = shared_guideline(world, world.sotenas.id)
    browser, stand = world.client(world.stranger), f"{ROOM}/dokument/{item.id}/stallning"
    fields = browser.get(stand).context["form"].open_fields
    texts = {f"own_{position}": one.source_value for position, one in enumerate(fields)}
    assert post(browser, stand, status="considered", seen=str(version.id), own_0="Annat").status_code == 302
    assert post(browser, stand, status="adopted", seen=str(version.id), **texts).status_code == 302
    with world.acting(world.stranger):
        assert Adoption.objects.get().status == AdoptionStatus.ADOPTED
        assert not Override.objects.exists()


def test_wordings_of_an_older_version_come_back_and_nothing_is_adopted(world: World) -> None:
    item, version = shared_guideline(world, world.sotenas.id)
    browser, stand = world.client(world.stranger), f"{ROOM}/dokument/{item.id}/stallning"
    with world.acting(world.owner):
        newest = next_version(version, world.owner, {"rules": "Inom en dag."})
    told = post(browser, stand, status="adopted", seen=str(version.id), own_0="Bara skolan.", why_0="Skolan först")
    assert (told.status_code, "En ny version har fastställts" in text(told)) == (422, True)
    assert "Bara skolan." in text(told)
    assert str(newest.id) in text(told)
    with world.acting(world.stranger):
        assert not Adoption.objects.exists()


def test_peers_see_the_stand_and_the_own_wordings_but_not_the_text(world: World) -> None:
    item, _version = shared_guideline(world, world.sotenas.id)
    with world.acting(world.stranger):
        adoption = adopt(Item.objects.get(id=item.id), by=world.stranger)
        override(adoption, by=world.stranger, field="covers", value="Bara skolan.", reason="Skolan först")
    peer = world.client(world.regional)
    page = text(peer.get(f"{ROOM}/foljer/{adoption.item_id}"))
    assert "Bara skolan." in page
    assert "Skolan först" in page
    assert "Svara inom två dagar." not in page
    assert "Skriv en egen lydelse" not in page
    for address in ("ny-version", "avslut", "falt/covers"):
        assert peer.get(f"{ROOM}/foljer/{adoption.item_id}/{address}").status_code == 404
    assert peer.post(f"{ROOM}/foljer/{adoption.item_id}/publicering").status_code == 404
    assert peer.post(f"{ROOM}/foljer/{adoption.item_id}/falt/covers/kallans").status_code == 404
    table = text(peer.get(f"{ROOM}/vem-foljer-vad"))
    assert "1 egen lydelse" in table
    content = text(peer.get(f"{ROOM}/vem-foljer-vad.csv"))
    assert "Bara skolan." in content
    assert "version 1.0" in content


def test_the_file_holds_no_formulas(world: World) -> None:
    item, _version = shared_guideline(world, world.sotenas.id)
    with world.acting(world.stranger):
        adoption = adopt(Item.objects.get(id=item.id), by=world.stranger)
        override(adoption, by=world.stranger, field="local", value="=1+1", reason="")
    assert ";'=1+1;" in text(world.client(world.owner).get(f"{ROOM}/vem-foljer-vad.csv"))


def test_staff_without_the_role_reads_and_comments_and_decides_nothing(world: World) -> None:
    item, _version = shared_guideline(world, world.sotenas.id)
    helper = make_staff(world.sotenas, "Hilda Hjälpare", roles=("helper",))
    browser, page = world.client(helper), f"{ROOM}/dokument/{item.id}"
    assert "Ta ställning" not in text(browser.get(page))
    assert browser.get(f"{page}/stallning").status_code == 403
    assert post(browser, page, text="Kan vi få exempel?").status_code == 302
    assert "Kan vi få exempel?" in text(browser.get(page))
    assert post(browser, page, text=" ").status_code == 422


def test_hostile_input_is_shown_as_text_and_refused_where_it_must_be(world: World) -> None:
    item, _version = shared_guideline(world, world.sotenas.id)
    browser = world.client(world.stranger)
    assert post(browser, f"{ROOM}/dokument/{item.id}", text="<script>alert(1)</script>").status_code == 302
    assert "<script>alert(1)</script>" not in text(browser.get(f"{ROOM}/dokument/{item.id}"))
    assert post(browser, f"{ROOM}/dokument/{item.id}", text="a\0b").status_code == 422
    assert post(browser, f"{ROOM}/dokument/{item.id}/stallning", status="ended").status_code == 422
    assert browser.get(f"{ROOM}?q=%00&sort=finns-inte&sida=-1").status_code == 200
    assert browser.get(f"{ROOM}/foljer/{item.id}").status_code == 404
    assert browser.get(f"{ROOM}/dokument/{uuid4()}").status_code == 404


@pytest.mark.parametrize("page", [ROOM, f"{ROOM}/foljer", f"{ROOM}/vem-foljer-vad"])
def test_a_list_costs_the_same_for_one_row_and_for_three(world: World, page: str) -> None:
    """At most eight, the scope and the log-in among them."""
    browser = world.client(world.stranger)

    def one_more() -> None:
        item, _version = shared_guideline(world, world.sotenas.id)
        with world.acting(world.stranger):
            adoption = adopt(Item.objects.get(id=item.id), by=world.stranger)
            override(adoption, by=world.stranger, field="local", value="Ring växeln.", reason="")

    one_more()
    page_queries(browser, page)
    first = page_queries(browser, page)
    one_more()
    one_more()
    assert len(page_queries(browser, page)) == len(first) <= 8


def test_the_page_of_what_is_shared_lists_publishing_apart(world: World) -> None:
    item, _version = shared_guideline(world, world.sotenas.id)
    with world.acting(world.owner):
        own = Item.objects.get(id=item.id)
        Share(item=own, with_token=None, may=Share.READ, base_level=Level.ORGANISATION).save(force_insert=True)
        published = Share.objects.get(with_token__isnull=True)
    browser = world.client(world.owner)
    page = text(browser.get(f"{ROOM}/dokument/{item.id}/delning"))
    assert "Sotenäs kommun" in page
    assert str(published.id) not in page
    assert browser.get(f"{ROOM}/delning/{published.id}/avslut").status_code == 404


def test_the_same_form_sent_twice_is_one(world: World) -> None:
    item, _version = shared_guideline(world, world.sotenas.id)
    stranger, key = world.client(world.stranger), str(uuid4())
    for _ in range(2):
        stranger.post(f"{ROOM}/dokument/{item.id}", {"submission_key": key, "text": "Bra."})
        post(world.client(world.owner), f"{ROOM}/dokument/{item.id}/delning", with_whom="region", may="read")
    space = f"/arbete/natverk/{world.network.id}/fraga"
    seated = world.client(world.owner)
    first, second = (seated.post(space, {"submission_key": key, "title": "Hur gör ni?"}) for _ in range(2))
    assert first["Location"] == second["Location"]
    answers = [seated.post(first["Location"], {"submission_key": key, "text": "Så här."}) for _ in range(2)]
    assert {one.status_code for one in answers} == {302}
    with world.acting(world.owner):
        assert SharedComment.objects.count() == 1
        assert Share.objects.count() == 2
        assert (SpaceQuestion.objects.count(), SpaceAnswer.objects.count()) == (1, 1)
