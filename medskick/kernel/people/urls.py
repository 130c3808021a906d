from django.urls import path

from medskick.kernel.people.views import employee_file, employees, logging_in, providers, sign_ins

ADMIN = "arbete/administration"

urlpatterns = [
    path("logga-in", logging_in.log_in, name="login"),
    path("logga-in/test-eid", logging_in.log_in_with_test_eid, name="test_eid"),
    path("logga-in/roll", logging_in.choose_role, name="choose_role"),
    path("logga-in/sakrare", logging_in.step_up, name="step_up"),
    path("logga-in/vantar", logging_in.access_asked, name="access_asked"),
    path("logga-in/inte-langre", logging_in.acting_over, name="acting_over"),
    path("logga-in/<slug:slug>", logging_in.start_provider, name="start_provider"),
    path("logga-in/<slug:slug>/svar", logging_in.finish_provider, name="finish_provider"),
    path("logga-in/<slug:slug>/saml", logging_in.finish_saml, name="finish_saml"),
    path("logga-in/<slug:slug>/metadata", logging_in.saml_metadata, name="saml_metadata"),
    path("logga-ut", logging_in.log_out, name="logout"),
    path("kvar/<str:secret>", logging_in.kept_form, name="kept_form"),
    path("mina/inloggningar", sign_ins.sign_ins, name="sign_ins"),
    path("mina/inloggningar/avslutade", sign_ins.sign_ins_ended, name="sign_ins_ended"),
    path("mina/inloggningar/<uuid:sign_in_id>/slut", sign_ins.sign_in_ended, name="sign_in_ended"),
    path(f"{ADMIN}/medarbetare", employees.employee_list, name="employees"),
    path(f"{ADMIN}/medarbetare/ny", employees.new_employee, name="new_employee"),
    path(f"{ADMIN}/medarbetare/fil", employee_file.employee_file, name="employee_import"),
    path(f"{ADMIN}/medarbetare/fil/exempel", employee_file.employee_file_csv, name="employee_file_csv"),
    path(f"{ADMIN}/medarbetare/fil/klart", employee_file.employee_file_taken_in, name="employee_file_taken_in"),
    path(f"{ADMIN}/medarbetare/vantar/<uuid:request_id>", employees.access_request, name="access_request"),
    path(f"{ADMIN}/medarbetare/vantar/<uuid:request_id>/nej", employees.access_refused, name="access_refused"),
    path(f"{ADMIN}/medarbetare/<uuid:employment_id>", employees.employee, name="employee"),
    path(f"{ADMIN}/medarbetare/<uuid:employment_id>/slut", employees.employment_ended, name="employment_ended"),
    path(f"{ADMIN}/inloggning", providers.provider_list, name="providers"),
    path(f"{ADMIN}/inloggning/ny", providers.new_provider, name="new_provider"),
    path(f"{ADMIN}/inloggning/<slug:slug>", providers.provider, name="provider"),
    path(f"{ADMIN}/inloggning/<slug:slug>/prova", providers.provider_checked, name="provider_checked"),
    path(f"{ADMIN}/inloggning/<slug:slug>/bort", providers.provider_removed, name="provider_removed"),
]
