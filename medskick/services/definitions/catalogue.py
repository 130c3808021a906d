"""Which e-services there are: every file of content/services/, read and checked once in each process."""

from functools import lru_cache
from pathlib import Path

from medskick.lib.swedish import query_lexemes, search_lexemes
from medskick.services.definitions.definition import Definition
from medskick.services.definitions.reading import DefinitionError, read_definition

FOLDER = Path(__file__).resolve().parent.parent.parent / "content" / "services"
COMMON = 6


class Catalogue:
    """All versions of all e-services. The highest version of each is the one that can be applied for."""

    def __init__(self, definitions: list[Definition]) -> None:
        self._versions = {(one.slug, one.version): one for one in definitions}
        newest = {one.slug: one for one in sorted(definitions, key=lambda one: one.version)}
        self._current = dict(sorted(newest.items(), key=lambda pair: (pair[1].common or 100, pair[1].title.sv)))

    def all(self) -> list[Definition]:
        """The current version of each, the most used first."""
        return list(self._current.values())

    def common(self) -> list[Definition]:
        """The most used ones, at most six."""
        return [one for one in self.all() if one.common][:COMMON]

    def get(self, slug: str, version: int | None = None) -> Definition:
        """One e-service, now or as it was. Raise LookupError where there is none."""
        found = self._current.get(slug) if version is None else self._versions.get((slug, version))
        if found is None:
            raise LookupError(f"No e-service {slug!r}, version {version or 'current'}")
        return found

    def search(self, text: str) -> list[Definition]:
        """Those that hold any word of the question, in any form of it, best first; all of them for no question."""
        if not text.strip():
            return self.all()
        asked = set(query_lexemes(text))
        hits = {one.slug: len(asked & _lexemes(one)) for one in self.all()}
        return sorted((one for one in self.all() if hits[one.slug]), key=lambda one: -hits[one.slug])


def read_folder(folder: Path) -> Catalogue:
    """Every e-service in a folder. Raise DefinitionError, with the file's name, for one that does not hold together."""
    read: dict[tuple[str, int], Definition] = {}
    for path in sorted(folder.glob("*.json")):
        try:
            one = read_definition(path.read_text(encoding="utf-8"))
        except (DefinitionError, UnicodeDecodeError) as fault:
            raise DefinitionError(path.name, str(fault)) from fault
        if (one.slug, one.version) in read:
            raise DefinitionError(path.name, f"Version {one.version} av ”{one.slug}” finns redan i en annan fil.")
        read[one.slug, one.version] = one
    return Catalogue(list(read.values()))


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    return read_folder(FOLDER)


def _lexemes(service: Definition) -> set[str]:
    options = [option.label for field in service.fields() for option in field.options]
    words = [text for one in (service.title, service.lead, *options) for text in (one.sv, one.en)]
    return set(search_lexemes(" ".join([*words, *service.words])))
