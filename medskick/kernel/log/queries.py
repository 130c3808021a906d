"""What the log says of an item."""

from collections.abc import Collection
from uuid import UUID

from medskick.kernel.log.models import LogEntry


def acts_on(item: UUID, verbs: Collection[str] = ()) -> int:
    """How many acts are logged on the item; of these verbs, where any are named.

    It grows with every committed act and never goes down: two equal numbers mean that nothing was done in between.
    """
    acts = LogEntry.objects.filter(item=item)
    return (acts.filter(verb__in=verbs) if verbs else acts).count()
