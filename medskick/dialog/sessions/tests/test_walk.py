"""One word walks from a phone into a word cloud, and back to whoever said it."""

from medskick.dialog.sessions.models import LiveSession
from medskick.kernel.tests.world import World

LISTEN = "/arbete/lyssna"


def test_a_word_walks_from_a_phone_to_the_cloud_and_back(world: World) -> None:
    client = world.client(world.owner)
    made = client.post(
        f"{LISTEN}/moten/nytt",
        {"title": "Socialnätverket", "held_on": "2026-03-04", "anonymity": "anonymous", "public": "on"},
    )
    page = made["Location"]
    client.post(f"{page}/steg/nytt/word_cloud", {"text": "Vad betyder digitalisering för dig?", "shows_results": "on"})
    client.post(f"{page}/oppning", {})
    with world.acting(world.owner):
        session = LiveSession.objects.get()
        step = session.steps.get()
    assert session.state == "open"
    client.post(f"{LISTEN}/steg/{step.id}/oppning", {})

    phone = world.client()
    assert phone.get(f"/tanum/delta/{session.code}").status_code == 200
    sent = phone.post(f"/tanum/delta/{session.code}/svar/{step.id}", {"answer": "Trygghet och tid"})
    after = phone.get(sent["Location"]).content.decode()
    assert "Ditt svar är sparat" in after
    assert "trygghet" in client.get(f"{page}/projektor").content.decode()

    own = after.split('href="/tanum/spar/min/')[1].split('"')[0]
    assert "Trygghet och tid" in phone.get(f"/tanum/spar/min/{own}").content.decode()
    client.post(f"{page}/avslut", {})
    assert "mötet är slut" in phone.get(sent["Location"]).content.decode()


def test_every_staff_page_and_file_opens(world: World) -> None:
    client = world.client(world.owner)
    made = client.post(f"{LISTEN}/moten/nytt", {"title": "Möte", "held_on": "2026-03-04", "anonymity": "anonymous"})
    page = made["Location"]
    client.post(f"{page}/steg/nytt/word_cloud", {"text": "Vad behövs?", "shows_results": "on"})
    client.post(f"{page}/oppning", {})
    with world.acting(world.owner):
        step = LiveSession.objects.get().steps.get()
    addresses = [
        LISTEN,
        f"{LISTEN}/moten",
        f"{LISTEN}/moten?lage=open",
        *(page + rest for rest in ("", "/projektor", "/svar", "/svar.csv", "/steg/nytt/word_cloud")),
        *(f"{LISTEN}/steg/{step.id}/{name}" for name in ("bild.svg", "resultat.csv")),
        "/tyck-till",
        "/tanum/tyck-till",
        "/delta",
    ]
    assert {url: client.get(url).status_code for url in addresses} == dict.fromkeys(addresses, 200)
