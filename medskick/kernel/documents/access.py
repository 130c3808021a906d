"""Who may do what with a document. Whoever works in the organisation writes drafts; who fixes is named here."""

from medskick.kernel.documents.models import Document, DocumentVersion, IncomingReferral, Referral
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.people.roles import ADMINISTRATOR, CASE_OFFICER, PROCESS_LEADER, REGISTRAR

FIXERS = (PROCESS_LEADER, REGISTRAR, ADMINISTRATOR)
ANSWERERS = (PROCESS_LEADER, REGISTRAR, ADMINISTRATOR, CASE_OFFICER)


def is_own(actor: Actor, document: Document) -> bool:
    """A document of the organisation that the actor works in."""
    return actor.staff and document.item.owner_id == actor.organisation


def may_fix(actor: Actor, version: DocumentVersion) -> bool:
    return actor.has(*FIXERS) and version.owner_id == actor.organisation


def may_answer(actor: Actor, incoming: IncomingReferral) -> bool:
    return actor.has(*ANSWERERS) and incoming.owner_id == actor.organisation


def sent_it(actor: Actor, referral: Referral) -> bool:
    return actor.staff and referral.item.owner_id == actor.organisation
