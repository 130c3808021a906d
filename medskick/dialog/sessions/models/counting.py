from django.db import models


def count_of(rows: models.QuerySet, group: str, *, of: str = "pk") -> models.functions.Coalesce:
    """How many rows (or different `of`) there are of the outer row, as one sub-select."""
    counted = rows.order_by().values(group).annotate(number=models.Count(of, distinct=of != "pk")).values("number")
    return models.functions.Coalesce(models.Subquery(counted, output_field=models.IntegerField()), 0)
