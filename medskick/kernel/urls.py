from django.urls import include, path

from medskick.kernel.notifications import views as notifications
from medskick.kernel.people import views as people
from medskick.kernel.search import views as search
from medskick.kernel.trace import views as trace

urlpatterns = [
    path("logga-in", people.log_in, name="login"),
    path("logga-in/test-eid", people.log_in_with_test_eid, name="test_eid"),
    path("logga-in/roll", people.choose_role, name="choose_role"),
    path("logga-in/<slug:slug>", people.start_provider, name="start_provider"),
    path("logga-in/<slug:slug>/svar", people.finish_provider, name="finish_provider"),
    path("logga-ut", people.log_out, name="logout"),
    path("kvar/<str:secret>", people.kept_form, name="kept_form"),
    path("sok", search.search_page, name="search"),
    path("spar", trace.find_trace, name="find_trace"),
    path("spar/av/<uuid:item_id>", trace.trace_of, name="trace_of"),
    path("spar/<str:number>", trace.trace, name="trace"),
    path("spar/<str:number>/bevakning", trace.following, name="following"),
    path("begar-ut/<uuid:organisation_id>", trace.disclosure, name="disclosure"),
    path("meddelanden", notifications.notifications, name="notifications"),
    path("meddelanden/lasta", notifications.all_read, name="notifications_read"),
    path("", include("medskick.kernel.assistance.urls")),
    path("", include("medskick.kernel.disclosure.urls")),
    path("", include("medskick.kernel.documents.urls")),
    path("", include("medskick.kernel.operation.urls")),
    path("", include("medskick.kernel.privacy.urls")),
    path("", include("medskick.kernel.sharing.urls")),
    path("", include("medskick.kernel.spaces.urls")),
]
