"""What search says to somebody who typed a number from a receipt: where that number leads."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

from medskick.kernel.disclosure.queries import parse_diary_number
from medskick.kernel.records.models import Item
from medskick.lib.codes import normalise_code


def by_number(request: HttpRequest) -> dict[str, object] | None:
    """Links for a diary number or a trace number; None for anything else."""
    text = request.GET.get("q", "").strip()[:40]
    if parse_diary_number(text) is not None:
        return {"diary": f"{reverse('diary')}?{urlencode({'ord': text})}"}
    item = Item.objects.filter(number=normalise_code(text)).first() if 6 <= len(text) <= 12 else None
    return (
        {"trace": reverse("trace", args=[item.number])} if item else {"unknown": True} if _like_a_code(text) else None
    )


def _like_a_code(text: str) -> bool:
    """Eight letters and digits, with or without a hyphen in the middle."""
    code = normalise_code(text)
    return len(code) == 8 and code.isalnum() and any(one.isdigit() for one in code)
