"""One municipality's whole way, page by page: it gets its people, shares, adopts, declines, takes all along and leaves."""

import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from medskick.kernel.operation.verify_export import faults_of
from medskick.kernel.organisations.models import Organisation
from medskick.kernel.people.tests.provider import LogInProvider, running_provider
from medskick.project import cli
from tests.journeys.hands import fill

pytestmark = pytest.mark.journey

LIBRARIES, ANSWERS = "Riktlinje för meröppna bibliotek", "Riktlinje för svar till den som hör av sig"
OURS, OWN_WORDING = "Riktlinje för lån av cyklar", "Bara huvudbiblioteket i Munkedal."
NEW_RULE, WHY_NOT = "Nyckelbyte i september.", "Vi svarar redan inom en dag."
TURN_TO = "Munkedals kommun, telefon 0000-430 00"
HEADER = "namn;e-post;titel;enhet;roller"
ADMIN, SHARED = "arbete/administration", "arbete/gemensamt"


@dataclass
class Browsers:
    """People at their browsers, each of whose pages is looked over; `errors` is what their consoles said."""

    site: str
    people: Callable[..., Any]
    axe: Callable[[Any], list[str]]
    sign_in: Callable[[Any, str], None]
    provider: LogInProvider
    errors: list[str] = field(default_factory=list)

    def open(self, key: str = "", *, width: int = 1280) -> Any:
        """A browser of somebody's own; by the key of an invented person she is logged in there."""
        page = self.people(width=width)
        # The log-in provider's own pages ask for a style sheet far away, and are not ours to judge.
        page.context.route(lambda url: "//localhost" not in url and not url.startswith(self.site), _refuse)
        page.on("console", self._hear)
        page.on("pageerror", lambda fault: self.errors.append(f"{page.url}: {fault}"))
        if key:
            self.sign_in(page, key)
        return page

    def _hear(self, said: Any) -> None:
        address = said.location.get("url", "")
        if said.type == "error" and address.startswith(self.site):
            self.errors.append(f"{address}: {said.text}")

    def go(self, page: Any, path: str) -> None:
        page.goto(f"{self.site}/{path}")
        self.look(page)

    def press(self, page: Any, element: str) -> None:
        """Press the first button or follow the first link of the page's main part that is found so."""
        with page.expect_navigation():
            page.locator("main").locator(element).first.click()
        self.look(page)

    def choose(self, page: Any, words: str) -> None:
        """Follow a link by its words, which are somebody's own: a title, a name."""
        self.press(page, f"a:has-text('{words}')")

    def fill(self, page: Any, **fields: str | bool) -> None:
        fill(page, **fields)
        self.look(page)

    def look(self, page: Any) -> None:
        assert page.locator("h1").count() == 1, page.url
        assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"), page.url
        assert self.axe(page) == [], page.url

    def log_in_at_work(self, page: Any, account: str, name: str) -> None:
        """By the municipality's own page and its own provider, as its employees do."""
        self.go(page, "munkedal/logga-in")
        self.vouch(page, account, name)

    def vouch(self, page: Any, account: str, name: str) -> None:
        self.provider.knows(account, name=name, email=_email(account))
        page.locator(f"main a[href*='/logga-in/{self.provider.row.slug}']").first.click()
        page.locator("input[name=sub]").fill(account)
        with page.expect_navigation(url=f"{self.site}/**"):
            page.locator("form:has(input[name=sub]) button").click()
        self.look(page)


def _refuse(route: Any) -> None:
    route.abort()


def _email(account: str) -> str:
    return f"{account}@munkedal.example"


@pytest.fixture
def provider(example: str) -> Iterator[LogInProvider]:
    """Munkedal's own log-in, which answers over loopback and is therefore connected by hand: a page asks for https."""
    munkedal = Organisation.objects.get(slug="munkedal")
    with running_provider("munkedal-konto", organisation=munkedal, for_staff=True) as running:
        yield running


