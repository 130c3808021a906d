import re
from decimal import Decimal

import pytest
from django import forms
from django.http import QueryDict
from django.template import Context, Template
from django.utils.datastructures import MultiValueDict
from hypothesis import given
from hypothesis import strategies as st

from medskick.design.forms import ChoiceCards, NumberField, PlainForm
from medskick.design.samples import SampleForm
from medskick.design.tests.pages import Reader, get


class NeedForm(PlainForm):
    title = forms.CharField(label="Rubrik", max_length=20)
    text = forms.CharField(label="Vad behövs?", required=False, widget=forms.Textarea)
    amount = NumberField(label="Antal", required=False)
    count = forms.IntegerField(label="Hushåll", required=False, max_value=100)
    weight = forms.ChoiceField(
        label="Vikt", required=False, choices=[("1", "Stor"), ("2", "Liten")], widget=ChoiceCards
    )
    day = forms.DateField(label="Dag", required=False)


def filled(**values: str) -> NeedForm:
    return NeedForm({"title": "Boka utan app", **values})


def errors(form: PlainForm) -> dict[str, list[str]]:
    form.is_valid()
    return {name: list(found) for name, found in form.errors.items()}


def shown(form: PlainForm, tag: str = "{% render_form form submit='Spara' %}") -> str:
    return Template(tag).render(Context({"form": form, "csrf_token": "x", "csp_nonce": "n", "request": get()}))


def test_an_empty_form_says_what_to_write_in_the_words_of_its_labels() -> None:
    assert errors(SampleForm({})) == {
        "title": ["Skriv en rubrik."],
        "text": ["Svara på frågan ”Vad behövs?”."],
        "area": ["Välj ett svar: ”Område”."],
        "feeling": ["Välj ett svar: ”Hur viktigt är det?”."],
        "agree": ["Kryssa i ”Jag har läst hur uppgifterna används” för att gå vidare."],
    }


def test_only_spaces_is_empty() -> None:
    assert errors(filled(title="  \n ")) == {"title": ["Fyll i rutan ”Rubrik”."]}


def test_too_long_says_how_long_and_how_long_it_may_be() -> None:
    assert errors(filled(title="x" * 27)) == {"title": ["Texten är 27 tecken. Korta den till högst 20."]}


def test_a_text_without_a_limit_of_its_own_has_one_all_the_same() -> None:
    assert errors(filled(text="x" * 5001)) == {"text": ["Texten är 5001 tecken. Korta den till högst 5000."]}
    assert errors(filled(text="x" * 5000)) == {}


@pytest.mark.parametrize("sign", ["\0", "\x07", "\x1b", "\x9f", "\u202e"])
def test_signs_that_nobody_means_are_refused(sign: str) -> None:
    (message,) = errors(filled(title=f"Hej{sign}då"))["title"]
    assert "osynligt styrtecken" in message


def test_letters_that_could_not_be_read_are_refused() -> None:
    wrongly_encoded = QueryDict(b"title=f%F6rskola", encoding="utf-8")
    assert errors(NeedForm(wrongly_encoded)) == {
        "title": ["Några tecken gick inte att läsa. De visas som ”\ufffd”. Skriv dem en gång till."]
    }


def test_line_ends_and_letters_are_stored_in_one_form_only() -> None:
    form = filled(text="rad ett\r\nrad två\ra\u030a")
    assert form.is_valid()
    assert form.cleaned_data["text"] == "rad ett\nrad två\nå"


def test_several_answers_to_one_question_all_come_through() -> None:
    form = SampleForm(QueryDict("ways=brev&ways=telefon"))
    form.is_valid()
    assert form.cleaned_data["ways"] == ["brev", "telefon"]


def test_numbers_are_taken_as_people_write_them() -> None:
    form = filled(amount="1\u00a0234,5")
    assert form.is_valid()
    assert form.cleaned_data["amount"] == Decimal("1234.5")
    assert errors(filled(amount="många")) == {"amount": ["”många” är inte ett tal. Skriv till exempel 1 234,5."]}


def test_each_kind_of_field_says_how_to_write_it() -> None:
    found = errors(filled(count="tolv", weight="9", day="31 februari"))
    assert found == {
        "count": ["Skriv ett heltal med siffror, till exempel 12."],
        "weight": ["Det svaret finns inte att välja. Välj något av svaren i listan."],
        "day": ["Skriv en dag som finns, till exempel 2026-12-31."],
    }
    assert errors(filled(count="101")) == {"count": ["Talet är för stort. Skriv högst 100."]}


def test_what_was_typed_comes_back_also_when_it_was_too_long_or_held_markup() -> None:
    typed = "<script>alert('hej')</script>" * 2
    page = shown(filled(title=typed, text="Mormor"))
    assert "<script>" not in page
    assert Reader(page).all("input")[2]["value"] == typed
    assert "Mormor" in page


