"""Invented content for the style page: every component in every state."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from medskick.design.charts import Bar, Chart, Series, bar_chart, line_chart, word_cloud
from medskick.design.forms import ChoiceCards, ManyChoiceCards, NumberField, PlainForm
from medskick.design.paging import Page
from medskick.design.parts import Column, Event, Link, Row, Step, Table, Todo
from medskick.lib.dates import STOCKHOLM

TRACE = [
    Step(
        label="Sagt",
        when=date(2025, 9, 17),
        title="Du skrev det på din telefon",
        text="Socialnätverkets workshop i Lysekil.",
    ),
    Step(
        label="Samlat",
        when=date(2025, 9, 18),
        title="Blev ett av nio liknande behov",
        url="#trad",
        facts=["4 kommuner", "9 röster"],
    ),
    Step(
        label="Ett steg hos Lysekil",
        when="oktober 2025",
        text="Det här steget får du inte läsa. Du kan begära ut handlingen.",
        url="#trad",
        action="Så begär du ut den",
        state="told",
    ),
    Step(
        label="Beslut",
        when=date(2025, 11, 12),
        title="E-rådet: ska påbörjas inom ett år",
        url="#trad",
        facts=["2 reservationer", "dnr 2025/0143"],
    ),
    Step(
        label="Hjälpte det?",
        when=date(2026, 11, 2),
        title="Väntetiden gick från 9 till 3 minuter",
        text="Målet är 4 minuter. Vi mäter igen i september.",
        url="#diagram",
        action="Se diagrammet",
        state="now",
    ),
    Step(label="Ditt omdöme", when="juni 2027", title="Vi frågar dig om det blev bättre", state="coming"),
]
EVENTS = [
    Event(title="Ärendet kom in", when=datetime(2026, 11, 3, 9, 14, tzinfo=STOCKHOLM), who="Du, på webben"),
    Event(
        title="Maria Ek tog hand om det",
        when=datetime(2026, 11, 4, 13, 2, tzinfo=STOCKHOLM),
        who="Serviceförvaltningen",
        text="Jag ringer dig på torsdag.",
    ),
    Event(title="Du fick svar", when=datetime(2026, 11, 6, 10, 40, tzinfo=STOCKHOLM), who="Maria Ek", url="#tidslinje"),
]
STEPS = [
    Step(label="Om platsen", url="#stegvisare", state="done"),
    Step(label="Vad har hänt?", state="now"),
    Step(label="Så når vi dig", state="coming"),
    Step(label="Granska och skicka", state="coming"),
]
DOORS = [
    {"engine": "listen", "title": "Tyck till", "text": "3 frågor är öppna nu", "url": "#dorrar"},
    {
        "engine": "serve",
        "title": "Ansök och anmäl",
        "text": "Bygglov, förskola, färdtjänst och allt annat",
        "url": "#dorrar",
    },
    {"engine": "plan", "title": "Det här gör vi", "text": "Senast: digital fixare på biblioteket", "url": "#dorrar"},
    {
        "engine": "measure",
        "title": "Så går det",
        "text": "Fiber når 94 % av hushållen, målet är 98 %",
        "url": "#dorrar",
    },
]
ROWS = [
    Row(
        title="Vad ska hamnplanen bli?",
        url="#rader",
        text="Karta och idéer.",
        meta=["öppet till 12 december", "412 har svarat"],
        status="Öppet",
        tone="done",
    ),
    Row(title="Trygg väg till skolan", url="#rader", meta=["stängde 3 oktober"], status="Svar väntar", tone="wait"),
    Row(title="Kvällsöppet på återvinningen", url="#rader", meta=["214 bad om det"], status="Genomfört"),
]
WAITING_TASKS = [
    Todo(title="Två röster saknar svar", text="De har väntat 26 dagar. Gränsen är 30.", url="#uppgifter", verb="Svara"),
    Todo(
        title="Remissvar från Tanum på handlingsplan 0.3",
        url="#uppgifter",
        verb="Läs",
        due=date(2026, 11, 20),
        late=True,
    ),
    Todo(title="Nytta att följa upp: Boka utan app", url="#uppgifter", verb="För in", due=date(2026, 12, 4)),
]
TABLE = Table(
    "Bredband i fyra kommuner, andel hushåll med fiber",
    [Column("Kommun"), Column("Hushåll", True, 0), Column("Fiber (%)", True, 1), Column("Förändring", True, 1)],
    [["Sotenäs", 5231, 94.0, 2.1], ["Tanum", 7410, 88.4, -0.6], ["Orust", 8122, None, None], ["Åmål", 6015, 91.2, 3.0]],
    emphasis=frozenset({0}),
)
WORDS = {
    "trygghet": 23, "förenkling": 17, "tid över": 14, "tillgänglighet": 11, "nya arbetssätt": 9, "data": 8, "oro": 7,
    "samarbete": 6, "mobilen": 5, "utanförskap": 5, "lösenord": 4, "service": 4, "framtid": 4, "möten": 3, "BankID": 3,
    "färre resor": 3, "AI": 3, "krångel": 2, "öppna data": 2, "delaktighet": 2, "fibernät": 2, "skolan": 2, "e-post": 1,
    "kunskap": 1, "överblick": 1, "rättssäkert": 1, "personligt": 1, "papperslöst": 1,
}  # fmt: skip


def charts() -> list[Chart]:
    """One chart of each kind, with gaps, breaks, targets, intervals and missing values."""
    fiber = [
        (2018, 61.0),
        (2019, 68.2),
        (2020, None),
        (2021, 79.5),
        (2022, 84.1),
        (2023, 88.9),
        (2024, 92.0),
        (2025, 94.0),
    ]
    region = [
        (2018, 58.0),
        (2019, 63.1),
        (2020, 67.0),
        (2021, 71.2),
        (2022, 77.9),
        (2023, 81.4),
        (2024, 85.2),
        (2025, 87.3),
    ]
    wait = [(2022, 9.1), (2023, 8.6), (2024, 5.2), (2025, 3.4), (2026, 3.0)]
    one = line_chart(
        "Väntetiden har gått från 9 till 3 minuter",
        [Series("Boka utan app", wait)],
        unit="min",
        target=4,
        y_from_zero=True,
        bands={
            "Boka utan app": [(2022, 8.2, 10.0), (2023, 7.9, 9.4), (2024, 4.4, 6.0), (2025, 2.9, 4.0), (2026, 2.5, 3.6)]
        },
    )
    one.source, one.csv_url = "påhittade siffror", "#diagram"
    many = line_chart(
        "Fiber når 94 % av hushållen i Sotenäs, mer än i regionen",
        [Series("Sotenäs", fiber), Series("Fyrbodal", region)],
        unit="%",
        target=98,
        breaks=[2022],
    )
    bars = bar_chart(
        "Åtta av fjorton är nöjda, och skillnaderna är små",
        [
            Bar("Sotenäs", 83.0, 78, 88, emphasis=True),
            Bar("Lysekil", 79.0, 74, 84),
            Bar("Dals-Ed", 76.5, 66, 87),
            Bar("Tanum", None),
            Bar("Åmål", 61.0, 55, 67),
        ],
        unit="%",
        target=80,
        first_column="Kommun",
    )
    answers = bar_chart(
        "Inget samtycke: 1 säger stopp och 2 har invändningar",
        [
            Bar("5 – Helt med, jag hjälper till", 4, shown="4 (33 %)"),
            Bar("4 – Bra förslag", 3, shown="3 (25 %)"),
            Bar("3 – Jag kan leva med det", 2, shown="2 (17 %)"),
            Bar(
                "2 – Jag har en invändning att ta upp, och den är så lång att den behöver mer än en rad på telefonen",
                2,
                emphasis=True,
                shown="2 (17 %)",
            ),
            Bar("1 – Jag har stora invändningar", 0, shown="0 (0 %)"),
            Bar("0 – Stopp, jag kan inte vara med på det", 1, emphasis=True, shown="1 (8 %)"),
        ],
        first_column="Fingrar",
    )
    answers.note = "12 svar"
    return [one, many, bars, answers, word_cloud("Trygghet är ordet som flest väljer", WORDS)]


class SampleForm(PlainForm):
    """Every kind of field."""

    title = forms.CharField(label=_("Rubrik"), max_length=80)
    text = forms.CharField(
        label=_("Vad behövs?"),
        max_length=2000,
        widget=forms.Textarea,
        help_text=_("Skriv som du skulle säga det till en granne."),
    )
    email = forms.EmailField(label=_("E-post"), required=False, help_text=_("Bara om du vill ha svar."))
    day = forms.DateField(label=_("När hände det?"), required=False)
    amount = NumberField(label=_("Ungefär hur många gäller det?"), required=False)
    area = forms.ChoiceField(
        label=_("Område"), choices=[("", _("Välj område")), ("skola", _("Skola")), ("vard", _("Omsorg"))]
    )
    feeling = forms.ChoiceField(
        label=_("Hur viktigt är det?"),
        choices=[("3", _("Mycket viktigt")), ("2", _("Ganska viktigt")), ("1", _("Mindre viktigt"))],
        widget=ChoiceCards,
    )
    ways = forms.MultipleChoiceField(
        label=_("Hur vill du ha svar?"),
        choices=[("brev", _("Brev")), ("telefon", _("Telefon")), ("post", _("E-post"))],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    themes = forms.MultipleChoiceField(
        label=_("Vad handlar det om?"),
        choices=[("1", _("Trygghet")), ("2", _("Tid"))],
        widget=ManyChoiceCards,
        required=False,
    )
    picture = forms.FileField(label=_("Bild eller fil"), required=False, help_text=_("Högst 10 MB."))
    agree = forms.BooleanField(label=_("Jag har läst hur uppgifterna används"))

    missing = {"title": _("Skriv en rubrik.")}
    fieldsets = [
        (_("Behovet"), ["title", "text", "area", "feeling", "themes"]),
        (_("Mer om det"), ["day", "amount"]),
        (_("Så når vi dig"), ["email", "ways", "agree"]),
    ]
    folds = [(_("Mer, som kan vänta"), ["picture"])]


class FilterForm(PlainForm):
    """A compact form of one line."""

    uses_submission_key = False
    q = forms.CharField(label=_("Sök i behoven"), required=False, max_length=100)


@dataclass(frozen=True)
class Given:
    """A message of Django's, as the template reads it."""

    level_tag: str
    text: str

    def __str__(self) -> str:
        return self.text


