from django.urls import URLPattern, path

from medskick.kernel.documents.views import drafts, fixing, public, reading, remiss

urlpatterns: list[URLPattern] = [
    path("arbete/dokument", drafts.documents, name="documents"),
    path("arbete/dokument/nytt", drafts.new_document, name="new_document"),
    path("arbete/dokument/nytt/<slug:template>", drafts.new_document_from, name="new_document_from"),
    path("arbete/dokument/version/<uuid:version_id>", reading.document_version, name="document_version"),
    path("arbete/dokument/version/<uuid:version_id>/utskrift", reading.document_print, name="document_print"),
    path("arbete/dokument/version/<uuid:version_id>/hamta.<slug:form>", reading.document_file, name="document_file"),
    path(
        "arbete/dokument/version/<uuid:version_id>/publicering", fixing.document_publishing, name="document_publishing"
    ),
    path("arbete/dokument/version-av/<str:number>", reading.document_version_of, name="document_version_of"),
    path("arbete/dokument/klassning/<uuid:item_id>", fixing.classification, name="classification"),
    path(
        "arbete/dokument/klassning/<uuid:decision_id>/avgorande",
        fixing.classification_verdict,
        name="classification_verdict",
    ),
    path("arbete/dokument/remisser", remiss.referrals, name="referrals"),
    path("arbete/dokument/remisser/<uuid:item_id>", remiss.referral, name="referral"),
    path("arbete/dokument/remisser/in/<uuid:item_id>", remiss.incoming_referral, name="incoming_referral"),
    path("arbete/dokument/remisser/in/<uuid:item_id>/svar", remiss.referral_reply, name="referral_reply"),
    path("arbete/dokument/remisser/in/<uuid:item_id>/mer-tid", remiss.referral_more_time, name="referral_more_time"),
    path("arbete/dokument/remisser/in/<uuid:item_id>/avsta", remiss.referral_declining, name="referral_declining"),
    path("arbete/dokument/remisser/hos/<uuid:item_id>/tid", remiss.referral_time, name="referral_time"),
    path("arbete/dokument/remisser/hos/<uuid:item_id>/paminnelse", remiss.referral_reminder, name="referral_reminder"),
    path("arbete/dokument/remisser/svar/<str:number>", remiss.referral_answer_of, name="referral_answer_of"),
    path("arbete/dokument/<str:number>", drafts.document, name="document"),
    path("arbete/dokument/<str:number>/utkast", drafts.document_change, name="document_change"),
    path("arbete/dokument/<str:number>/faststallande", fixing.document_fixing, name="document_fixing"),
    path("arbete/dokument/<str:number>/jamforelse", reading.document_comparison, name="document_comparison"),
    path("arbete/dokument/<str:number>/genomlasning", drafts.document_reading, name="document_reading"),
    path("arbete/dokument/<str:number>/oversyn", drafts.document_review, name="document_review"),
    path("arbete/dokument/<str:number>/ansvar", drafts.document_keeping, name="document_keeping"),
    path("arbete/dokument/<str:number>/utlaning", drafts.document_lending, name="document_lending"),
    path("arbete/dokument/<str:number>/remiss", remiss.document_circulation, name="document_circulation"),
    path("dokument", public.public_documents, name="public_documents"),
    path("dokument/utskrift/<uuid:version_id>.css", public.print_style, name="document_print_style"),
    path("dokument/version-av/<str:number>", public.public_version_of, name="public_version_of"),
    path("dokument/<str:number>", public.public_document, name="public_document"),
    path("dokument/<str:number>/jamforelse", public.public_comparison, name="public_comparison"),
    path("dokument/<str:number>/<int:major>", public.public_version, name="public_version"),
    path("dokument/<str:number>/<int:major>/utskrift", public.public_print, name="public_print"),
    path("dokument/<str:number>/<int:major>/hamta.<slug:form>", public.public_file, name="public_document_file"),
]
