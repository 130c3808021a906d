"""The secrets in the links of a mail, and the token of the job that sends.

Each secret is made anew from a key of the server whenever a mail is written; the database holds its hash alone, as it
does of a trace address.
"""

from datetime import datetime, timedelta
from uuid import UUID

from medskick.kernel.organisations.scope import reader_token
from medskick.kernel.people.encryption import keyed_digest

CONFIRM_WITHIN = timedelta(hours=48)


def off_secret(address_id: UUID) -> str:
    """Whoever has a mail to the address may turn it off and say how often: 128 bits, the same in every mail."""
    return keyed_digest(b"mail off", str(address_id))[:16].hex()


def confirm_secret(address_id: UUID, asked_at: datetime) -> str:
    """Proves that somebody reads what comes to the address; another one each time that it is asked for."""
    return keyed_digest(b"mail confirm", f"{address_id} {asked_at.timestamp():.6f}")[:16].hex()


def sender_token(organisation: UUID) -> UUID:
    """What the scope of the sending job holds and no person's does: the functions of sql_mail.py ask for it."""
    return reader_token(f"mail sender {organisation}")
