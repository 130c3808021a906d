"""What tables and columns are called in the metadata of an export: Swedish and English."""

from typing import Any

from django.db import models

TABLES = {
    "Adoption": "användning av andras dokument",
    "AdoptionDecision": "beslut om andras dokument",
    "AccessibilityReport": "anmälan om tillgänglighet",
    "ActionPlan": "handlingsplan",
    "Activity": "aktivitet",
    "Answer": "svar i möte",
    "Benefit": "nytta",
    "Case": "ärende",
    "CaseAnswer": "svar i ärende",
    "CaseNote": "tjänsteanteckning",
    "CaseStep": "steg i ärende",
    "Departure": "utträde",
    "DiaryCounter": "diarieräknare",
    "Document": "handling",
    "DocumentVersion": "handlingens version",
    "Employment": "anställning",
    "Indicator": "nyckeltal",
    "Initiative": "insats",
    "Item": "sak i spåret",
    "Link": "koppling",
    "LiveSession": "möte",
    "LogEntry": "händelse i loggen",
    "LogSeal": "försegling av loggen",
    "Need": "behov",
    "Network": "nätverk",
    "NetworkMember": "medlem i nätverk",
    "Notification": "meddelande",
    "Organisation": "organisation",
    "Person": "person",
    "PersonalNumber": "personnummer",
    "Question": "fråga i möte",
    "Record": "diariepost",
    "RoleAssignment": "roll",
    "SearchEntry": "sökord",
    "Share": "delning",
    "StoredFile": "fil",
    "Subscription": "bevakning",
    "Task": "uppgift",
    "Unit": "enhet",
    "Value": "värde för nyckeltal",
    "VoidedNumber": "makulerat diarienummer",
}
COLUMNS = {
    "acting_for": "för vem",
    "answer": "svar",
    "at": "tidpunkt",
    "by_name": "av (namn)",
    "by_person": "av (person)",
    "channel": "genom",
    "created_at": "skapad",
    "done_at": "klar",
    "due": "senast",
    "ended_at": "slutade gälla",
    "fields": "fält",
    "id": "id",
    "index": "sökvärde",
    "item": "sak",
    "item_id": "sak",
    "kind": "sort",
    "level": "vem som får läsa",
    "name": "namn",
    "number": "nummer",
    "occurred_at": "hände",
    "organisation": "organisation",
    "owner": "ägare",
    "person": "person",
    "readers": "läsare",
    "reason": "skäl",
    "references": "berör",
    "registered_at": "registrerad",
    "role": "roll",
    "serial": "löpnummer",
    "sha256": "kontrollsumma",
    "since": "sedan",
    "state": "läge",
    "status": "läge",
    "summary": "sammanfattning",
    "text": "text",
    "title": "rubrik",
    "unit": "enhet",
    "url": "adress",
    "value": "värde",
    "verb": "vad som gjordes",
    "year": "år",
}
TYPES = {
    "AutoField": "integer",
    "BigAutoField": "integer",
    "BigIntegerField": "integer",
    "BooleanField": "boolean",
    "DateField": "date",
    "DateTimeField": "dateTimeStamp",
    "DecimalField": "decimal",
    "FloatField": "double",
    "IntegerField": "integer",
    "JSONField": "json",
    "PositiveBigIntegerField": "integer",
    "PositiveIntegerField": "integer",
    "PositiveSmallIntegerField": "integer",
    "SmallIntegerField": "integer",
}


def titles_of_table(model: type[models.Model]) -> dict[str, str]:
    name = model.__name__
    return {"sv": TABLES.get(name, str(model._meta.verbose_name)), "en": str(model._meta.verbose_name)}


def described(field: Any, personal: bool) -> dict[str, Any]:
    """One column in the terms of CSV on the Web (W3C, Metadata Vocabulary for Tabular Data)."""
    english = str(field.verbose_name)
    told: dict[str, Any] = {
        "name": field.column,
        "titles": {"sv": COLUMNS.get(field.name, english), "en": english},
        "datatype": TYPES.get(field.get_internal_type(), "string"),
        "required": not field.null,
    }
    if field.choices:
        told["medskick:values"] = {str(value): str(label) for value, label in field.choices}
    if field.help_text:
        told["dc:description"] = str(field.help_text)
    if personal:
        told["medskick:personalData"] = True
    return told