@pytest.fixture
def browsers(example: str, people: Any, axe: Any, sign_in: Any, provider: LogInProvider) -> Browsers:
    return Browsers(example, people, axe, sign_in, provider)


def test_a_municipality_joins_shares_adopts_exports_and_leaves(browsers: Browsers, tmp_path: Path) -> None:
    first_administrator(tmp_path)
    ada, bo, per = browsers.open(), browsers.open(), browsers.open(width=390)
    browsers.log_in_at_work(ada, "ada", "Ada Min")
    second_administrator(browsers, ada, bo)
    the_rest_by_file(browsers, ada, tmp_path)
    browsers.log_in_at_work(per, "per", "Per Led")
    a_role_counts_at_once(browsers, ada, per)

    region = browsers.open("maria")
    first_share(browsers, per, region)
    adopts_with_own_wording(browsers, per)
    takes_the_next_version(browsers, per, region)
    declines(browsers, per, region)
    assert browsers.errors == []

    takes_all_along(browsers, ada, bo, tmp_path)
    leaves(browsers, ada, bo, per)
    is_seen_to_have_left(browsers, region)
    assert browsers.errors == []


def first_administrator(folder: Path) -> None:
    """By the hand of the one who runs the system: somebody must be in before anybody can let others in."""
    file = folder / "forsta.csv"
    file.write_text(f"{HEADER}\nAda Min;{_email('ada')};Kanslichef;Kommunledning;administratör\n")
    assert cli.main(["people", "import", str(file), "--organisation", "munkedal", "--write"]) == 0


def second_administrator(browsers: Browsers, ada: Any, bo: Any) -> None:
    """Bo logs in where nobody knows him, waits, and is let in with a role."""
    browsers.log_in_at_work(bo, "bo", "Bo Min")
    assert bo.url.endswith("/logga-in/vantar")
    bo.goto(f"{browsers.site}/munkedal/arbete")
    assert "/logga-in" in bo.url, "who waits is let in nowhere"
    browsers.go(ada, f"munkedal/{ADMIN}")
    browsers.press(ada, "a[href$='/administration/medarbetare']")
    browsers.choose(ada, "Bo Min")
    browsers.fill(ada, title="IT-chef", unit="Kommunledning", roles="administrator")
    assert "administratör" in ada.locator("main").inner_text()
    browsers.go(bo, "munkedal/logga-in/vantar")
    browsers.vouch(bo, "bo", "Bo Min")
    browsers.go(bo, f"munkedal/{ADMIN}")


def the_rest_by_file(browsers: Browsers, ada: Any, folder: Path) -> None:
    """A file with a fault is told by its row and offers nothing to do; mended, it is shown first and done after a yes."""
    row = "Per Led;{email};Utvecklingsledare;{unit};handläggare"
    browsers.go(ada, f"munkedal/{ADMIN}/medarbetare")
    for unit in ("Finns inte", "Kommunledning"):
        file = folder / "medarbetare.csv"
        file.write_text(f"{HEADER}\n{row.format(email=_email('per'), unit=unit)}\n")
        browsers.press(ada, "a[href$='/medarbetare/fil']")
        ada.locator("main input[type=file]").set_input_files(file)
        browsers.press(ada, "form:has(input[type=file]) button")
        may_do = ada.locator("form[action$='/fil/klart']").count()
        assert may_do == (unit == "Kommunledning"), ada.locator("main").inner_text()
    looking = ada.context.new_page()
    browsers.go(looking, f"munkedal/{ADMIN}/medarbetare")
    assert "Per Led" not in looking.locator("main").inner_text(), "nothing is done before the yes"
    looking.close()
    browsers.press(ada, "form[action$='/fil/klart'] button[type=submit]")
    assert "Per Led" in ada.locator("main table").inner_text()


def a_role_counts_at_once(browsers: Browsers, ada: Any, per: Any) -> None:
    browsers.go(per, SHARED)
    browsers.choose(per, LIBRARIES)
    assert per.locator("a[href$='/stallning']").count() == 0
    browsers.choose(ada, "Per Led")
    browsers.fill(ada, roles="process_leader")
    per.reload()
    assert per.locator("main a[href$='/stallning']").count() == 1


