"""What a migrate lays in the database beside the tables: rights, row policies, triggers and security definer functions.

All of it is derived from declarations in the code and made anew at every migrate, so no migration has to carry it.
"""

from typing import Any

from django.apps import AppConfig, apps
from django.db import connections, transaction

from medskick.kernel import sql_functions
from medskick.kernel.assistance import sql_functions as assistance
from medskick.kernel.disclosure import sql_functions as disclosure
from medskick.kernel.documents import sql_functions as documents
from medskick.kernel.log import sql_functions as log
from medskick.kernel.notifications import sql_functions as notifications
from medskick.kernel.notifications import sql_mail
from medskick.kernel.operation import sql_functions as operation
from medskick.kernel.organisations import row_policies
from medskick.kernel.people import sql_functions as people
from medskick.kernel.privacy import sql_functions as privacy
from medskick.kernel.records import sql_functions as records
from medskick.kernel.search import sql_functions as search
from medskick.kernel.sharing import sql_functions as sharing
from medskick.kernel.tasks import sql_functions as tasks
from medskick.kernel.trace import sql_functions as trace

# Each has what it lays as ALL, in the order in which one needs the other.
ROOMS = (
    log,
    records,
    documents,
    search,
    trace,
    people,
    assistance,
    tasks,
    disclosure,
    sharing,
    operation,
    notifications,
    sql_mail,
)


def lay(using: str = "owner") -> None:
    """Lay everything, as the owner role, in one transaction."""
    with transaction.atomic(using=using):
        row_policies.apply(using)
        with connections[using].cursor() as cursor:
            cursor.execute(sql_functions.DROP)
            for room in ROOMS:
                cursor.execute(room.ALL)
            cursor.execute(privacy.all_statements())


def lay_after_migrate(sender: AppConfig, using: str, **_: Any) -> None:
    """Called for each app after a migrate; the last one with tables does the work, once."""
    last = [config for config in apps.get_app_configs() if config.models_module is not None][-1]
    if sender.label == last.label:
        lay(using)
