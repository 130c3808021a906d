from django.urls import URLPattern, path

from medskick.plan.action_plans import views as action_plans
from medskick.plan.benefits import views as benefits
from medskick.plan.initiatives import views as initiatives
from medskick.plan.needs import views as needs
from medskick.plan.public import views as public

urlpatterns: list[URLPattern] = [
    path("arbete/planera", needs.planning, name="planning"),
    path("arbete/planera/behov", needs.needs, name="needs"),
    path("arbete/planera/behov/nytt", needs.new_need, name="new_need"),
    path("arbete/planera/behov/liknande", needs.alike, name="needs_alike"),
    path("arbete/planera/behov/<uuid:need_id>", needs.need_page, name="need"),
    path("arbete/planera/behov/<uuid:need_id>/malomrade", needs.goal_area, name="need_goal_area"),
    path("arbete/planera/behov/<uuid:need_id>/beslut", needs.decision, name="need_decision"),
    path("arbete/planera/behov/<uuid:need_id>/publicering", needs.publication, name="need_publication"),
    path("arbete/planera/insatser", initiatives.initiatives, name="initiatives"),
    path("arbete/planera/insatser/ny", initiatives.new_initiative, name="new_initiative"),
    path("arbete/planera/insatser/<uuid:initiative_id>", initiatives.initiative_page, name="initiative"),
    path("arbete/planera/insatser/<uuid:initiative_id>/namn", initiatives.rename, name="initiative_name"),
    path("arbete/planera/insatser/<uuid:initiative_id>/del/<slug:key>", initiatives.part, name="initiative_part"),
    path("arbete/planera/insatser/<uuid:initiative_id>/tidshorisont", initiatives.horizon, name="initiative_horizon"),
    path(
        "arbete/planera/insatser/<uuid:initiative_id>/avsteg/<slug:gate>", initiatives.waiver, name="initiative_waiver"
    ),
    path("arbete/planera/insatser/<uuid:initiative_id>/nytta", benefits.promise_benefit, name="promise_benefit"),
    path("arbete/planera/handlingsplaner", action_plans.action_plans, name="action_plans"),
    path("arbete/planera/handlingsplaner/ny", action_plans.new_plan, name="new_plan"),
    path("arbete/planera/handlingsplaner/version/<uuid:version_id>", action_plans.plan_version, name="plan_version"),
    path("arbete/planera/handlingsplaner/<uuid:plan_id>", action_plans.action_plan, name="action_plan"),
    path("arbete/planera/handlingsplaner/<uuid:plan_id>/ny-aktivitet", action_plans.new_activity, name="new_activity"),
    path("arbete/planera/handlingsplaner/<uuid:plan_id>/ny-version", action_plans.new_version, name="new_version"),
    path("arbete/planera/handlingsplaner/<uuid:plan_id>/beslut", action_plans.decision, name="plan_decision"),
    path("arbete/planera/aktiviteter/<uuid:activity_id>", action_plans.activity, name="activity"),
    path("arbete/planera/aktiviteter/<uuid:activity_id>/borttagning", action_plans.removal, name="activity_removal"),
    path("arbete/planera/aktiviteter/<uuid:activity_id>/lage", action_plans.progress, name="activity_progress"),
    path("arbete/planera/nytta", benefits.benefits, name="benefits"),
    path("arbete/planera/nytta/<uuid:benefit_id>", benefits.benefit_page, name="benefit"),
    path("arbete/planera/nytta/<uuid:benefit_id>/utfall", benefits.new_outcome, name="new_outcome"),
    path("det-har-gor-vi", public.what_we_do, name="what_we_do"),
    path("det-har-gor-vi/<uuid:initiative_id>", public.public_initiative, name="public_initiative"),
    path("det-har-gor-vi/plan/<uuid:version_id>", public.public_plan, name="public_plan"),
    path("det-har-gor-vi/nytta/<uuid:benefit_id>", public.public_benefit, name="public_benefit"),
    path("det-har-gor-vi/nytta/<uuid:benefit_id>/varden.csv", benefits.benefit_csv, name="benefit_csv"),
    path("det-har-gor-vi/utfall/<uuid:outcome_id>", benefits.outcome_of, name="outcome_of"),
    path("det-har-gor-vi/aktivitet/<uuid:item_id>", public.activity_of, name="activity_of"),
]
