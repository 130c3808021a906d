"""The roles that an employment can carry. A verb asks for a role; it never asks for a title."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

HELPER = "helper"
CASE_OFFICER = "case_officer"
FACILITATOR = "facilitator"
PROCESS_LEADER = "process_leader"
POLITICIAN = "politician"
ANALYST = "analyst"
REGISTRAR = "registrar"
ADMINISTRATOR = "administrator"
AUDITOR = "auditor"

LABELS = {
    HELPER: _("hjälpare"),
    CASE_OFFICER: _("handläggare"),
    FACILITATOR: _("mötesledare"),
    PROCESS_LEADER: _("processledare"),
    POLITICIAN: _("förtroendevald"),
    ANALYST: _("analytiker"),
    REGISTRAR: _("registrator"),
    ADMINISTRATOR: _("administratör"),
    AUDITOR: _("granskare"),
}
ALL = frozenset(LABELS)


def roles_in_swedish() -> list[tuple[str, str]]:
    """(the Swedish word that a file of employees is read by, the role in the reader's language), in order of LABELS."""
    with override("sv"):
        words = [str(label) for label in LABELS.values()]
    return list(zip(words, (str(label) for label in LABELS.values()), strict=True))
