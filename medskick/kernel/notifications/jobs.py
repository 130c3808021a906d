from uuid import UUID

from django.utils import timezone

from medskick.kernel.jobs.app import job, nightly
from medskick.kernel.notifications import delivering
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.organisations.places import organisation_ids


def _with_news() -> list[UUID]:
    return delivering.owners_with_mail(timezone.now(), unwritten=True)


def _with_mail() -> list[UUID]:
    return delivering.owners_with_mail(timezone.now(), unwritten=False)


def _once() -> list[UUID]:
    return organisation_ids()[:1]


@nightly("kernel.write_mail", cron="*/5 * * * *", organisations=_with_news, scoped=False)
def write_mail(by: Actor) -> None:
    """Make a mail for each follower whose time has come."""
    if by.organisation is not None:
        delivering.write_mail(by.organisation, timezone.now())


@nightly("kernel.send_mail", cron="* * * * *", organisations=_with_mail, scoped=False)
def send_mail(by: Actor) -> None:
    """Send what is due."""
    if by.organisation is not None:
        delivering.send_mail(by.organisation, timezone.now)


@job("kernel.send_mail_now", scoped=False)
def send_mail_now(by: Actor) -> None:
    """Send at once what somebody waits for, such as the mail to confirm an address."""
    if by.organisation is not None:
        delivering.send_mail(by.organisation, timezone.now)


@nightly("kernel.sweep_addresses", cron="23 3 * * *", organisations=_once)
def sweep_addresses(by: Actor) -> None:
    """Throw away addresses that have outlived their purpose, and old rows of sent mail."""
    delivering.sweep_addresses(timezone.now())
