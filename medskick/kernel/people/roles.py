"""The roles that an employment can carry. A verb asks for a role; it never asks for a title."""

from django.utils.translation import gettext_lazy as _

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
