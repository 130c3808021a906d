"""What the clock does to documents: a review day that has come, a version that nobody published, an answer that is late."""

from datetime import date, timedelta

from django.utils.translation import gettext as _

from medskick.kernel.documents.actions.drafting import review_url
from medskick.kernel.documents.actions.fixing import keepers, publishing_url, sees_to
from medskick.kernel.documents.actions.referrals import due_day, is_settled, referral_url
from medskick.kernel.documents.actions.versions import ask
from medskick.kernel.documents.models import VERSION_KIND, Document, DocumentVersion, Referral
from medskick.kernel.log.actions import log
from medskick.kernel.notifications.models import Notification
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.tasks.models import Task

REVIEW_WITHIN_DAYS = 30
CHASE_WITHIN_DAYS = 5
ALARM_EVERY_DAYS = 7


def ask_for_reviews(*, by: Actor, today: date) -> int:
    """A task for whoever is responsible for each document whose review day has come, once. Returns how many documents."""
    due = Document.objects.at(by.organisation).filter(review_by__lte=today).select_related("item")
    asked = 0
    for document in due.filter(versions__fixed_at__isnull=False).distinct():
        url = review_url(document)
        if Task.objects.open().filter(item=document.item, url=url).exists():
            continue
        what = _("Se över dokumentet: stämmer det fortfarande?")
        ask(
            document.item,
            sees_to(document.responsible, document.item.owner_id, by),
            by=by,
            what=what,
            verb=_("se över"),
            url=url,
            due=today + timedelta(days=REVIEW_WITHIN_DAYS),
        )
        log("document.review_asked", by=by, item=document.item_id)
        asked += 1
    return asked


def alarm_unpublished(*, by: Actor, today: date) -> int:
    """Tell who fixed it, and the registrars, that a version still is not published after its day; then every week."""
    late = Task.objects.of(by.organisation).overdue(today).filter(item__kind=VERSION_KIND, relation=Task.TO_DO)
    told = 0
    for item, due in set(late.values_list("item", "due")):
        version = DocumentVersion.objects.filter(item=item).select_related("item").first()
        if version is None or (today - due).days % ALARM_EVERY_DAYS != 1:
            continue
        url = publishing_url(version)
        if not Task.objects.open().filter(item=item, url=url).exists():
            continue
        what = _("Version %(number)s är fortfarande inte publicerad: %(title)s") % {
            "number": version.number,
            "title": version.title,
        }
        persons = {*keepers(version.owner_id, by), *([version.by_person] if version.by_person else [])}
        Notification.objects.bulk_create(
            Notification(owner_id=version.owner_id, follower=person, item_id=item, what=what[:300], url=url)
            for person in persons
        )
        log("document.publishing_late", by=by, item=item)
        told += 1
    return told


def chase_referrals(*, by: Actor, today: date) -> int:
    """A task for the sender, the day after a receiver's day has passed without an answer. Returns how many remisser."""
    sent = Referral.objects.filter(item__owner_id=by.organisation, answer_by__lt=today).select_related("item")
    chased = 0
    for referral in sent.prefetch_related("receivers__steps", "receivers__referral"):
        late = [one for one in referral.receivers.all() if not is_settled(one) and due_day(one) < today]
        url = referral_url(referral) + "#mottagare"
        if not late or Task.objects.filter(item=referral.item, url=url).exists():
            continue
        what = _("%(count)s har inte svarat på remissen. Påminn, eller gå vidare utan.") % {"count": len(late)}
        persons = sees_to(referral.by_person, referral.item.owner_id, by)
        day = today + timedelta(days=CHASE_WITHIN_DAYS)
        ask(referral.item, persons, by=by, what=what, verb=_("påminn"), url=url, due=day)
        log("referral.late", by=by, item=referral.item_id)
        chased += 1
    return chased
