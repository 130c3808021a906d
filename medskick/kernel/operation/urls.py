from django.urls import URLPattern, path

from medskick.kernel.operation import export_views, leaving_views, log_views, statement_views

urlpatterns: list[URLPattern] = [
    path("om/tillganglighet", statement_views.accessibility, name="accessibility"),
    path(
        "om/tillganglighet/anmalan/<str:address>",
        statement_views.own_accessibility_report,
        name="own_accessibility_report",
    ),
    path("arbete/administration/tillganglighet", statement_views.accessibility_reports, name="accessibility_reports"),
    path("arbete/administration/tillganglighet/redogorelse", statement_views.statement_edit, name="statement_edit"),
    path(
        "arbete/administration/tillganglighet/<uuid:item_id>",
        statement_views.accessibility_report,
        name="accessibility_report",
    ),
    path("arbete/administration/logg", log_views.log_search, name="log_search"),
    path("arbete/administration/logg/kontroller", log_views.log_checks, name="log_checks"),
    path("arbete/administration/logg/kontroller/<uuid:check_id>", log_views.log_check, name="log_check"),
    path("arbete/administration/logg/<uuid:look_id>", log_views.log_look, name="log_look"),
    path("arbete/administration/logg/<uuid:look_id>/csv", log_views.log_look_csv, name="log_look_csv"),
    path("arbete/administration/export", export_views.exports, name="exports"),
    path("arbete/administration/export/<uuid:export_id>/fil", export_views.export_file, name="export_file"),
    path(
        "arbete/administration/export/<uuid:export_id>/godkannande", export_views.export_release, name="export_release"
    ),
    path(
        "arbete/administration/export/<uuid:export_id>/tillbakatagande",
        export_views.export_withdraw,
        name="export_withdraw",
    ),
    path("arbete/administration/uttrade", leaving_views.departures, name="departures"),
    path(
        "arbete/administration/uttrade/<uuid:departure_id>/bekraftelse",
        leaving_views.departure_confirm,
        name="departure_confirm",
    ),
    path(
        "arbete/administration/uttrade/<uuid:departure_id>/tillbakatagande",
        leaving_views.departure_withdraw,
        name="departure_withdraw",
    ),
]
