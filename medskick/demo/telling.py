"""Who in the example region has asked for mail, and the mails that came of it; shown in the outbox, sent to nobody."""

from datetime import datetime, timedelta

from django.utils import timezone

from medskick.demo.region import Region
from medskick.kernel.notifications import delivering
from medskick.kernel.notifications.mail_actions import choose_mail, confirm_address, leave_address, sign_mail
from medskick.kernel.notifications.mail_secrets import confirm_secret
from medskick.kernel.notifications.models import EmailAddress, Pace
from medskick.kernel.organisations.scope import scope

CONFIRMED = (("ingrid", "ingrid.hallberg@example.com", 40), ("amir", "amir.rahimi@example.com", 12))


def build_telling(region: Region) -> dict[str, int]:
    """Two residents have confirmed their addresses and are told of their year; somebody at work has not yet."""
    now = timezone.now()
    administrator = region.actor("birgit")
    with scope(administrator.scope()):
        sign_mail(by=administrator, name="Tanums kommun", address="svara-inte@tanum.example", language="sv")
    for key, address, days in CONFIRMED:
        _ask_and_confirm(region, key, address, now - timedelta(days=days))
    _leave(region, "tove", "tove.brink@example.com", now - timedelta(hours=3))
    written = 0
    for organisation in (region.region, *region.municipalities.values()):
        written += delivering.write_mail(organisation.id, now)
        delivering.show_in_outbox(organisation.id, now)  # never to a real server
    return {"mejladresser": len(CONFIRMED) + 1, "mejl": written}


def _leave(region: Region, key: str, address: str, at: datetime) -> EmailAddress:
    actor = region.actor(key)
    with scope(actor.scope()):
        left = leave_address(by=actor, address=address, at=at)
    if actor.organisation is not None:
        delivering.show_in_outbox(actor.organisation, at)
    return left


def _ask_and_confirm(region: Region, key: str, address: str, at: datetime) -> None:
    left = _leave(region, key, address, at)
    actor = region.actor(key)
    with scope(actor.scope()):
        confirmed = confirm_address(confirm_secret(left.id, left.asked_at), by=actor, at=at + timedelta(hours=1))
        if confirmed is not None:
            choose_mail(confirmed, by=actor, pace=Pace.AT_ONCE, quiet_from=0, quiet_until=0, language="")
