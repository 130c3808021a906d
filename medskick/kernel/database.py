"""What a migrate lays in the database beside the tables: rights, row policies, triggers and security definer functions.

All of it is derived from declarations in the code and made anew at every migrate, so no migration has to carry it.
"""

from typing import Any

from django.apps import AppConfig, apps
from django.db import connections, transaction

from medskick.kernel import sql_functions, sql_mail
from medskick.kernel.organisations import row_policies
from medskick.kernel.privacy import sql_functions as privacy


def lay(using: str = "owner") -> None:
    """Lay everything, as the owner role, in one transaction."""
    with transaction.atomic(using=using):
        row_policies.apply(using)
        with connections[using].cursor() as cursor:
            cursor.execute(sql_functions.ALL)
            cursor.execute(sql_mail.ALL)
            cursor.execute(privacy.all_statements())


def lay_after_migrate(sender: AppConfig, using: str, **_: Any) -> None:
    """Called for each app after a migrate; the last one with tables does the work, once."""
    last = [config for config in apps.get_app_configs() if config.models_module is not None][-1]
    if sender.label == last.label:
        lay(using)
