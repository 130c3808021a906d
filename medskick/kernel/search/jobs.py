from medskick.kernel.jobs.app import nightly
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.organisations.places import organisation_ids
from medskick.kernel.search.actions import learn_words


@nightly("kernel.learn_words", cron="* * * * *", organisations=lambda: organisation_ids()[:1])
def learn(by: Actor) -> None:
    """Every minute, for all organisations at once: a word that is learnt does not say where it stands."""
    while learn_words():
        pass
