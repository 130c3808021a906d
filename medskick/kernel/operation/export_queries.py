"""Reading an organisation's exports."""

from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from medskick.kernel.operation.models import OrganisationExport


def exports_of(owner: UUID | None) -> QuerySet[OrganisationExport]:
    found: QuerySet[OrganisationExport] = OrganisationExport.objects.filter(owner_id=owner).order_by("-id")
    return found


def waiting_exports(owner: UUID | None) -> QuerySet[OrganisationExport]:
    """What has been asked for and waits for the second pair of eyes."""
    return exports_of(owner).filter(released_at__isnull=True, withdrawn_at__isnull=True)


def waiting_export(owner: UUID | None) -> OrganisationExport | None:
    return waiting_exports(owner).first()


def is_downloadable(export: OrganisationExport) -> bool:
    return bool(
        export.made_at and export.expires_at and export.expires_at > timezone.now() and path_of(export).exists()
    )


def path_of(export: OrganisationExport) -> Path:
    return Path(settings.EXPORTS_DIR) / f"{export.id}.zip"
