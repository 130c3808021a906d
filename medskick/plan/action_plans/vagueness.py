"""What makes an activity too vague to be carried out: no owner, no verb, no dates, no measure. Pure, without Django."""

from datetime import date

# Infinitives that do not end in -a.
SHORT_VERBS = frozenset(
    [
        "ge",
        "ha",
        "gå",
        "se",
        "ta",
        "få",
        "bli",
        "nå",
        "bo",
        "tro",
        "sy",
        "ske",
        "be",
        "klä",
        "må",
        "rå",
        "slå",
        "stå",
        "så",
        "ro",
        "dra",
        "le",
        "fly",
        "by",
        "strö",
        "te",
        "förse",
    ]
)
# They promise that somebody will be busy, not that something will be done.
EMPTY_VERBS = frozenset({"verka", "arbeta", "jobba", "främja", "beakta", "eftersträva", "överväga"})

Points = dict[str, str]


def vague_points(*, title: str, has_owner: bool, start: date | None, end: date | None, measure: str) -> Points:
    """What is vague, by field, each with what to do about it; {} when somebody could begin tomorrow."""
    points: Points = {}
    if verb_fault := _verb_fault(title):
        points["title"] = verb_fault
    if not has_owner:
        points["unit"] = "Ingen håller i aktiviteten. Välj den enhet som ansvarar för att det blir gjort."
    if start is None:
        points["start"] = "Det står inte när aktiviteten börjar. Skriv en dag."
    if end is None:
        points["end"] = "Det står inte när aktiviteten ska vara klar. Skriv en dag."
    elif start is not None and end < start:
        points["end"] = "Aktiviteten slutar innan den börjar. Byt plats på dagarna."
    if len(measure.split()) < 2:
        points["measure"] = (
            "Det går inte att se när aktiviteten är gjord. Skriv något som går att räkna eller pricka av."
        )
    return points


def _verb_fault(title: str) -> str:
    words = title.split()
    example = "Börja med ett verb som säger vad ni gör, till exempel ”Öppna telefontid” eller ”Utbilda hemtjänsten”."
    if not words:
        return f"Aktiviteten har inget namn. {example}"
    first = words[0].casefold().strip(".,:;")
    if first in EMPTY_VERBS:
        return f"”{words[0]}” säger inte vad som blir gjort. {example}"
    if len(words) < 2 or not (first in SHORT_VERBS or (first.endswith("a") and len(first) > 2)):
        return f"Det går inte att läsa ut vad som ska göras i ”{title}”. {example}"
    return ""
