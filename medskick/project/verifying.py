"""After a restore or an upgrade: are all seals of the log whole, and the same as were written down before?"""

from collections.abc import Callable, Mapping


def verify_all(expected: Mapping[str, str], *, say: Callable[[str], None]) -> bool:
    """Compute every organisation's seals again. `expected`: the last seal of each, by its id, from before."""
    from medskick.kernel.log.actions import verify_log
    from medskick.kernel.organisations import places
    from medskick.kernel.organisations.actor import system
    from medskick.kernel.organisations.scope import scope

    places.forget()
    whole, seals = True, 0
    for place in places.all_places():
        with scope(system(place.id).scope()):
            found = verify_log()
        seals += found.seals
        for fault in found.faults:
            say(f"{place.name}: seal {fault.number} does not hold: {fault.reason}.")
        if found.faults or expected.get(str(place.id), found.last) != found.last:
            whole = False
            say(f"{place.name}: the last seal is not the one that was written down.")
    if whole:
        say(f"{seals} seals of the log are whole")
    return whole
