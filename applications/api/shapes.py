"""What other systems may read and send of calls and cases. Every field is named, one by one; amounts are whole øre."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from applications.intake.completeness import Progress
from applications.intake.reading import clean
from applications.models import Application, Call, CaseEvent, Finding, State
from applications.services.assess import HIGHEST, LOWEST
from grants.shared.text import seen

LARGEST_ORE = 10**12


class Plain(serializers.CharField):
    """Text as people write it, cleaned of characters that no reader sees."""

    def to_internal_value(self, data: Any) -> str:
        """The text, in the length it has when it is clean."""
        return clean(super().to_internal_value(data))


class CallShape(serializers.ModelSerializer[Call]):
    """A published call."""

    is_open = serializers.BooleanField(help_text="By the server's clock, at this moment.")
    terms = serializers.JSONField(help_text="What is asked, tried and scored, as it stood when it was published.")

    class Meta:
        model = Call
        fields = [
            "id", "scheme", "part", "year", "title_nb", "title_nn", "about_nb", "about_nn", "envelope_ore", "opens_at",
            "closes_at", "published_at", "is_open", "numbers", "terms",
        ]  # fmt: skip
        read_only_fields = fields


class CaseLine(serializers.Serializer[Application]):
    """An application in a list."""

    id = serializers.UUIDField()
    call = serializers.UUIDField(source="call_id")
    scheme = serializers.CharField(source="call__scheme")
    organisation = serializers.UUIDField(source="organisation_id")
    organisation_name = serializers.CharField(source="organisation__name")
    orgnr = serializers.CharField(source="organisation__orgnr", allow_null=True)
    state = serializers.ChoiceField(State.choices)
    case_year = serializers.IntegerField(allow_null=True)
    case_number = serializers.IntegerField(allow_null=True)
    applied_ore = serializers.IntegerField(allow_null=True)
    submitted_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField()


# The columns of a list, by the name that the answer gives them: `values` reads no more than this.
CASE_COLUMNS = {name: field.source or name for name, field in CaseLine().fields.items()}


class ThemeShape(serializers.Serializer[object]):
    """How far a theme has come, and what is wrong with it, by question or budget field."""

    code = serializers.CharField()
    progress = serializers.ChoiceField([progress.value for progress in Progress])
    faults = serializers.DictField(child=serializers.CharField())


class CaseShape(CaseLine):
    """An application with what was typed, theme by theme."""

    language = serializers.ChoiceField(["nb", "nn"])
    answers = serializers.JSONField()
    themes = ThemeShape(many=True)


class EventShape(serializers.ModelSerializer[CaseEvent]):
    """Something that happened in a case."""

    class Meta:
        model = CaseEvent
        fields = ["at", "verb", "text"]
        read_only_fields = fields


class FindingShape(serializers.ModelSerializer[Finding]):
    """A condition that was tried, with the ruling that holds."""

    id = serializers.IntegerField()
    met = serializers.BooleanField(allow_null=True, help_text="As settled; null while it waits for a caseworker.")

    class Meta:
        model = Finding
        fields = ["id", "rule", "sentence", "citation", "verdict", "saw", "source", "met"]
        read_only_fields = fields


# --- What is sent -----------------------------------------------------------------------------------------------------


class Begin(serializers.Serializer[object]):
    """A new application."""

    call = serializers.UUIDField()
    organisation = serializers.UUIDField()
    language = serializers.ChoiceField(["nb", "nn"], default="nb")
    copy = serializers.BooleanField(
        default=False, help_text="Begin with the answers of the organisation's newest application to the scheme."
    )


class Version(serializers.Serializer[object]):
    """Which version was read; another one since is refused as changed."""

    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1, help_text="Or the header If-Match.")


TEXT = {"type": "string"}
ROW = {"type": "object", "additionalProperties": TEXT}


@extend_schema_field({"type": "object", "additionalProperties": {"oneOf": [TEXT, {"type": "array", "items": ROW}]}})
class Typed(serializers.DictField):
    """What stands in the fields of a theme, as people type it: texts, and for tables a list of rows of texts."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """As it was sent, but for characters that no reader sees, once it is found to be texts and rows of texts."""
        found: dict[str, Any] = super().to_internal_value(data)
        faults = {code: fault for code, value in found.items() if (fault := _fault_of(value))}
        if faults:
            raise serializers.ValidationError(faults)
        return {code: _seen(value) for code, value in found.items()}


def _seen(value: Any) -> Any:
    if isinstance(value, str):
        return seen(value)
    return [{column: seen(text) for column, text in row.items()} for row in value]


def _fault_of(value: Any) -> str:
    rows = value if isinstance(value, list) else [{"text": value}]
    if not all(isinstance(row, dict) for row in rows):
        return _("Send en liste med linjer: objekter med ett felt for hver kolonne.")
    texts = [text for row in rows for text in row.values()]
    if not all(isinstance(text, str) for text in texts):
        return _("Send svaret som tekst, slik noen ville skrevet det. Tall og datoer også.")
    return ""


class Theme(Version):
    """What is typed in a theme, whole or half. Amounts in the budget are kroner as people type them."""

    typed = Typed(
        help_text="One field for each question. A budget has `costs` and `financing`, lists of text and kroner."
    )


class Words(Version):
    """Something said: a question, an answer, a reason."""

    text = Plain(max_length=10_000)


class Question(Words):
    """A question to the applicant."""

    due_on = serializers.DateField(required=False, help_text="The last day to answer; else a fortnight.")


class Ruling(serializers.Serializer[object]):
    """How a condition is settled, and why."""

    met = serializers.BooleanField()
    reason = Plain(max_length=4_000)
    seen = serializers.IntegerField(
        required=False,
        min_value=0,
        max_value=2**63 - 1,
        help_text="The newest ruling that was read; 0: there was none.",
    )


class Points(serializers.Serializer[object]):
    """Points on a criterion."""

    criterion = Plain(max_length=40)
    points = serializers.IntegerField(min_value=LOWEST, max_value=HIGHEST)
    reason = Plain(max_length=4_000)


class Amount(serializers.IntegerField):
    """An amount in whole øre, from nothing up to more than any grant."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=0, max_value=LARGEST_ORE, **options)


class Proposal(Version):
    """A proposal of a decision: all, a part or nothing of what is applied for."""

    amount_ore = Amount()
    reason = Plain(max_length=10_000)


class Declared(serializers.Serializer[object]):
    """Whether one stands too near to somebody who applies."""

    has_interest = serializers.BooleanField()
    reason = Plain(max_length=2_000, default="", allow_blank=True)