def first_share(browsers: Browsers, per: Any, region: Any) -> None:
    """Its first document is written from the template, fixed, and shared with the whole region."""
    browsers.go(per, "arbete/dokument")
    browsers.press(per, "a[href$='/dokument/nytt']")
    browsers.press(per, "a[href$='/nytt/guideline']")
    browsers.fill(per, title=OURS, field_purpose="Fler ska kunna cykla.", field_rules="Lämna tillbaka samma dag.")
    browsers.press(per, "a[href$='/faststallande']")
    browsers.fill(per, reason="KF § 12")
    browsers.press(per, "a[href$='/delning']")
    browsers.fill(per, with_whom="region", may="adopt")
    browsers.go(per, f"{SHARED}/delar")
    line = per.locator("main ul.rows > li", has_text=OURS)
    assert line.count() == 1
    assert line.locator(".status").count() == 0, "nobody takes a stand on her own"
    browsers.go(region, SHARED)
    browsers.choose(region, OURS)


def adopts_with_own_wording(browsers: Browsers, per: Any) -> None:
    browsers.go(per, SHARED)
    browsers.choose(per, LIBRARIES)
    browsers.press(per, "a[href$='/stallning']")
    browsers.fill(per, status="adopted", reason="Vi har ett bibliotek med meröppet.", openly=True)
    browsers.press(per, "a[href$='/falt/covers']")
    browsers.fill(per, value=OWN_WORDING, reason="Filialen har inte meröppet.")
    assert OWN_WORDING in per.locator("main").inner_text()


def takes_the_next_version(browsers: Browsers, per: Any, region: Any) -> None:
    """What the owner fixes changes nothing in Munkedal before its own yes, which its task leads to."""
    browsers.go(region, "arbete/dokument")
    browsers.choose(region, LIBRARIES)
    browsers.press(region, "a[href$='/utkast']")
    browsers.fill(region, field_rules=NEW_RULE, reason="Nycklar försvann")
    browsers.press(region, "a[href$='/faststallande']")
    browsers.fill(region, reason="Beslutad i direktionen")
    browsers.go(per, "arbete")
    browsers.press(per, ".tasks a[href*='/gemensamt/foljer/']")
    followed = per.url
    assert NEW_RULE not in per.locator("main").inner_text()
    browsers.press(per, "a[href$='/ny-version']")
    assert "Nyckelbyte" in " ".join(per.locator("main ins").all_inner_texts())
    browsers.fill(per, stand="adopt", own_0="keep", why_0="Filialen har fortfarande inte meröppet.")
    assert per.url == followed
    text = per.locator("main").inner_text()
    assert NEW_RULE in text and OWN_WORDING in text
    browsers.go(per, "arbete")
    assert per.locator(".tasks a[href*='/gemensamt/foljer/']").count() == 0


def declines(browsers: Browsers, per: Any, region: Any) -> None:
    """A no with its reason is a result: it stands where its own people look, at the owner, and in the region's table."""
    browsers.go(per, SHARED)
    browsers.choose(per, ANSWERS)
    browsers.press(per, "a[href$='/stallning']")
    browsers.fill(per, status="declined", reason=WHY_NOT)
    assert WHY_NOT in per.locator("body").inner_text()
    browsers.go(per, f"{SHARED}/foljer")
    assert ANSWERS in per.locator("main").inner_text()
    owner = browsers.open("tove")
    browsers.go(owner, f"{SHARED}/delar")
    browsers.choose(owner, ANSWERS)
    assert WHY_NOT in owner.locator("main li:has-text('Munkedal')").inner_text()
    browsers.go(region, f"{SHARED}/vem-foljer-vad")
    assert region.locator("main tr:has-text('Munkedal') a").count() == 2
    browsers.press(region, "tr:has-text('Munkedal') td:nth-of-type(2) a")
    assert WHY_NOT in region.locator("body").inner_text()


