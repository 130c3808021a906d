"""The bare page's one address, view and table; read only in the bare server's own process."""

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from medskick.bench.parts.bare import ROWS, TABLE


class Row(models.Model):
    id: Any = models.IntegerField(primary_key=True)
    title = models.TextField()
    text = models.TextField()
    created = models.DateTimeField()

    class Meta:
        app_label = "bare"
        db_table = TABLE
        managed = False

    objects: ClassVar[Any]

    def __str__(self) -> str:
        return str(self.title)


def page(request: HttpRequest) -> HttpResponse:
    return render(request, "page", {"rows": Row.objects.order_by("-id")[:ROWS]})


urlpatterns = [path("", page)]