def test_the_browser_never_cuts_what_is_typed() -> None:
    page = shown(NeedForm())
    assert "maxlength" not in page
    assert "required" not in {name for _, attributes in Reader(page).elements for name in attributes}


def test_the_error_summary_leads_to_each_field_and_takes_focus() -> None:
    page = shown(SampleForm({"feeling": "9", "email": "fel"}))
    read = Reader(page)
    targets = [link["href"][1:] for link in read.all("a") if link["href"].startswith("#")]
    assert targets == ["id_title", "id_text", "id_email", "id_area", "id_feeling_0", "id_agree"]
    assert [target for target in targets if target not in read.ids()] == []
    summary = next(a for _, a in read.elements if a.get("class") == "error-summary")
    assert "autofocus" in summary
    assert summary["role"] == "alert"


def test_a_field_with_faults_is_tied_to_what_is_said_of_it() -> None:
    page = shown(SampleForm({"email": "fel"}))
    email = next(a for a in Reader(page).all("input") if a.get("name") == "email")
    assert email["aria-invalid"] == "true"
    assert email["aria-describedby"] == "id_email_helptext id_email_error"


def test_a_form_without_faults_has_no_summary() -> None:
    assert "error-summary" not in shown(NeedForm())
    assert "error-summary" not in shown(filled())


def test_optional_is_said_only_where_something_is_required() -> None:
    class AllOptional(PlainForm):
        one = forms.CharField(label="Ett", required=False)

    assert "(frivilligt)" not in shown(AllOptional())
    assert shown(NeedForm()).count("(frivilligt)") == 5


def test_faults_of_the_whole_form_and_of_hidden_fields_are_told_too() -> None:
    class Strict(PlainForm):
        secret = forms.IntegerField(widget=forms.HiddenInput)

        def clean(self) -> None:
            raise forms.ValidationError("Mötet är slut. Dina svar finns kvar.")

    page = shown(Strict({"secret": "x"}))
    assert "Mötet är slut. Dina svar finns kvar." in page
    assert "Skriv ett heltal" in page


def test_a_form_with_files_is_sent_as_such() -> None:
    assert 'enctype="multipart/form-data"' in shown(SampleForm())
    assert "enctype" not in shown(NeedForm())


def test_an_empty_file_says_what_to_do() -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    form = SampleForm({}, MultiValueDict({"picture": [SimpleUploadedFile("tom.png", b"")]}))
    assert errors(form)["picture"] == ["Filen är tom. Välj en annan fil."]


def key_in(page: str) -> str:
    found = re.search(r'name="submission_key" value="([0-9a-f-]{36})"', page)
    assert found
    return found[1]


def test_each_shown_form_has_a_key_of_its_own_and_keeps_it_through_faults() -> None:
    first, second = key_in(shown(NeedForm())), key_in(shown(NeedForm()))
    assert first != second
    again = NeedForm({"title": "", "submission_key": first})
    assert not again.is_valid()
    assert key_in(shown(again)) == first
    assert again.submission_key == first


def test_a_missing_key_is_no_fault_of_the_person() -> None:
    form = filled()
    assert form.is_valid()
    assert len(form.submission_key) == 36
    assert form.submission_key == form.submission_key


def test_search_forms_carry_neither_key_nor_token() -> None:
    class Search(PlainForm):
        uses_submission_key = False
        q = forms.CharField(label="Sök", required=False)

    page = shown(Search(), "{% render_form form submit='Sök' method='get' css='compact' %}")
    assert "submission_key" not in page
    assert "csrfmiddlewaretoken" not in page


def test_htmx_attributes_come_with_their_nonce() -> None:
    page = shown(NeedForm(), "{% render_form form hx_post='/x' hx_target='#list' %}")
    (form,) = Reader(page).all("form")
    assert (form["hx-post"], form["hx-target"], form["hx-nonce"]) == ("/x", "#list", "n")


@given(st.text(max_size=60))
def test_no_text_at_all_can_break_a_form_or_slip_through_as_markup(text: str) -> None:
    form = filled(title=text)
    form.is_valid()
    page = shown(form)
    assert Reader(page).wrongly_closed == []
    if form.is_valid():
        assert "\0" not in form.cleaned_data["title"]


class FoldedForm(PlainForm):
    title = forms.CharField(label="Namn")
    last_day = forms.CharField(label="Sista dagen", required=False)
    folds = [("Flera dagar", ["last_day"])]


def test_a_fold_is_closed_until_something_in_it_is_filled_in_or_wrong() -> None:
    assert '<details class="fold"><summary>Flera dagar</summary>' in shown(FoldedForm())
    assert '<details class="fold" open>' in shown(FoldedForm({"title": "Möte", "last_day": "i morgon"}))
    assert '<details class="fold" open>' in shown(FoldedForm({"title": "", "last_day": "\0"}))
    assert '<details class="fold" open>' not in shown(FoldedForm({"title": "", "last_day": ""}))
