from uuid import UUID

from medskick.kernel.jobs.app import job, nightly
from medskick.kernel.operation.export_actions import make_file
from medskick.kernel.operation.export_actions import sweep_exports as sweep
from medskick.kernel.operation.log_actions import run_check
from medskick.kernel.operation.models import LogCheck, OrganisationExport
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.organisations.places import organisation_ids


@job("kernel.check_log")
def check_log(by: Actor, check: str) -> None:
    """Compute all seals of the organisation's log again."""
    run_check(LogCheck.objects.get(id=UUID(check)), by=by)


@job("kernel.make_export", attempts=3)
def make_export(by: Actor, export: str) -> None:
    """Write the file of an export that has been released."""
    make_file(OrganisationExport.objects.get(id=UUID(export)), by=by)


@nightly("kernel.sweep_exports", cron="23 * * * *", organisations=organisation_ids)
def sweep_exports(by: Actor) -> None:
    """Take away the exports whose days are over."""
    sweep(by=by)
