"""What the log's verbs are called by people: the kinds' own phrases, and the kernel's."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medskick.kernel.people.roles import LABELS
from medskick.kernel.records.kinds import kinds
from medskick.kernel.typing import Text

KERNEL: dict[str, Text] = {
    "item.published": gettext_lazy("gjorde öppet för alla"),
    "item.shared": gettext_lazy("delade"),
    "item.taken_back": gettext_lazy("tog tillbaka det som var delat"),
    "adoption.ended": gettext_lazy("slutade följa någon annans handling"),
    "link.made": gettext_lazy("kopplade till något som kom av det"),
    "link.ended": gettext_lazy("tog bort en koppling"),
    "record.registered": gettext_lazy("registrerade"),
    "record.voided": gettext_lazy("makulerade ett diarienummer"),
    "task.done": gettext_lazy("blev klar med en uppgift"),
    "task.handed_over": gettext_lazy("lämnade över en uppgift"),
    "employment.began": gettext_lazy("gav en anställning"),
    "employment.ended": gettext_lazy("avslutade en anställning"),
    "role.assigned": gettext_lazy("gav rollen"),
    "log.looked": gettext_lazy("sökte i loggen"),
    "log.downloaded": gettext_lazy("hämtade ett utdrag ur loggen"),
    "log.checked": gettext_lazy("kontrollerade förseglingarna"),
    "statement.saved": gettext_lazy("ändrade tillgänglighetsredogörelsen"),
    "accessibility_report.answered": gettext_lazy("svarade på en anmälan om tillgänglighet"),
    "export.asked": gettext_lazy("bad om en export av allt"),
    "export.released": gettext_lazy("godkände en export av allt"),
    "export.withdrawn": gettext_lazy("tog tillbaka en export"),
    "export.made": gettext_lazy("gjorde en export av allt"),
    "export.failed": gettext_lazy("lyckades inte göra en export"),
    "export.downloaded": gettext_lazy("hämtade exporten av allt"),
    "export.expired": gettext_lazy("tog bort en export vars tid var ute"),
    "departure.proposed": gettext_lazy("föreslog att lämna regionen"),
    "departure.withdrawn": gettext_lazy("tog tillbaka förslaget att lämna regionen"),
    "organisation.left": gettext_lazy("lämnade regionen"),
    "document.read": gettext_lazy("läste en handling"),
    "item.share_ended": gettext_lazy("avslutade en delning"),
    "access.asked": gettext_lazy("bad om att bli insläppt"),
    "access.granted": gettext_lazy("släppte in någon som väntade"),
    "access.refused": gettext_lazy("släppte inte in någon som väntade"),
    "adoption.stand_changed": gettext_lazy("tog ställning på nytt till någon annans handling"),
    "assistance.approved": gettext_lazy("godkände att någon hjälper"),
    "assistance.asked": gettext_lazy("bad om att få hjälpa någon"),
    "assistance.began": gettext_lazy("började hjälpa någon"),
    "assistance.ended": gettext_lazy("slutade hjälpa någon"),
    "classification.decided": gettext_lazy("klassade informationen"),
    "classification.proposed": gettext_lazy("föreslog en lägre klass"),
    "classification.refused": gettext_lazy("sade nej till en lägre klass"),
    "consent.given": gettext_lazy("lämnade ett samtycke"),
    "consent.withdrawn": gettext_lazy("tog tillbaka ett samtycke"),
    "data_protection.contact_named": gettext_lazy("ändrade vem som svarar för personuppgifter"),
    "document.catalogue_described": gettext_lazy("beskrev en handling i katalogen"),
    "document.commented": gettext_lazy("kommenterade någon annans handling"),
    "document.version_followed": gettext_lazy("ändrade vem som läser en version, efter en delning"),
    "employees.imported": gettext_lazy("läste in en fil med medarbetare"),
    "employment.changed": gettext_lazy("ändrade en anställning"),
    "handover.left": gettext_lazy("lämnade en anteckning till nästa hjälpare"),
    "handover.taken": gettext_lazy("tog hand om en anteckning"),
    "help_place.changed": gettext_lazy("ändrade en plats där hjälp ges"),
    "help_place.closed": gettext_lazy("stängde en plats där hjälp ges"),
    "help_place.opened": gettext_lazy("öppnade en plats där hjälp ges"),
    "mail.retried": gettext_lazy("försökte skicka mejl igen"),
    "mail.signed": gettext_lazy("ändrade hur mejl undertecknas"),
    "mail.stopped": gettext_lazy("stoppade mejl som väntade"),
    "mandate.ended": gettext_lazy("avslutade ett uppdrag att företräda någon"),
    "mandate.given": gettext_lazy("gav ett uppdrag att företräda någon"),
    "network.left": gettext_lazy("lämnade ett nätverk"),
    "protection.began": gettext_lazy("införde skyddad identitet"),
    "protection.ended": gettext_lazy("avslutade skyddad identitet"),
    "protection.handler_chosen": gettext_lazy("valde handläggare för skyddad identitet"),
    "provider.added": gettext_lazy("lade till en inloggning"),
    "provider.changed": gettext_lazy("ändrade en inloggning"),
    "provider.removed": gettext_lazy("tog bort en inloggning"),
    "record.disposed": gettext_lazy("gallrade en handling"),
    "record.held": gettext_lazy("stoppade gallringen av en handling"),
    "record.hold_ended": gettext_lazy("lät gallringen av en handling gå vidare"),
    "record.revised": gettext_lazy("ändrade vad diariet visar"),
    "role.ended": gettext_lazy("tog tillbaka rollen"),
    "benefit.nobody_to_remind": gettext_lazy("fann ingen att påminna om en nytta"),
    "document.drafted": gettext_lazy("skrev ett utkast"),
    "document.left_closed": gettext_lazy("bestämde att en version inte publiceras"),
    "document.publishing_late": gettext_lazy("påminde om en version som inte är publicerad"),
    "document.review_asked": gettext_lazy("bad om att ett dokument ses över"),
    "mine.read": gettext_lazy("läste någons sidor åt hen"),
    "my_data.copied": gettext_lazy("hämtade en kopia av sina uppgifter"),
    "my_data.copy_asked": gettext_lazy("bad om en kopia av sina uppgifter"),
    "needs.imported": gettext_lazy("läste in behov ur en fil"),
    "network.proposed": gettext_lazy("föreslog ett nätverk"),
    "processing.noted": gettext_lazy("beskrev en behandling av personuppgifter"),
    "referral.late": gettext_lazy("påminde om en remiss som är sen"),
    "referral.sent": gettext_lazy("skickade en remiss"),
    "referral.more_time_asked": gettext_lazy("bad om mer tid för en remiss"),
    "referral.more_time_given": gettext_lazy("gav mer tid för en remiss"),
    "referral.more_time_refused": gettext_lazy("gav inte mer tid för en remiss"),
    "referral.declined": gettext_lazy("avstod från att svara på en remiss"),
    "referral.answered": gettext_lazy("svarade på en remiss"),
    "referral.answer_came": gettext_lazy("fick svar på en remiss"),
    "referral.reminded": gettext_lazy("påminde om en remiss"),
    "space.answered": gettext_lazy("svarade på en fråga i ett nätverk"),
    "space.asked": gettext_lazy("frågade i ett nätverk"),
    "voice.asked_again": gettext_lazy("frågade den som hörde av sig igen"),
    "sign_in.all_ended": gettext_lazy("loggade ut överallt"),
    "sign_in.ended": gettext_lazy("loggade ut en inloggning"),
}
FIELDS: dict[str, Text] = {
    "answer": gettext_lazy("svar"),
    "availability": gettext_lazy("tillgänglighet"),
    "child": gettext_lazy("barn"),
    "company": gettext_lazy("företag"),
    "confidentiality": gettext_lazy("konfidentialitet"),
    "eid": gettext_lazy("e-legitimation"),
    "fields": gettext_lazy("innehåll"),
    "integrity": gettext_lazy("riktighet"),
    "not_upheld": gettext_lazy("ändrade inget"),
    "paper": gettext_lazy("papper"),
    "partly": gettext_lazy("delvis rätt"),
    "party": gettext_lazy("part"),
    "party_withheld": gettext_lazy("om parten visas"),
    "proxy": gettext_lazy("fullmakt"),
    "public_title": gettext_lazy("rubrik i diariet"),
    "register": gettext_lazy("register"),
    "retention": gettext_lazy("gallring"),
    "secrecy": gettext_lazy("sekretess"),
    "stated": gettext_lazy("det som sades"),
    "upheld": gettext_lazy("hade rätt"),
    "ward": gettext_lazy("huvudman"),
    "answer_days": gettext_lazy("dagar till svar"),
    "email": gettext_lazy("e-post"),
    "level": gettext_lazy("vem som får läsa"),
    "owed_answer": gettext_lazy("svar"),
    "phone": gettext_lazy("telefon"),
    "readers": gettext_lazy("läsare"),
    "reason": gettext_lazy("skäl"),
    "shortcomings": gettext_lazy("kända brister"),
    "state": gettext_lazy("läge"),
    "status": gettext_lazy("läge"),
    "summary": gettext_lazy("sammanfattning"),
    "tested_how": gettext_lazy("hur den testades"),
    "tested_on": gettext_lazy("när den testades"),
    "text": gettext_lazy("text"),
    "title": gettext_lazy("rubrik"),
    "to_do": gettext_lazy("att göra"),
    "unit": gettext_lazy("enhet"),
}
CHANNELS: dict[str, Text] = {
    "web": gettext_lazy("webben"),
    "desk": gettext_lazy("vid disken"),
    "phone": gettext_lazy("telefon i möte"),
    "paper": gettext_lazy("papper"),
    "api": gettext_lazy("annat system"),
    "job": gettext_lazy("automatiskt"),
    "import": gettext_lazy("import"),
    "demo": gettext_lazy("exempelregionen"),
}


def phrase_of(verb: str) -> str:
    """The verb in plain Swedish; what nobody has put into words is shown as it stands."""
    for kind in kinds():
        if verb in kind.phrases:
            return str(kind.phrases[verb])
    if verb in KERNEL:
        return str(KERNEL[verb])
    subject, _dot, what = verb.rpartition(".")
    label = next((str(kind.label) for kind in kinds() if kind.key == subject or kind.key.endswith(f".{subject}")), "")
    if label and what == "created":
        return _("skapade: %(what)s") % {"what": label}
    if label and what == "read":
        return _("läste: %(what)s") % {"what": label}
    return verb


def field_words(name: str) -> str:
    """A field's or a role's name in Swedish; what nobody has put into words is shown as it stands."""
    return str(FIELDS.get(name) or LABELS.get(name) or name)


def channel_words(channel: str) -> str:
    return str(CHANNELS.get(channel, channel))
