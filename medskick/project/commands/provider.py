"""medskick provider list | add | check | remove."""

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from medskick.project.commands import CommandProblem

if TYPE_CHECKING:
    from medskick.kernel.organisations.actor import Actor
    from medskick.kernel.people.models import Provider

HELP = "The log-in providers (OpenID Connect, SAML) that people log in through."
ABOUT = """\
A provider stands on the log-in page as soon as it is added. Its secret is never stored: name the environment variable
that holds it. `check` fetches what the provider says of itself and tells what is wrong, without logging anybody in.

Without --organisation it is the whole region's. With it, it stands on that organisation's own log-in page, for its
employees: it is believed about nobody else, and about personal numbers only with --identity."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    what = parser.add_subparsers(dest="what", required=True, metavar="list | add | check | remove")
    what.add_parser("list", help="those there are")
    add = what.add_parser("add", help="add one, or change the one with this slug")
    add.add_argument("slug", help="its name in addresses: a-z, 0-9 and hyphens")
    add.add_argument("--label", required=True, help="what the log-in page calls it")
    add.add_argument("--organisation", metavar="SLUG", help="whose own it is (default: the whole region's)")
    add.add_argument("--protocol", choices=["oidc", "saml"], default="oidc")
    add.add_argument("--issuer", default="", help="OpenID Connect: its address, as its tokens say it")
    add.add_argument("--client-id", default="", help="OpenID Connect: what it calls us")
    add.add_argument("--metadata", type=Path, metavar="FILE", help="SAML: its metadata, as XML")
    add.add_argument("--secret-variable", default="", metavar="NAME", help="the environment variable of its secret")
    add.add_argument("--staff", action="store_true", help="for those who work here, not for residents")
    add.add_argument("--identity", action="store_true", help="with --staff: it is believed about personal numbers too")
    add.add_argument(
        "--acr", action="append", default=[], metavar="ACR=LEVEL", help="how sure an acr value is; others count as low"
    )
    add.add_argument(
        "--claim",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a claim that must hold in every log-in",
    )
    add.add_argument(
        "--protection-claim",
        default="",
        metavar="CLAIM",
        help="the claim that says that a person has protected identity",
    )
    for name, said in (("check", "ask it what it offers"), ("remove", "take it off the log-in page")):
        what.add_parser(name, help=said).add_argument("slug")


def run(options: argparse.Namespace) -> int:
    with _acting() as by:
        return {"list": _list, "add": _add, "check": _check, "remove": _remove}[options.what](options, by)


@contextmanager
def _acting() -> "Iterator[Actor]":
    """The system, acting for the region, which looks after all providers."""
    from medskick.kernel.organisations.actor import system
    from medskick.kernel.organisations.places import all_places
    from medskick.kernel.organisations.scope import scope

    region = next((place for place in all_places() if place.is_region), None)
    if region is None:
        raise CommandProblem("There is no region yet, so nobody to have log-in providers.")
    by = system(region.id)
    with scope(by.scope()):
        yield by


def _list(options: argparse.Namespace, by: "Actor") -> int:
    from medskick.kernel.people.models import Provider

    for one in Provider.objects.select_related("organisation").order_by("slug"):
        whose = one.organisation.slug if one.organisation else "region"
        for_whom = "staff" if one.for_staff else "residents"
        trusted = ", trusted for identity" if one.for_identity else ""
        unset = one.secret_variable and not os.environ.get(one.secret_variable)
        secret = f", {one.secret_variable} is not set" if unset else ""
        print(f"{one.slug}: {one.label}, {one.issuer}, {one.protocol}, {whose}, {for_whom}{trusted}{secret}")
    return 0


def _add(options: argparse.Namespace, by: "Actor") -> int:
    from medskick.kernel.organisations.models import Organisation
    from medskick.kernel.people.actions import Refused
    from medskick.kernel.people.actions.providers import add_provider, change_provider
    from medskick.kernel.people.models import Provider

    owner = None
    if options.organisation:
        owner = Organisation.objects.filter(slug=options.organisation).first()
        if owner is None:
            raise CommandProblem(f"There is no organisation {options.organisation}.")
    known = Provider.objects.filter(slug=options.slug).first()
    if known is not None and known.organisation_id != (owner.id if owner else None):
        raise CommandProblem(f"{options.slug} is another organisation's. Remove it first, or choose another slug.")
    given = _given(options)
    taken = Provider.objects.filter(issuer=options.issuer, organisation=owner).exclude(slug=options.slug).first()
    if options.issuer and taken:
        raise CommandProblem(f"{options.issuer} is there already, as {taken.slug}.")
    try:
        if known is None:
            add_provider(by=by, slug=options.slug, organisation=owner, **given)
        else:
            change_provider(known, by=by, **given)
    except Refused as fault:
        raise CommandProblem(str(fault)) from None
    print(f"{options.slug} is {'changed' if known else 'added'}. Now ask it: medskick provider check {options.slug}")
    return 0


def _given(options: argparse.Namespace) -> dict[str, Any]:
    if options.protocol == "oidc" and not options.issuer.startswith("https://"):
        raise CommandProblem("The issuer must begin with https://: over anything else anybody could answer for it.")
    metadata = ""
    if options.protocol == "saml":
        if options.metadata is None:
            raise CommandProblem("A SAML provider needs --metadata FILE.")
        try:
            metadata = options.metadata.read_text()
        except (OSError, UnicodeDecodeError) as fault:
            raise CommandProblem(f"The file {options.metadata} could not be read.") from fault
    return {
        "label": options.label,
        "protocol": options.protocol,
        "issuer": options.issuer,
        "client_id": options.client_id,
        "saml_metadata": metadata,
        "secret_variable": options.secret_variable,
        "for_staff": options.staff,
        "for_identity": options.identity and options.staff,
        "assurance_by_acr": _levels(options.acr),
        "required_claims": _claims(options.claim),
        "protection_claim": options.protection_claim,
    }


def _levels(given: list[str]) -> dict[str, str]:
    from medskick.kernel.organisations.actor import Assurance

    levels = {}
    for one in given:
        acr, _, level = one.rpartition("=")
        if not acr or level not in get_args(Assurance):
            known = ", ".join(get_args(Assurance))
            raise CommandProblem(f"{one} is not ACR=LEVEL. The levels are: {known}.")
        levels[acr] = level
    return levels


def _claims(given: list[str]) -> dict[str, str]:
    claims = {}
    for one in given:
        name, _, value = one.rpartition("=")
        if not name or not value:
            raise CommandProblem(f"{one} is not NAME=VALUE.")
        claims[name] = value
    return claims


def _check(options: argparse.Namespace, by: "Actor") -> int:
    from medskick.kernel.people.actions.providers import check_provider

    provider = _found(options.slug)
    wrong = check_provider(provider, by=by)
    if wrong:
        raise CommandProblem(wrong)
    print(f"{provider.slug} answers, and its secret is set.")
    return 0


def _remove(options: argparse.Namespace, by: "Actor") -> int:
    from medskick.kernel.people.actions.providers import remove_provider

    remove_provider(_found(options.slug), by=by)
    print(f"{options.slug} is removed. Those who are logged in stay so until their session ends.")
    return 0


def _found(slug: str) -> "Provider":
    from medskick.kernel.people.models import Provider

    provider = Provider.objects.filter(slug=slug).first()
    if provider is None:
        raise CommandProblem(f"There is no provider {slug}. `medskick provider list` tells which there are.")
    return provider
