"""Forms in templates: the whole form, its fields, what is wrong, and the button that is a form."""

from typing import Any
from uuid import uuid4

from django import forms, template
from django.forms.boundfield import BoundField
from django.template import Context
from django.utils.translation import gettext

register = template.Library()
PARTS = "design/components/"


@register.inclusion_tag(PARTS + "form.html", takes_context=True)
def render_form(context: Context, form: Any, submit: str = "", cancel: str = "", **options: Any) -> dict[str, Any]:
    """A whole form. Options: action, method, cancel_label, css, id, variant, focus, and hx_* as attributes."""
    return {
        "form": form,
        "submit": submit or gettext("Spara"),
        "cancel": cancel,
        "cancel_label": options.get("cancel_label") or gettext("Avbryt"),
        "action": options.get("action", ""),
        "method": options.get("method", "post"),
        "compact": options.get("css") == "compact",
        "id": options.get("id", ""),
        "focus": options.get("focus", True),
        "variant": options.get("variant", "primary"),
        "hx": [(key.replace("_", "-"), value) for key, value in options.items() if key.startswith("hx_")],
        "csp_nonce": context.get("csp_nonce", ""),
    }


@register.inclusion_tag(PARTS + "form_fields.html")
def form_fields(form: Any, summary: bool = False) -> dict[str, Any]:
    """All fields of a form, in their fieldsets, without the form element."""
    return {"form": form, "summary": summary}


@register.inclusion_tag(PARTS + "field.html")
def field(field: BoundField) -> dict[str, Any]:
    """One field with label, help, and what is wrong with it."""
    return {"field": field}


@register.inclusion_tag(PARTS + "error_summary.html")
def error_summary(form: Any, focus: bool = True) -> dict[str, Any]:
    """What is wrong in the form, each with a link to its field; takes focus by itself."""
    found: list[tuple[str, str]] = [("", error) for error in form.non_field_errors()]
    for bound in form:
        target = "" if bound.is_hidden else field_anchor(bound)
        found += [(target, error) for error in bound.errors]
    return {"errors": found, "focus": focus, "files": form.is_multipart()}


@register.filter
def field_anchor(bound: BoundField) -> str:
    """The id to jump to: the field's own, or its first choice's."""
    own = bound.id_for_label
    if own:
        return own
    return f"{bound.auto_id}_0"


@register.filter
def field_kind(bound: BoundField) -> str:
    """How a field is laid out: plain, checkbox, choices, cards or group."""
    widget = bound.field.widget
    if isinstance(widget, forms.CheckboxInput):
        return "checkbox"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "cards" if getattr(widget, "as_cards", False) else "choices"
    return "group" if bound.use_fieldset else "plain"


@register.filter
def is_optional(bound: BoundField) -> bool:
    """Whether to write "frivilligt" beside the field."""
    return not bound.field.required and getattr(bound.form, "marks_optional", False)


@register.filter
def told_limit(bound: BoundField) -> int | None:
    """The highest number of characters, where it is worth telling: in large boxes."""
    if isinstance(bound.field.widget, forms.Textarea):
        return getattr(bound.field, "max_length", None)
    return None


@register.inclusion_tag(PARTS + "post_button.html", takes_context=True)
def post_button(context: Context, url: str, label: str, variant: str = "secondary", **hidden: Any) -> dict[str, Any]:
    """A form of one button, for changes that need no words; keywords become hidden fields."""
    return {"url": url, "label": label, "variant": variant, "hidden": hidden.items(), "key": uuid4()}
