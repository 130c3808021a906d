"""Free text in a few words, gathered in a word cloud."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medskick.design.charts import Chart, word_cloud
from medskick.design.forms import PlainForm
from medskick.dialog.questions.contract import Asked, Size
from medskick.kernel.typing import Text
from medskick.lib.swedish import word_counts
from medskick.lib.text import clean_text, count_noun

LONGEST = 200


class WordAnswer(PlainForm):
    answer = forms.CharField(label=gettext_lazy("Ditt svar"), max_length=LONGEST, widget=forms.Textarea({"rows": 3}))
    missing = {"answer": gettext_lazy("Skriv ett svar. Ett ord räcker.")}


class WordCloud:
    """Size by how many said it; forms of a word count together, and kept phrases as one word."""

    key = "word_cloud"
    label: Text = gettext_lazy("Fritt svar i ett ordmoln")
    explained: Text = gettext_lazy("Alla svarar med egna ord. Orden som flest säger blir störst.")

    def answer_form(self, asked: Asked, data: Any = None, *, given: str = "") -> PlainForm:
        form = WordAnswer(data, initial={"answer": given})
        form.fields["answer"].help_text = asked.help_text or _("Ett ord eller en mening.")
        return form

    def clean(self, asked: Asked, answer: str) -> str:
        cleaned = " ".join(clean_text(answer, max_length=LONGEST).split())
        if not cleaned:
            raise ValueError(_("Skriv ett svar. Ett ord räcker."))
        return cleaned

    def chart(self, asked: Asked, answers: Sequence[str], *, size: Size = "page") -> Chart:
        counted = word_counts(answers, kept_phrases=asked.settings.get("kept_phrases", ()))
        words = {one.word: one.count for one in counted}
        return word_cloud(_finding(counted[0].word if counted else "", counted, len(answers)), words, size=size)


def _finding(most: str, counted: Sequence[Any], answers: int) -> str:
    if not counted:
        return _("Inga svar än")
    if counted[0].count == 1:
        return _("%(answers)s, inget ord återkommer än") % {"answers": count_noun(answers, "svar", "svar")}
    together = [one.word for one in counted if one.count == counted[0].count][:3]
    words = {"words": _(" och ").join(f"”{word}”" for word in together), "count": counted[0].count, "all": answers}
    return _("%(words)s nämns oftast: i %(count)s av %(all)s svar") % words


KIND = WordCloud()
