"""medskick provider list | add | check | remove."""

import argparse
import os
import re
from typing import TYPE_CHECKING, get_args

from medskick.project.commands import CommandProblem

if TYPE_CHECKING:
    from medskick.kernel.people.models import Provider

HELP = "The log-in providers (OpenID Connect) that people log in through."
ABOUT = """\
A provider stands on the log-in page as soon as it is added. Its secret is never stored: name the environment variable
that holds it. `check` fetches what the provider says of itself and tells what is wrong, without logging anybody in."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    what = parser.add_subparsers(dest="what", required=True, metavar="list | add | check | remove")
    what.add_parser("list", help="those there are")
    add = what.add_parser("add", help="add one, or change the one with this slug")
    add.add_argument("slug", help="its name in addresses: a-z, 0-9 and hyphens")
    add.add_argument("--label", required=True, help="what the log-in page calls it")
    add.add_argument("--issuer", required=True, help="its address, as its tokens say it")
    add.add_argument("--client-id", required=True)
    add.add_argument("--secret-variable", required=True, metavar="NAME", help="the environment variable of its secret")
    add.add_argument("--staff", action="store_true", help="for those who work here, not for residents")
    add.add_argument(
        "--acr", action="append", default=[], metavar="ACR=LEVEL", help="how sure an acr value is; others count as low"
    )
    for name, said in (("check", "ask it what it offers"), ("remove", "take it off the log-in page")):
        what.add_parser(name, help=said).add_argument("slug")


def run(options: argparse.Namespace) -> int:
    return {"list": _list, "add": _add, "check": _check, "remove": _remove}[options.what](options)


def _list(options: argparse.Namespace) -> int:
    from medskick.kernel.people.models import Provider

    for one in Provider.objects.order_by("slug"):
        secret = "" if os.environ.get(one.secret_variable) else f", {one.secret_variable} is not set"
        print(f"{one.slug}: {one.label}, {one.issuer}, {'staff' if one.for_staff else 'residents'}{secret}")
    return 0


def _add(options: argparse.Namespace) -> int:
    from medskick.kernel.people.models import Provider

    if not re.fullmatch(r"[a-z0-9-]{1,50}", options.slug):
        raise CommandProblem("The slug may have a-z, 0-9 and hyphens only.")
    if not options.issuer.startswith("https://"):
        raise CommandProblem("The issuer must begin with https://: over anything else anybody could answer for it.")
    taken = Provider.objects.filter(issuer=options.issuer).exclude(slug=options.slug).first()
    if taken:
        raise CommandProblem(f"{options.issuer} is there already, as {taken.slug}.")
    provider, made = Provider.objects.update_or_create(
        slug=options.slug,
        defaults={
            "label": options.label,
            "issuer": options.issuer,
            "client_id": options.client_id,
            "secret_variable": options.secret_variable,
            "for_staff": options.staff,
            "assurance_by_acr": _levels(options.acr),
        },
    )
    print(f"{provider.slug} is {'added' if made else 'changed'}. Now ask it: medskick provider check {provider.slug}")
    return 0


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


def _check(options: argparse.Namespace) -> int:
    from medskick.kernel.people import oidc

    provider = _found(options.slug)
    try:
        oidc.start(provider, redirect_uri="https://invalid.example/")
    except oidc.LogInFailed:
        raise CommandProblem(f"{provider.issuer} does not answer as a provider does.") from None
    if not os.environ.get(provider.secret_variable):
        raise CommandProblem(f"It answers, but its secret is missing: set {provider.secret_variable}.")
    print(f"{provider.slug} answers, and its secret is set.")
    return 0


def _remove(options: argparse.Namespace) -> int:
    _found(options.slug).delete()
    print(f"{options.slug} is removed. Those who are logged in stay so until their session ends.")
    return 0


def _found(slug: str) -> "Provider":
    from medskick.kernel.people.models import Provider

    provider = Provider.objects.filter(slug=slug).first()
    if provider is None:
        raise CommandProblem(f"There is no provider {slug}. `medskick provider list` tells which there are.")
    return provider
