from django.urls import include, path

from medskick.kernel.search import views as search
from medskick.kernel.trace import views as trace

urlpatterns = [
    path("", include("medskick.kernel.people.urls")),
    path("sok", search.search_page, name="search"),
    path("spar", trace.find_trace, name="find_trace"),
    path("spar/av/<uuid:item_id>", trace.trace_of, name="trace_of"),
    path("spar/<str:number>", trace.trace, name="trace"),
    path("spar/<str:number>/bevakning", trace.following, name="following"),
    path("", include("medskick.kernel.assistance.urls")),
    path("", include("medskick.kernel.disclosure.urls")),
    path("", include("medskick.kernel.documents.urls")),
    path("", include("medskick.kernel.notifications.urls")),
    path("", include("medskick.kernel.operation.urls")),
    path("", include("medskick.kernel.privacy.urls")),
    path("", include("medskick.kernel.sharing.urls")),
    path("", include("medskick.kernel.spaces.urls")),
]
