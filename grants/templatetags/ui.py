"""The words of our pages: icon, tag, status, amounts, panel and alert, thin over Designsystemet. A builtin of all templates."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from grants.law import municipalities
from grants.law.registry import SCHEMES
from grants.law.scheme import Text
from grants.models import Discrepancy, EntitlementRun
from grants.pages.words import ANSWERS, CODES, EVENTS, HOW, MOVES, RATES, RUN_STATES, WRONG
from grants.shared import shown
from grants.shared.money import NO_BREAK_SPACE

register = template.Library()
ORE_PER_MILLION = 100_000_000
NOTHING = "–"


@register.simple_tag
def icon(name: str, title: str = "") -> SafeString:
    """An Aksel icon. Without a title it is decoration and hidden from screen readers."""
    said = format_html('role="img" aria-label="{}"', title) if title else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="ds-icon" {} focusable="false" viewBox="0 0 24 24"><use href="{}#{}"></use></svg>',
        said, static("icons/aksel.svg"), name,
    )  # fmt: skip


@register.simple_tag
def tag(text: str, color: str = "neutral", symbol: str = "") -> SafeString:
    """A small label with a word, a colour and perhaps an icon."""
    drawn = format_html("{}&nbsp;", icon(symbol)) if symbol else ""
    return format_html('<span class="ds-tag" data-color="{}" data-size="sm">{}{}</span>', color, drawn, text)


@register.simple_tag
def run_state(run: EntitlementRun) -> SafeString:
    """Where a run stands, as a tag."""
    text, color, symbol = RUN_STATES[EntitlementRun.State(run.state)]
    return tag(str(text), color, symbol)


@register.simple_tag
def move_state(state: str) -> SafeString:
    """How far something that a recipient gets has come, as a tag."""
    text, color, symbol = MOVES[state]
    return tag(str(text), color, symbol)


@register.simple_tag
def answer_state(end: str | None) -> SafeString:
    """What came of a discrepancy, as a tag; nothing yet, it waits."""
    text, color, symbol = ANSWERS[end or ""]
    return tag(str(text), color, symbol)


@register.filter
def wrong(what: str) -> str:
    """What a recipient holds to be wrong, in words."""
    return str(WRONG[Discrepancy.What(what)])


@register.filter
def happened(kind: str) -> str:
    """What somebody did to a discrepancy, after their name."""
    return str(EVENTS[kind])


@register.simple_tag
def fact_link(fact: Any) -> SafeString:
    """A thing that was decided, as a link to where more stands (`grants.payments.grounds.Fact`)."""
    return format_html('<a class="ds-link" href="{}">{}</a>', reverse(fact.url_name, kwargs=fact.kwargs), fact.said)


@register.filter
def how(basis: Any) -> str:
    """How an amount follows from its rate, in words (`grants.entitlements.why.Basis`)."""
    return str(HOW[basis.ground.how]) % {"parts": basis.ground.parts}


@register.filter
def kr(amount_ore: int | None) -> str:
    """Øre as «1 234 567 kr»."""
    return NOTHING if amount_ore is None else shown.amount(amount_ore)


@register.filter
def kr_if_any(amount_ore: int) -> str:
    """Øre as kroner; zero is a dash, so that what is there stands out."""
    return kr(amount_ore) if amount_ore else NOTHING


@register.filter
def signed_kr(amount_ore: int) -> str:
    """A change: a plus or a minus in front; no change is a dash."""
    if not amount_ore:
        return NOTHING
    return f"+{kr(amount_ore)}" if amount_ore > 0 else kr(amount_ore)


@register.filter
def mill(amount_ore: int | None) -> str:
    """Øre as millions with one decimal, rounded half up: «12 100,6»."""
    if not amount_ore:
        return NOTHING if amount_ore is None else "0"
    tenths = (abs(amount_ore) * 10 + ORE_PER_MILLION // 2) // ORE_PER_MILLION
    whole = shown.count(tenths // 10)
    sign = "\N{MINUS SIGN}" if amount_ore < 0 and tenths else ""
    return f"{sign}{whole}{shown.point()}{tenths % 10}"


@register.filter
def number(count: int | None) -> str:
    """A count as people read it: «45 495»."""
    return NOTHING if count is None else shown.count(count)


@register.filter
def count_if_any(count: int) -> str:
    """A count; none is a dash, so that what is there stands out."""
    return number(count) if count else NOTHING


@register.filter
def percent_of(part: int, whole: int) -> str:
    """A share in whole per cent; nothing of nothing is a dash."""
    return f"{(200 * part + whole) // (2 * whole)}{NO_BREAK_SPACE}%" if whole else NOTHING


@register.filter
def day(value: Any) -> str:
    """«15. mars 2017», in Norway."""
    return shown.day(value) if value else NOTHING


@register.filter
def moment(value: Any) -> str:
    """«15. mars 2017 kl. 09.12», in Norway."""
    return shown.moment(value) if value else NOTHING


@register.filter
def time_of_day(value: datetime) -> str:
    """«kl. 09.12», in Norway."""
    return shown.clock(value)


@register.filter
def second_of_day(value: datetime) -> str:
    """«kl. 09.12.31», in Norway."""
    return shown.clock(value, seconds=True)


@register.filter
def deadline(value: datetime) -> str:
    """The first moment that is too late, as people say it: midnight is «kl. 24.00» of the day before."""
    return shown.deadline(value)


@register.filter
def deadline_day(value: datetime) -> str:
    """The last day that is in time."""
    return shown.day(shown.last_moment(value)[0])


@register.filter
def deadline_clock(value: datetime) -> str:
    """The time of that day when it is too late: «kl. 24.00», “at 24:00”."""
    return shown.last_moment(value)[1]


@register.filter
def municipality_name(municipality_number: str) -> str:
    """The municipality behind its number."""
    return municipalities.name(municipality_number)


@register.filter
def scheme_name(code: str) -> str:
    """The scheme's name in the reader's language, or its code where it is not one of the 18."""
    return in_language(SCHEMES[code].name) if code in SCHEMES else code


@register.filter
def code_name(code: str) -> str:
    """What a line code stands for."""
    return str(CODES.get(code, code))


@register.filter
def rate_name(name: str) -> str:
    """A rate in words; a run writes the year after it: «År 2, 2017»."""
    plain, _space, year = name.partition(" ")
    text = str(RATES.get(plain, plain))
    return f"{text}, {year}" if year else text


@register.filter
def rate_value(value: Any, unit: str) -> str:
    """A number of the law as people read it: kroner, a share in per cent, or a count."""
    if unit == "ore":
        return kr(int(value))
    if unit == "share":
        return shown.percent(Decimal(value))
    return str(value)


@register.filter
def in_language(text: Text) -> str:
    """A text of the law in the reader's language."""
    return {"nn": text.nn, "en": text.en}.get(get_language() or "", text.nb)


