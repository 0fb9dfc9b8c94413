"""The form of a call: texts in both forms of Norwegian, envelope, opening and closing, and the numbers of its scheme."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.intake.reading import clean
from applications.models import Call
from applications.workflow.numbers import CallNumber, numbers_of
from grants.law.registry import SCHEMES
from grants.pages.forms import KronerField, PlainForm, make_plain
from grants.shared.money import kr
from grants.templatetags.ui import day as day_in_words
from grants.templatetags.ui import in_language

MOMENTS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
FIRST_YEAR, LAST_YEAR = 2017, 2100


def schemes_to_announce() -> list[tuple[str, str]]:
    """Every scheme that is applied for, and each part of those that have parts: code and name."""
    return [
        (f"{law.code}:{part}", name or in_language(law.name))
        for law in SCHEMES.values()
        if law.themes
        for part, name in ([(one.code, in_language(one.name)) for one in law.sub_schemes] or [("", "")])
    ]


class NewCallForm(PlainForm):
    """What a draft begins with: the scheme or part, and the budget year."""

    scheme = forms.ChoiceField(label=_("Ordning"), choices=schemes_to_announce)
    year = forms.IntegerField(label=_("Budsjettår"), min_value=FIRST_YEAR, max_value=LAST_YEAR)

    def code_and_part(self) -> tuple[str, str]:
        code, _colon, part = str(self.cleaned_data["scheme"]).partition(":")
        return code, part


class CallForm(PlainForm):
    """A draft of a call. Empty numbers follow the scheme; `numbers` gives those that are set."""

    title_nb = forms.CharField(label=_("Tittel på bokmål"), max_length=200)
    title_nn = forms.CharField(label=_("Tittel på nynorsk"), max_length=200)
    about_nb = forms.CharField(label=_("Tekst på bokmål"), widget=forms.Textarea({"rows": 6}))
    about_nn = forms.CharField(label=_("Tekst på nynorsk"), widget=forms.Textarea({"rows": 6}))
    envelope_ore = KronerField(label=_("Ramme i kroner"), help_text=_("Summen av vedtakene kan aldri bli større."))
    opens_at = forms.DateTimeField(
        label=_("Åpner"), input_formats=MOMENTS, widget=forms.DateTimeInput({"type": "datetime-local"}, MOMENTS[0])
    )
    closes_at = forms.DateTimeField(
        label=_("Stenger"),
        input_formats=MOMENTS,
        widget=forms.DateTimeInput({"type": "datetime-local"}, MOMENTS[0]),
        help_text=_("Det første øyeblikket som er for sent. Skriv 00.00 dagen etter når fristen gjelder hele dagen."),
    )

    def __init__(self, call: Call, typed: Any = None) -> None:
        self.call = call
        self.adjustable = numbers_of(call.law, call.year)
        super().__init__(typed, initial=_initial(call, self.adjustable))
        for number in self.adjustable:
            self.fields[number.code] = _number_field(number)
            make_plain(self.fields[number.code])

    def clean_title_nb(self) -> str:
        return clean(self.cleaned_data["title_nb"])

    def clean_title_nn(self) -> str:
        return clean(self.cleaned_data["title_nn"])

    def contents(self) -> dict[str, Any]:
        """What `change_call` takes."""
        data = self.cleaned_data
        numbers = {n.code: _stored(n, data[n.code]) for n in self.adjustable if data[n.code] not in (None, "")}
        own = ("title_nb", "title_nn", "about_nb", "about_nn", "envelope_ore", "opens_at", "closes_at")
        return {name: data[name] for name in own} | {"numbers": numbers}

    def texts(self) -> list[forms.BoundField]:
        return [self[name] for name in ("title_nb", "about_nb", "title_nn", "about_nn")]

    def frame(self) -> list[forms.BoundField]:
        return [self[name] for name in ("envelope_ore", "opens_at", "closes_at")]

    def numbers(self) -> list[forms.BoundField]:
        return [self[number.code] for number in self.adjustable]


def _number_field(number: CallNumber) -> forms.Field:
    label = in_language(number.text)
    help_text = str(_("Ingen kilde gir tallet for dette året. Det må settes før utlysningen publiseres."))
    if number.usual is not None:
        usual = {"usual": _shown(number, number.usual), "source": _(number.source)}
        help_text = str(_("Tomt felt betyr %(usual)s (%(source)s).") % usual)
    if number.unit == "share":
        label = f"{label}, {_('prosent')}"
        return forms.DecimalField(
            label=label, help_text=help_text, required=False, min_value=Decimal(0), max_value=Decimal(100),
            max_digits=7, decimal_places=4, localize=True, widget=forms.TextInput({"inputmode": "decimal"}),
        )  # fmt: skip
    if number.unit == "day":
        day = forms.DateInput({"type": "date"}, "%Y-%m-%d")
        return forms.DateField(label=label, help_text=help_text, required=False, widget=day)
    if number.unit == "ore":
        return KronerField(label=f"{label}, {_('kroner')}", help_text=help_text, required=False)
    return forms.IntegerField(
        label=label, help_text=help_text, required=False, min_value=0, max_value=10**9,
        widget=forms.TextInput({"inputmode": "numeric"}),
    )  # fmt: skip


def _initial(call: Call, adjustable: list[CallNumber]) -> dict[str, Any]:
    shown = {n.code: _typed(n, str(call.numbers[n.code])) for n in adjustable if n.code in call.numbers}
    if call.envelope_ore is None:  # a draft that is not made yet
        return shown | {n: getattr(call, n) for n in ("title_nb", "title_nn", "about_nb", "about_nn")}
    return shown | {
        "title_nb": call.title_nb,
        "title_nn": call.title_nn,
        "about_nb": call.about_nb,
        "about_nn": call.about_nn,
        "envelope_ore": kr(call.envelope_ore),
        "opens_at": timezone.localtime(call.opens_at),
        "closes_at": timezone.localtime(call.closes_at),
    }


def _typed(number: CallNumber, stored: str) -> Any:
    """What was set, as it stands in its field."""
    return date.fromisoformat(stored) if number.unit == "day" else _shown(number, Decimal(stored))


def _shown(number: CallNumber, value: Decimal | date) -> str:
    if isinstance(value, date):
        return day_in_words(value)
    if number.unit == "ore":
        return kr(int(value))
    if number.unit == "share":
        return f"{value * 100:f}".rstrip("0").rstrip(".").replace(".", ",") if value else "0"
    return str(int(value))


def _stored(number: CallNumber, value: Any) -> str:
    """As the rates write it: shares as 0.05, counts and øre as whole numbers."""
    if number.unit == "share":
        return f"{value / 100:f}".rstrip("0").rstrip(".") or "0"
    return str(value)
