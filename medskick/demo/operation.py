"""The example's own running: a statement of accessibility, an obstacle told and answered, a look into the log, an export."""

from datetime import timedelta
from uuid import NAMESPACE_OID, uuid5

from medskick.demo.region import Region
from medskick.kernel.operation.export_actions import ask_for_export
from medskick.kernel.operation.leaving_actions import propose_departure, withdraw_departure
from medskick.kernel.operation.log_actions import ask_for_check, look_in_log, run_check
from medskick.kernel.operation.statement_actions import answer_report, report_obstacle, save_statement
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.organisations.scope import scope
from medskick.lib.dates import today_here

OBSTACLES = (
    (
        "Skärmläsaren läser inte upp hur många tecken jag har kvar när jag skriver en synpunkt.",
        "Ansök och anmäl",
        "Tack! Vi har lagt till en text som läses upp. Rättelsen finns från och med i dag.",
    ),
    ("Ordmolnet går inte att förstora på min surfplatta.", "Mötet om torget", ""),
)


def build_operation(region: Region) -> dict[str, int]:
    """Tanum tells of its site, answers an obstacle and asks for an export; the region's proposal is taken back."""
    tanum = region.municipalities["tanum"]
    birgit, kerstin, anders = region.actor("birgit"), region.actor("kerstin"), region.actor("anders")
    with scope(birgit.scope()):
        save_statement(
            by=birgit,
            owner=tanum.id,
            status="partly",
            shortcomings=(
                "Ordmolnet går inte att läsa med skärmläsare. Samma ord står i tabellen under det.\n"
                "Inskannade handlingar i pdf saknar text. Be om dem, så läser vi upp eller skriver av."
            ),
            tested_on=today_here() - timedelta(days=40),
            tested_how="Tio sidor gicks igenom med tangentbord och skärmläsare av två anställda på biblioteket.",
            email="tillganglighet@tanum.example",
            phone=tanum.phone,
            answer_days=14,
        )
    _tell_of_obstacles(region, kerstin)
    with scope(birgit.scope()):
        look_in_log(by=birgit, reason="Årlig tillsyn av registratorns behörighet", person=kerstin.person)
        run_check(ask_for_check(by=birgit), by=birgit)
        ask_for_export(by=birgit, reason="Kopia till kommunarkivet inför årsskiftet")
    with scope(anders.scope()):
        proposed = propose_departure(
            by=anders,
            leaver=region.municipalities["amal"],
            turn_to="Åmåls kommun, telefon 0000-492 00",
            reason="Övning inför översynen av samarbetsavtalet",
        )
        withdraw_departure(proposed, by=anders)
    return {"anmälningar om tillgänglighet": len(OBSTACLES)}


def _tell_of_obstacles(region: Region, registrar: Actor) -> None:
    tanum = region.municipalities["tanum"]
    for number, (text, where, answered) in enumerate(OBSTACLES):
        phone = Actor(
            kind="device",
            organisation=tanum.id,
            device=uuid5(NAMESPACE_OID, f"obstacle {number}"),
            channel="demo",
        )
        with scope(phone.scope()):
            sent = report_obstacle(
                by=phone, text=text, where=where, submission_key=str(uuid5(NAMESPACE_OID, f"key {number}"))
            )
        if answered:
            with scope(registrar.scope()):
                answer_report(sent.report, by=registrar, text=answered)
