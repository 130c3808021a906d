"""Which browser somebody uses, in plain words: "Firefox på Windows". A guess for her own eyes, never a decision's ground."""

from django.utils.translation import gettext as _

# The first that is found counts: Edge and Opera say that they are Chrome too, and Chrome that it is Safari.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "Chromebook"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


def browser_words(user_agent: str) -> str:
    """Name the browser and the machine that a User-Agent header tells of."""
    told = user_agent[:400]
    browser = next((name for sign, name in BROWSERS if sign in told), _("En webbläsare"))
    system = next((name for sign, name in SYSTEMS if sign in told), "")
    return _("%(browser)s på %(system)s") % {"browser": browser, "system": system} if system else browser
