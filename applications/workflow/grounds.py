"""What a decision rests on: findings with their rulings, scores and weights, as they stand now."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from applications.models import Application, Call, Finding, Score
from grants.law.rule import Verdict
from grants.shared.money import fraction_of


def newest_findings(application: Application) -> list[Finding]:
    """The newest finding of each rule on the newest submission, in the order in which the rules stand in the scheme."""
    last = application.submissions.order_by("number").last()
    if last is None:
        return []
    found = last.findings.order_by("pk").prefetch_related("rulings")
    return list({finding.rule: finding for finding in found}.values())


def settled(finding: Finding) -> bool | None:
    """Is the rule met? The newest ruling counts, else the verdict; None while it waits for a human."""
    rulings = sorted(finding.rulings.all(), key=lambda ruling: ruling.pk)
    if rulings:
        return bool(rulings[-1].met)
    return {Verdict.MET.value: True, Verdict.NOT_MET.value: False}.get(finding.verdict)


def newest_scores(application: Application) -> list[Score]:
    """Each assessor's newest score on each criterion."""
    newest = {(score.by_id, score.criterion): score for score in application.scores.order_by("pk").select_related("by")}
    return list(newest.values())


def total(application: Application) -> Decimal | None:
    """The weighted mean of the case's newest scores; None while a criterion has no score."""
    return total_of(newest_scores(application), application.call.criteria())


def total_of(scores: Iterable[Score], criteria: Sequence[dict[str, Any]]) -> Decimal | None:
    """The weighted mean of the points from 0 to 6, with two decimals; None while a criterion has no score.

    Each criterion's points are the mean of its assessors'; weights are the call's.
    """
    points: dict[str, list[int]] = {}
    for score in scores:
        points.setdefault(score.criterion, []).append(score.points)
    if not criteria or any(criterion["code"] not in points for criterion in criteria):
        return None
    weighted = sum(
        Fraction(sum(points[criterion["code"]]) * criterion["weight"], len(points[criterion["code"]]))
        for criterion in criteria
    )
    mean = Fraction(weighted) / sum(criterion["weight"] for criterion in criteria)
    return Decimal(fraction_of(100, mean.numerator, mean.denominator)) / 100


def grounds_of(application: Application) -> dict[str, Any]:
    """All of it, as it is kept on the decision for ever."""
    submissions = application.submissions.count()
    return grounds_from(application.call, submissions, newest_findings(application), newest_scores(application))


def grounds_from(call: Call, submissions: int, findings: Iterable[Finding], scores: Sequence[Score]) -> dict[str, Any]:
    """The grounds of a case whose findings (with their rulings) and newest scores are at hand."""
    score = total_of(scores, call.criteria())
    return {
        "submission": submissions,
        "findings": [
            {
                "rule": finding.rule,
                "sentence": finding.sentence,
                "citation": finding.citation,
                "verdict": finding.verdict,
                "saw": finding.saw,
                "source": finding.source,
                "met": settled(finding),
                "rulings": [
                    {"met": ruling.met, "reason": ruling.reason, "by": str(ruling.by_id)}
                    for ruling in sorted(finding.rulings.all(), key=lambda ruling: ruling.pk)
                ],
            }
            for finding in findings
        ],
        "scores": [
            {"criterion": given.criterion, "points": given.points, "reason": given.reason, "by": str(given.by_id)}
            for given in scores
        ],
        "total": None if score is None else f"{score:.2f}",
        "numbers": call.numbers,
    }
