from django.urls import include, path

from medskick.design import views as design
from medskick.kernel.people.audience import PUBLIC, audience
from medskick.project import errors, health, views

urlpatterns = [
    path("", views.start, name="start"),
    path("arbete", views.my_day, name="my_day"),
    path("arbete/administration", views.administration, name="administration"),
    path("mina", views.my_pages, name="my_pages"),
    path("sprak", views.language, name="language"),
    path("halsa", views.health, name="health"),
    path("halsa/djup", health.health_deep, name="health_deep"),
    path("stil", audience(PUBLIC)(design.style), name="style"),
    path("stil/<slug:name>", audience(PUBLIC)(design.style_shell), name="style_shell"),
    path("", include("medskick.kernel.urls")),
    path("", include("medskick.dialog.urls")),
    path("", include("medskick.plan.urls")),
    path("", include("medskick.services.urls")),
    path("", include("medskick.measure.urls")),
    path("arbete/flode/", include("medskick.flows.urls")),
]

handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.page_not_found
handler500 = errors.server_error
