"""A draft of the reason for a decision, in the applicant's form of Norwegian: only what stands in the case, nothing more."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from grants.shared.money import kr


class Words(NamedTuple):
    """The sentences of a reason."""

    met: str
    unmet: str
    total: str
    criterion: str
    grant: str
    part: str
    refuse: str
    cut: str


NB = Words(
    met="Søknaden oppfyller vilkårene for tilskudd.",
    unmet="Søknaden oppfyller ikke dette vilkåret: {sentence} ({citation})",
    total="I den faglige vurderingen fikk søknaden {total} av 6 poeng.",
    criterion="{criterion} ({points} poeng): {reason}",
    grant="Vi innvilger hele beløpet dere søkte om, {amount} kroner.",
    part="Dere søkte om {applied} kroner. Vi innvilger {amount} kroner.",
    refuse="Vi avslår søknaden.",
    cut="Rammen for utlysningen er {envelope} kroner. Søknadene som får tilskudd, fikk {lowest} poeng eller mer.",
)
NN = Words(
    met="Søknaden oppfyller vilkåra for tilskot.",
    unmet="Søknaden oppfyller ikkje dette vilkåret: {sentence} ({citation})",
    total="I den faglege vurderinga fekk søknaden {total} av 6 poeng.",
    criterion="{criterion} ({points} poeng): {reason}",
    grant="Vi innvilgar heile beløpet de søkte om, {amount} kroner.",
    part="De søkte om {applied} kroner. Vi innvilgar {amount} kroner.",
    refuse="Vi avslår søknaden.",
    cut="Ramma for utlysinga er {envelope} kroner. Søknadene som får tilskot, fekk {lowest} poeng eller meir.",
)


class Cut(NamedTuple):
    """Where the envelope ended: the lowest score that got money."""

    envelope_ore: int
    lowest: Decimal


def draft_reason(
    grounds: dict[str, Any],
    criteria: Sequence[dict[str, Any]],
    *,
    amount_ore: int,
    applied_ore: int,
    language: str,
    cut: Cut | None = None,
) -> str:
    """Conditions, assessment, amount: one paragraph each, from the grounds of the case. `cut` only where it holds."""
    words = NN if language == "nn" else NB
    paragraphs = [
        _conditions(grounds, words),
        _assessment(grounds, criteria, words, "nn" if language == "nn" else "nb"),
        _amount(grounds, words, amount_ore, applied_ore, cut),
    ]
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def _conditions(grounds: dict[str, Any], words: Words) -> str:
    findings = grounds["findings"]
    unmet = [finding for finding in findings if finding["met"] is False]
    if unmet:
        return "\n".join(
            words.unmet.format(sentence=finding["sentence"], citation=finding["citation"]) + _ruled(finding)
            for finding in unmet
        )
    if not findings or any(finding["met"] is None for finding in findings):
        return ""
    return words.met + "".join(map(_ruled, findings))


def _ruled(finding: dict[str, Any]) -> str:
    """What a caseworker wrote when settling the condition."""
    return f" {finding['rulings'][-1]['reason']}" if finding["rulings"] else ""


def _assessment(grounds: dict[str, Any], criteria: Sequence[dict[str, Any]], words: Words, language: str) -> str:
    lines = [words.total.format(total=_points(grounds["total"]))] if grounds["total"] else []
    for criterion in criteria:
        lines += [
            words.criterion.format(
                criterion=criterion["text"][language], points=given["points"], reason=given["reason"]
            )
            for given in grounds["scores"]
            if given["criterion"] == criterion["code"]
        ]
    return "\n".join(lines)


def _amount(grounds: dict[str, Any], words: Words, amount_ore: int, applied_ore: int, cut: Cut | None) -> str:
    if amount_ore:
        text = words.grant if amount_ore == applied_ore else words.part
        return text.format(amount=kr(amount_ore), applied=kr(applied_ore))
    is_below = cut is not None and grounds["total"] is not None and Decimal(grounds["total"]) < cut.lowest
    if cut is None or not is_below or any(finding["met"] is False for finding in grounds["findings"]):
        return words.refuse
    return f"{words.cut.format(envelope=kr(cut.envelope_ore), lowest=_points(f'{cut.lowest:.2f}'))} {words.refuse}"


def _points(total: str) -> str:
    return total.replace(".", ",")
