"""Forms as our pages show them: messages in our words, and nothing that cuts what is pasted."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grants.shared.errors import BadInput
from grants.shared.money import kroner_as_typed


class PlainForm(forms.Form):
    """A form whose fields say «Må fylles ut», and whose boxes take any length; what is too long is told."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for field in self.fields.values():
            make_plain(field)


def make_plain(field: forms.Field) -> None:
    """The same for a field that is added later."""
    field.error_messages["required"] = _("Må fylles ut.")
    field.widget.attrs.setdefault("class", "ds-input")
    field.widget.attrs.setdefault("autocomplete", "off")
    field.widget.attrs.pop("maxlength", None)


class KronerField(forms.CharField):
    """An amount as people type it («1 200 000 kr»); øre when cleaned, None when empty."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        try:
            return kroner_as_typed(text)
        except BadInput as fault:
            raise forms.ValidationError(str(fault)) from None
