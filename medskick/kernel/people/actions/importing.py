"""Taking in a file of employees: first what would happen, row by row, then the same for real."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from medskick.kernel.log.actions import log
from medskick.kernel.organisations.actor import Actor, require_staff
from medskick.kernel.organisations.models import Unit
from medskick.kernel.people.actions.employing import (
    ChangedMeanwhile,
    Refused,
    add_employee,
    change_employment,
    end_employment,
)
from medskick.kernel.people.employee_file import EmployeeFile, FileRow, read_employee_file
from medskick.kernel.people.models import Employment
from medskick.kernel.people.queries import employees, employment_state, find_people_by_numbers, work_address_indexes
from medskick.kernel.people.roles import ADMINISTRATOR, LABELS

State = Literal["new", "changed", "unchanged", "fault"]


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """What a row would do, and to whom. `what` says it in plain Swedish."""

    row: FileRow
    state: State
    what: tuple[str, ...] = ()
    employment: Employment | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What the whole file would do. `missing` work here and are not in the file: they stay unless somebody says so."""

    rows: tuple[PlannedRow, ...]
    missing: tuple[Employment, ...]
    problems: tuple[str, ...]

    def count(self, state: State) -> int:
        return sum(one.state == state for one in self.rows)

    @property
    def can_be_carried_out(self) -> bool:
        return not self.problems and not self.count("fault")

    @property
    def state(self) -> str:
        """Changes when anything that the plan would do does: what was shown is what is carried out, or nothing."""
        told = [f"{one.row.line} {one.state} {one.what} {one.employment and one.employment.id}" for one in self.rows]
        told += [str(one.id) for one in self.missing]
        return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]


def plan_import(data: bytes, *, by: Actor) -> Plan:
    """Say what a file of employees would do, and change nothing. Errors: CsvError where it cannot be read at all."""
    require_staff(by, ADMINISTRATOR)
    units = {one.name: one for one in Unit.objects.filter(organisation_id=by.organisation)}
    read = read_employee_file(data, units=frozenset(units), roles=_role_words())
    here = list(employees(by.organisation))
    found = _found(read, here, by)
    rows = tuple(_planned(row, found.get(row.line)) for row in read.rows)
    met = {one.id for one in found.values()}
    missing = sorted((one for one in here if one.id not in met), key=lambda one: one.person.name.casefold())
    return Plan(rows, tuple(missing) if read.rows else (), tuple(str(one) for one in read.problems))


def carry_out_import(data: bytes, *, by: Actor, seen: str, end: Iterable[UUID] = ()) -> Plan:
    """Do what the plan that was `seen` said, and end the employments `end` of those who are missing in the file.

    Raises ChangedMeanwhile where the plan has become another, and Refused where it has faults; nothing is then done.
    """
    plan = plan_import(data, by=by)
    if not plan.can_be_carried_out:
        raise Refused(_("Filen har fel som måste rättas först. Inget är ändrat."))
    if plan.state != seen:
        raise ChangedMeanwhile(_("Något har ändrats sedan du provade filen. Läs igenom igen. Inget är ändrat."))
    with transaction.atomic():  # all of it or nothing: where one row is refused, the others have not happened
        for one in plan.rows:
            _carry_out(one, by)
        chosen = set(end)
        for employment in plan.missing:
            if employment.id in chosen and employment.id != by.employment:
                end_employment(employment, by=by)
        log("employees.imported", by=by)
    return plan


def _carry_out(planned: PlannedRow, by: Actor) -> None:
    row = planned.row
    unit = Unit.objects.filter(organisation_id=by.organisation, name=row.unit).first() if row.unit else None
    roles = sorted(row.roles)
    if planned.state == "new":
        add_employee(by=by, name=row.name, number=row.number, email=row.email, title=row.title, unit=unit, roles=roles)
    elif planned.state == "changed" and planned.employment is not None:
        seen = employment_state(planned.employment, _given(planned.employment))
        change_employment(planned.employment, by=by, title=row.title, unit=unit, roles=roles, seen=seen)


def _role_words() -> dict[str, str]:
    """Each role by its Swedish word, and by its own."""
    with override("sv"):
        words = {str(label).casefold(): role for role, label in LABELS.items()}
    return words | {role: role for role in LABELS}


def _found(read: EmployeeFile, here: list[Employment], by: Actor) -> dict[int, Employment]:
    """The employment that each row is about, by its line."""
    persons = find_people_by_numbers([row.number for row in read.rows if row.number])
    by_person = {one.person_id: one for one in here}
    by_address = {bytes(one.email_index): one for one in here if one.email_index is not None}
    found = {}
    for row in read.rows:
        known = by_person.get(persons[row.number]) if row.number in persons else None
        if known is None and row.email and by.organisation is not None:
            indexes = work_address_indexes(by.organisation, row.email)
            known = next((by_address[one] for one in indexes if one in by_address), None)
        if known is not None:
            found[row.line] = known
    return found


def _planned(row: FileRow, employment: Employment | None) -> PlannedRow:
    if row.faults:
        return PlannedRow(row, "fault", tuple(one[:1].upper() + one[1:] for one in row.faults), employment)
    if employment is None:
        return PlannedRow(row, "new", (_words(row.title, row.unit, row.roles),))
    before = (employment.title, employment.unit.name if employment.unit else "", frozenset(_given(employment)))
    after = (row.title, row.unit, row.roles)
    if before == after:
        return PlannedRow(row, "unchanged", (), employment)
    return PlannedRow(row, "changed", (_words(*before), _words(*after)), employment)


def _given(employment: Employment) -> list[str]:
    return [one.role for one in employment.given]


def _words(title: str, unit: str, roles: frozenset[str]) -> str:
    given = ", ".join(str(label) for role, label in LABELS.items() if role in roles) or _("inga roller")
    return "; ".join(filter(None, (title, unit, given)))
