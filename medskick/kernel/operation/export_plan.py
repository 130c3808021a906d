"""Which rows are an organisation's, found by looking at the models: nobody keeps a list that a new table would fall out of.

A table belongs by its own key to the organisation (owner, organisation, holder), or with the row that its row policy
names as its parent, or with the first row that it cannot be without. What belongs to no organisation is listed with the
reason; a model that is neither fails a test.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import models

from medskick.kernel.organisations.models import Organisation
from medskick.kernel.organisations.row_policies import our_models
from medskick.kernel.people.encryption import BlindIndex, EncryptedText

OWNING = ("owner", "organisation", "holder", "leaver")
LEFT_OUT = {
    "kernel.DataExport": "copies that people have ordered of what is kept about them, for a week and for them alone",
    "kernel.Delivery": "mail on its way, to addresses that do not move: it is sent from here, or stopped",
    "kernel.EmailAddress": "a person's or a phone's own address, that no organisation has among its rows: she leaves it anew",
    "kernel.FailedTries": "counts of failed log-ins of the last day, under hashes that change every day",
    "kernel.KeptForm": "what somebody had typed when a session ran out, for one hour and for her alone",
    "kernel.MaintenanceNotice": "that the installation rested",
    "kernel.OrganisationExport": "the exports themselves; that they were made stands in the log",
    "kernel.SearchUnlearned": "a queue; an import puts all that it reads in there",
    "kernel.SearchWord": "words of all organisations together; learnt anew from what an import reads in",
    "kernel.SeenAssertion": "that a log-in's answer was used here, until it would have expired",
    "kernel.SignIn": "log-ins on browsers, tied to sessions of this installation: everybody logs in anew",
}
# Whose people they are cannot be read off a key: those who work there or ask to, and those who have given or got
# something there, let somebody act for them, or are protected there.
PEOPLE = """(exists (select 1 from kernel_employment e where e.person_id = {key} and e.organisation_id = %(owner)s)
  or exists (select 1 from kernel_person p where p.id = {key} and %(owner)s = any(p.readers))
  or {key} in (select unnest(i.readers) from kernel_item i
    where i.owner_id = %(owner)s and i.level in ('parties', 'sealed'))
  or {key} in (select t.person_id from kernel_task t where t.owner_id = %(owner)s)
  or {key} in (select r.person_id from kernel_accessrequest r where r.organisation_id = %(owner)s)
  or {key} in (select m.person_id from kernel_protectionmark m where m.owner_id = %(owner)s)
  or {key} in (select c.person from kernel_consent c where c.owner_id = %(owner)s)
  or {key} in (select d.person from kernel_dispute d where d.owner_id = %(owner)s)
  or {key} in (select unnest(array[m.principal, m.agent]) from kernel_mandate m where m.owner_id = %(owner)s)
  or {key} in (select a.resident from kernel_assistance a where a.owner_id = %(owner)s))"""
# Tables whose own keys do not say whose their rows are, or not of all of them.
TOLD = {
    "kernel.Company": (
        "{alias}.id in (select m.principal from kernel_mandate m where m.owner_id = %(owner)s)",
        "companies that its mandates are for",
    ),
    "kernel.Organisation": ("{alias}.id = %(owner)s", "the organisation itself"),
    "kernel.Person": (PEOPLE.format(key="{alias}.id"), "people of the organisation"),
    # What others have said of its documents came in to it, and is its record as much as theirs.
    "kernel.SharedComment": (
        "({alias}.owner_id = %(owner)s or exists"
        " (select 1 from kernel_item c where c.id = {alias}.item_id and c.owner_id = %(owner)s))",
        "by owner, or with its item",
    ),
}


@dataclass(frozen=True, slots=True)
class Table:
    """One table with the condition for the organisation's rows, over the alias `t` and the parameter %(owner)s."""

    model: type[models.Model]
    condition: str
    why: str

    @property
    def name(self) -> str:
        return str(self.model._meta.db_table)

    @property
    def key(self) -> str:
        return str(self.model._meta.pk.column)

    @property
    def encrypted(self) -> tuple[str, ...]:
        return tuple(one.column for one in self.model._meta.concrete_fields if isinstance(one, EncryptedText))

    @property
    def indexes(self) -> tuple[BlindIndex, ...]:
        return tuple(one for one in self.model._meta.concrete_fields if isinstance(one, BlindIndex))

    @property
    def derived(self) -> tuple[str, ...]:
        """Columns under the installation's own key: made anew from the clear text where the rows are read in."""
        return tuple(one.column for one in self.indexes)

    @property
    def personal(self) -> bool:
        return bool(self.encrypted)

    def foreign_keys(self) -> Iterator[Any]:
        """Fields that point at rows of our tables."""
        for one in self.model._meta.concrete_fields:
            if one.remote_field is not None:
                yield one


@cache
def tables() -> tuple[Table, ...]:
    """All tables of the plan, in a fixed order."""
    models_in_order = sorted(our_models(), key=lambda one: str(one._meta.db_table))
    return tuple(one for one in map(_placed, models_in_order) if one is not None)


def unplaced() -> list[str]:
    """Models that nobody can place and nobody has left out: a test wants none, an export names them."""
    return [one._meta.label for one in our_models() if one._meta.label not in LEFT_OUT and _placed(one) is None]


def table_of(model: type[models.Model]) -> Table | None:
    return next((one for one in tables() if one.model is model), None)


def _placed(model: type[models.Model]) -> Table | None:
    if model._meta.label in LEFT_OUT:
        return None
    condition, why = _condition(model, "t", frozenset())
    return Table(model, condition, why) if condition else None


def _condition(model: type[models.Model], alias: str, seen: frozenset[type[models.Model]]) -> tuple[str, str]:
    """SQL for "this row is the organisation's", and in words by what; empty where it cannot be said."""
    label = model._meta.label
    if label in TOLD:
        condition, why = TOLD[label]
        return condition.format(alias=alias), why
    own = [
        one.column
        for one in model._meta.concrete_fields
        if (one.name in OWNING and one.related_model is Organisation) or one.column == "owner_id"
    ]
    if own:
        return "(" + " or ".join(f"{alias}.{column} = %(owner)s" for column in own) + ")", f"by {', '.join(own)}"
    for one in _parents(model):
        parent = one.related_model
        if parent in seen or parent is model or parent._meta.label in LEFT_OUT:
            continue
        inner = f"p{len(seen)}"
        condition, _ = _condition(parent, inner, seen | {model})
        if condition:
            joined = f"{inner}.{parent._meta.pk.column} = {alias}.{one.column}"
            exists = f"exists (select 1 from {parent._meta.db_table} {inner} where {joined} and {condition})"
            return exists, f"with its {one.name}"
    return "", ""


def _parents(model: type[models.Model]) -> list[Any]:
    """Keys to other rows, the one that the row policy names first, then those that cannot be empty."""
    named = getattr(getattr(model, "row_policy", None), "field", "")
    keys = [
        one
        for one in model._meta.concrete_fields
        if one.remote_field is not None and one.related_model is not Organisation
    ]
    return sorted(keys, key=lambda one: (one.name != named, one.null))
