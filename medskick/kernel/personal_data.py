"""What a table holds of people, said on the model: read by the register of processing and by "Mina uppgifter".

Every model with an EncryptedText says it; a test finds one that does not.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Model, Q

from medskick.kernel.organisations.row_policies import our_models
from medskick.kernel.typing import Text


@dataclass(frozen=True, slots=True)
class PersonalData:
    """What rows of a model hold of a person.

    kind: the Kind or Processing in whose name it is kept; purpose and legal basis stand there.
    what: in plain words, as said to the person herself ("ditt namn").
    found_by: the look-up that finds a person's rows by her id, or a function that gives a Q; empty where a person is
        not given them, and then `not_shown` says why.
    shown: (field or function of the row, label), in the order in which she reads them.
    item: the look-up path of the item that the rows belong to; "" where there is none.
    at: the field that says when it came to be. title: the field that says which one it is, where `what` does not.
    """

    kind: str
    what: Text
    found_by: str | Callable[[UUID], Q] = ""
    shown: tuple[tuple[str | Callable[[Any], object], Text], ...] = ()
    not_shown: Text = ""
    item: str = ""
    at: str = ""
    title: str = ""

    def of_person(self, person: UUID) -> Q:
        return self.found_by(person) if callable(self.found_by) else Q(**{self.found_by: person})


def among_readers(person: UUID) -> Q:
    """For tables whose rows carry their readers."""
    return Q(readers__contains=[person])


def declared() -> Iterator[tuple[type[Model], PersonalData]]:
    """Every model that says what it holds of people."""
    for model in our_models():
        said = model.__dict__.get("personal_data")
        if said is not None:
            yield model, said


def encrypted_models() -> Iterator[type[Model]]:
    """Every model with a field that is encrypted because it holds personal data."""
    for model in our_models():
        if any(getattr(field, "encrypted", False) for field in model._meta.local_fields):
            yield model