@register.filter
def in_norwegian(text: Any, language: str = "nb") -> Any:
    """A text that only exists in Norwegian, whatever the reader has chosen: on an English page it says so to the browser."""
    if not text or not shown.in_english():
        return text
    return format_html('<span lang="{}">{}</span>', language or "nb", text)


@register.filter
def of_law(text: str) -> Any:
    """A sentence of the law. It stands in bokmål; on an English page in English where that is known."""
    said = gettext(text) if text else ""
    return in_norwegian(text) if said == text else said


@register.inclusion_tag("components/in_norwegian.html")
def in_norwegian_too(what: str = "case") -> dict[str, Any]:
    """On an English page: what on it is in Norwegian, and why. `what` is `case`, `call` or `law`."""
    return {"what": what, "in_english": shown.in_english()}


@register.simple_block_tag(end_name="endpanel")
def panel(content: str, title: str, id: str, meta: str = "") -> str:
    """A white surface with a heading; `id` ties the heading to its section."""
    return render_to_string("components/panel.html", {"content": content, "title": title, "id": id, "meta": meta})


@register.simple_block_tag(end_name="endalert")
def alert(content: str, color: str = "info", heading: str = "") -> str:
    """A message that people must see."""
    return render_to_string("components/alert.html", {"content": content, "color": color, "heading": heading})


@register.inclusion_tag("components/bar.html")
def bar(parts: Iterable[tuple[str, int]], whole: int) -> dict[str, Any]:
    """Stacked parts of a whole as one bar. The numbers stand beside it in the table, so it is hidden from readers."""
    drawn, at = [], 0
    for name, amount in parts:
        permille = max(0, min(1000 - at, 1000 * amount // whole)) if whole > 0 else 0
        if permille:
            drawn.append({"name": name, "x": f"{at // 10}.{at % 10}%", "width": f"{permille // 10}.{permille % 10}%"})
        at += permille
    return {"parts": drawn}


@register.inclusion_tag("components/bar.html")
def forecast_bar(name: str, amount: int, whole: int) -> dict[str, Any]:
    """One amount beside the largest, as a bar of one part."""
    return bar([(name, amount)], whole)


@register.simple_tag
def bar_key(name: str) -> SafeString:
    """The colour of a part of a bar, beside the word for it."""
    return format_html(
        '<svg class="app-key" aria-hidden="true" focusable="false">'
        '<rect class="app-bar__{}" width="100%" height="100%"/></svg>',
        name,
    )


@register.inclusion_tag("components/form_field.html")
def form_field(field: BoundField) -> dict[str, Any]:
    """One field of a Django form: label, help, what is wrong, and the control."""
    return {"field": field}


@register.inclusion_tag("components/form_errors.html")
def form_errors(form: BaseForm) -> dict[str, Any]:
    """What must be put right in a form, first on the page."""
    return {"form": form}


@register.inclusion_tag("components/pages.html", takes_context=True)
def pages(context: dict[str, Any], page: Any, region: str = "") -> dict[str, Any]:
    """Previous and next of a paginated list; keeps the other choices in the address."""
    query = context["request"].GET.copy()
    query.pop("page", None)
    return {"page": page, "query": query.urlencode(), "region": region}
