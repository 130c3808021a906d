from medskick.kernel.documents.actions.watching import alarm_unpublished, ask_for_reviews, chase_referrals
from medskick.kernel.jobs.app import nightly
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.organisations.places import organisation_ids
from medskick.lib.dates import today_here


@nightly("kernel.look_after_documents", cron="12 4 * * *", organisations=organisation_ids)
def look_after_documents(by: Actor) -> None:
    """Ask for reviews whose day has come, tell of what should have been published, chase late answers."""
    today = today_here()
    ask_for_reviews(by=by, today=today)
    alarm_unpublished(by=by, today=today)
    chase_referrals(by=by, today=today)
