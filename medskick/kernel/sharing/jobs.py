from django.utils import timezone

from medskick.kernel.jobs.app import nightly
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.organisations.places import organisation_ids
from medskick.kernel.sharing.actions.sharing import end_what_is_over


# Every hour, since the queue's clock keeps UTC: Stockholm's midnight is 22 or 23 there. A share ends as the day does.
@nightly("kernel.end_shares", cron="0 * * * *", organisations=organisation_ids)
def end_shares(by: Actor) -> None:
    """End the shares whose last day is over."""
    end_what_is_over(by=by, at=timezone.now())