def takes_all_along(browsers: Browsers, ada: Any, bo: Any, folder: Path) -> None:
    """One asks, another releases, the job writes, and what is downloaded verifies itself."""
    browsers.go(ada, f"munkedal/{ADMIN}")
    browsers.press(ada, "a[href$='/administration/export']")
    browsers.fill(ada, reason="KF § 13")
    assert ada.locator("form[action$='/godkannande']").count() == 0, "nobody releases her own"
    browsers.go(bo, f"munkedal/{ADMIN}")
    assert bo.locator("main li:has(a[href$='/administration/export']) .status").count() == 1, "it waits for him"
    browsers.press(bo, "a[href$='/administration/export']")
    browsers.press(bo, "form[action$='/godkannande'] button")
    run_jobs()
    # The page comes again by itself while the file is made.
    bo.locator("main a[href$='/fil']").wait_for()
    browsers.look(bo)
    browsers.go(ada, f"munkedal/{ADMIN}/export")
    with ada.expect_download() as downloading:
        ada.locator("main a[href$='/fil']").click()
    with zipfile.ZipFile(downloading.value.path()) as packed:
        packed.extractall(folder / "export")
    (manifest,) = (folder / "export").rglob("manifest.json")
    assert faults_of(manifest.parent) == []
    everything = " ".join(path.read_text("utf-8") for path in manifest.parent.rglob("*.csv"))
    for own in (OURS, OWN_WORDING, WHY_NOT):
        assert own in everything
    assert "Tove Brink" not in everything


def run_jobs() -> None:
    """All that waits in the queue, by the worker's own process."""
    worker = [sys.executable, "-c", "import sys; from medskick.project.cli import main; sys.exit(main())"]
    done = subprocess.run([*worker, "worker", "--once"], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr


def leaves(browsers: Browsers, ada: Any, bo: Any, per: Any) -> None:
    """Proposed by the municipality, confirmed by the region; from that moment nobody of it is in."""
    browsers.go(ada, f"munkedal/{ADMIN}")
    assert ada.locator("main li:has(a[href$='/administration/export']) .status").count() == 0
    browsers.press(ada, "a[href$='/administration/uttrade']")
    browsers.fill(ada, turn_to=TURN_TO, reason="KF § 14")
    assert ada.locator("form[action$='/bekraftelse']").count() == 0, "nobody confirms her own"
    for page in (bo, per):
        browsers.go(page, "munkedal/arbete")
    anders = browsers.open("anders")
    browsers.go(anders, ADMIN)
    assert anders.locator("main li:has(a[href$='/administration/uttrade']) .status").count() == 1
    browsers.press(anders, "a[href$='/administration/uttrade']")
    browsers.press(anders, "form[action$='/bekraftelse'] button")
    assert anders.locator("form[action$='/bekraftelse']").count() == 0
    assert "Anders Berg" in anders.locator("main").inner_text()
    for page in (ada, bo, per):
        page.reload()
        assert "/logga-in" in page.url
        browsers.look(page)
        # Nor is there a way back in: the log-in is gone from the page, and from its address.
        assert page.locator("a[href*='munkedal-konto']").count() == 0
        assert page.request.get(f"{browsers.site}/munkedal/logga-in/munkedal-konto").status == 404


def is_seen_to_have_left(browsers: Browsers, region: Any) -> None:
    visitor = browsers.open(width=390)
    browsers.go(visitor, "munkedal/")
    assert TURN_TO in visitor.locator("body").inner_text()
    browsers.go(visitor, "")
    assert "har lämnat" in visitor.locator("main li:has-text('Munkedal')").inner_text()
    browsers.go(region, SHARED)
    assert OURS not in region.locator("main").inner_text()
    browsers.go(region, f"{SHARED}/vem-foljer-vad")
    assert region.locator("main tr:has-text('Munkedal')").count() == 0
