"""Who wants to know of documents: the rooms above (sharing) register here, so that documents knows none of them."""

from collections.abc import Callable

from medskick.kernel.documents.models import DocumentVersion
from medskick.kernel.organisations.actor import Actor

version_fixed: list[Callable[[DocumentVersion, Actor], None]] = []


def tell_version_fixed(version: DocumentVersion, *, by: Actor) -> None:
    """A version was fixed: told in the same transaction, after it is registered and published or not."""
    for listener in version_fixed:
        listener(version, by)
