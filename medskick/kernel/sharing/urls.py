from django.urls import path

from medskick.kernel.sharing.views import adoptions, catalogue, public, sharing

urlpatterns = [
    path("gemensamt", public.public_adoptions, name="public_adoptions"),
    path("gemensamt/<str:number>", public.public_adoption, name="public_adoption"),
    path("arbete/gemensamt", catalogue.shared, name="shared"),
    path("arbete/gemensamt/foljer", catalogue.followed, name="followed"),
    path("arbete/gemensamt/delar", catalogue.shared_by_us, name="shared_by_us"),
    path("arbete/gemensamt/vem-foljer-vad", catalogue.deviations, name="deviations"),
    path("arbete/gemensamt/vem-foljer-vad.csv", catalogue.deviations_csv, name="deviations_csv"),
    path("arbete/gemensamt/dokument/<uuid:item_id>", catalogue.shared_document, name="shared_document"),
    path("arbete/gemensamt/dokument/<uuid:item_id>/delning", sharing.item_shares, name="item_shares"),
    path("arbete/gemensamt/dokument/<uuid:item_id>/katalog", sharing.catalogue_entry, name="catalogue_entry"),
    path("arbete/gemensamt/dokument/<uuid:item_id>/stallning", adoptions.stand, name="stand"),
    path("arbete/gemensamt/delning/<uuid:share_id>/avslut", sharing.share_ending, name="share_ending"),
    path("arbete/gemensamt/foljer/<uuid:item_id>", adoptions.adoption, name="adoption"),
    path("arbete/gemensamt/foljer/<uuid:item_id>/ny-version", adoptions.new_version, name="adoption_new_version"),
    path("arbete/gemensamt/foljer/<uuid:item_id>/avslut", adoptions.adoption_ending, name="adoption_ending"),
    path(
        "arbete/gemensamt/foljer/<uuid:item_id>/publicering",
        adoptions.adoption_publication,
        name="adoption_publication",
    ),
    path("arbete/gemensamt/foljer/<uuid:item_id>/falt/<str:field>", adoptions.own_wording, name="own_wording"),
    path(
        "arbete/gemensamt/foljer/<uuid:item_id>/falt/<str:field>/kallans",
        adoptions.source_wording,
        name="source_wording",
    ),
]
