from medskick.flows.benefit_outcomes.actions import feed_outcomes
from medskick.kernel.jobs.app import nightly
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.organisations.places import organisation_ids


@nightly("flows.feed_outcomes", cron="30 2 * * *", organisations=organisation_ids)
def feed_outcomes_at_night(by: Actor) -> None:
    """Bring measured values to promised benefits."""
    feed_outcomes(by=by)
