from django.utils import timezone

from medskick.kernel.jobs.app import nightly
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.organisations.places import all_places
from medskick.plan.benefits.actions import remind_of_due_benefits


@nightly("plan.remind_of_due_benefits", cron="10 4 * * *", organisations=lambda: [place.id for place in all_places()])
def remind(by: Actor) -> None:
    """Every morning: the promises whose day has come."""
    remind_of_due_benefits(by=by, today=timezone.localdate())