class AnswerForm(PlainForm):
    """The phone's one question."""

    answer = forms.CharField(label=_("Ditt svar, ett eller några ord"), max_length=60)


PARTS_INDEX = [
    ("grunder", "Tanken"), ("farger", "Färger"), ("text", "Text"), ("varden", "Tal och datum"), ("trad", "Tråden"),
    ("tidslinje", "Tidslinje"), ("stegvisare", "Stegvisare"), ("dorrar", "Dörrarna"), ("knappar", "Knappar"),
    ("notiser", "Notiser"), ("besked", "Besked"), ("status", "Status"), ("roster", "En röst"), ("kort", "Kort"),
    ("rader", "Rader"), ("tomt", "Tomt"), ("uppgifter", "Uppgifter"), ("flikar", "Flikar"),
    ("arende", "Handlingens list"),
    ("framsteg", "Framsteg"), ("tabell", "Tabell"), ("diagram", "Diagram"), ("tecken", "Tecken och QR"),
    ("falt", "Formulär"), ("skal", "Skal och felsidor"),
]  # fmt: skip


def context() -> dict[str, Any]:
    """Everything that the style page shows."""
    faulty = SampleForm(
        {"title": "", "text": "Mormor kan inte boka färdtjänst.\u0007", "email": "mormor", "feeling": "9"}
    )
    return {
        "trace": TRACE,
        "events": EVENTS,
        "steps": STEPS,
        "doors": DOORS,
        "rows": ROWS,
        "todos": WAITING_TASKS,
        "table": TABLE,
        "charts": charts(),
        "cloud": word_cloud("Ordmolnet", WORDS, size="projector"),
        "parts_index": PARTS_INDEX,
        "form_phone": AnswerForm(),
        "form_empty": SampleForm(prefix="tom", initial={"feeling": "2", "themes": ["1"], "ways": ["brev"]}),
        "form_faulty": faulty,
        "form_filter": FilterForm(prefix="sok"),
        "crumbs": [("Start", "/"), ("Det här gör vi", "#"), ("Behov", "")],
        "tabs": [Link("Alla", "#flikar", True, 214), Link("Mina", "#flikar", False, 3), Link("Avslutade", "#flikar")],
        "facts": [
            ("Diarienummer", "2026/0143"),
            ("Version", "0.3"),
            ("Klassning", "2.6.1"),
            ("Beslutad", date(2026, 11, 12)),
        ],
        "offers": [Link("Ta upp i planen", "#arende"), Link("Skicka på remiss", "#arende")],
        "page_middle": Page(items=list(range(25)), number=3, has_next=True, size=25),
        "page_after_end": Page(items=[], number=9, has_next=False, size=25),
        "given_messages": [Given("success", "Behovet är sparat."), Given("error", "Sidan var gammal. Försök igen.")],
        "today": date(2026, 12, 12),
        "moment": datetime(2025, 12, 12, 14, 5, tzinfo=STOCKHOLM),
    }
