from django.urls import path

from medskick.measure.indicators import views as indicators

urlpatterns = [
    path("sa-gar-det", indicators.indicators, name="progress"),
    path("sa-gar-det/nyckeltal/<uuid:pk>", indicators.indicator_by_id, name="indicator_by_id"),
    path("sa-gar-det/nyckeltal/<uuid:pk>/siffror.csv", indicators.indicator_csv, name="indicator_csv"),
    path("sa-gar-det/<slug:key>", indicators.indicator, name="indicator"),
    path("arbete/mata", indicators.measure, name="measure"),
    path("arbete/mata/nyckeltal/nytt", indicators.new_indicator, name="new_indicator"),
    path("arbete/mata/nyckeltal/<uuid:pk>", indicators.measure_indicator, name="measure_indicator"),
    path("arbete/mata/nyckeltal/<uuid:pk>/varden", indicators.new_value, name="new_indicator_value"),
    path("arbete/mata/nyckeltal/<uuid:pk>/andringar", indicators.revisions, name="indicator_revisions"),
]
