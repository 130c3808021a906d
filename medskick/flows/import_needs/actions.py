"""Needs that were written down elsewhere come in: each from the meeting where it was said, so that its trace begins there."""

from django.utils.translation import gettext as _

from medskick.dialog import api as dialog
from medskick.kernel.organisations.actor import Actor
from medskick.plan import api as plan


def import_needs(*, by: Actor, data: bytes, dry_run: bool = False) -> plan.ImportResult:
    """Import the needs of a file, all of them or none.

    Each network and day becomes a held meeting marked as imported (found again at the next import), which its needs
    came from. Unknown networks are proposed. dry_run: say what would happen, and do nothing.
    """
    parsed = plan.read_needs_file(data)
    checked = plan.check_import(by=by, parsed=parsed)
    if dry_run or checked.problems:
        return checked
    networks = plan.propose_networks(by=by, names=[name for name, _day in checked.new_meetings if name])
    sources = {}
    for name, day in checked.new_meetings:
        network = networks.get(name)
        title = _("Behovsanalys: %(network)s") % {"network": name} if name else _("Behovsanalys")
        session = dialog.find_or_make_imported_session(by=by, network=network, held_on=day, title=title)
        sources[name, day] = session.item
    return plan.import_needs(by=by, parsed=parsed, source_items=sources)
