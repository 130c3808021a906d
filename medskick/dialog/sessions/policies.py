"""Who reads and writes the rows of a session, as row security (kernel.md C).

A phone acts in the organisation that holds the session, to be able to answer; but only its staff writes sessions,
steps and decisions, whatever a phone's request tries.
"""

from dataclasses import dataclass

from django.db import models

from medskick.kernel.organisations.row_policies import ACTING, STAFF_ACTING, ByItem, ByParent, Scoped

TOOK_PART = "exists (select 1 from dialog_participant p where p.session_id = dialog_livesession.item_id)"


@dataclass(frozen=True)
class SessionAndItsPhones(ByItem):
    """Read with the session's item, and by a phone that took part, also when the session is over."""

    def read(self, model: type[models.Model]) -> str:
        return f"({super().read(model)} or {TOOK_PART})"

    def write(self, model: type[models.Model]) -> str:
        return f"{super().write(model)} and {STAFF_ACTING}"


@dataclass(frozen=True)
class PartOfSession(Scoped):
    """Read with the session, written by the staff of the organisation that holds it."""

    def read(self, model: type[models.Model]) -> str:
        return ByParent(field="session").read(model)

    def write(self, model: type[models.Model]) -> str:
        return f"{ByItem(field='session').write(model)} and {STAFF_ACTING}"


@dataclass(frozen=True)
class DecisionOnAnswer(Scoped):
    """Read with the answer, also by the one who gave it; written by the staff of the organisation that asked."""

    def read(self, model: type[models.Model]) -> str:
        return ByParent(field="answer").read(model)

    def write(self, model: type[models.Model]) -> str:
        return f"owner_id = {ACTING} and {STAFF_ACTING} and {self.read(model)}"


@dataclass(frozen=True)
class OpenCode(Scoped):
    """Anybody may try a code; the staff of the organisation that holds the session puts it up and takes it down."""

    def read(self, model: type[models.Model]) -> str:
        return "true"

    def write(self, model: type[models.Model]) -> str:
        return f"owner_id = {ACTING} and {STAFF_ACTING}"
