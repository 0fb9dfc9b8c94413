"""What an applicant is asked: questions gathered in themes, one theme to a page. An answer may be a fact that rules try."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from grants.law.text import Text


class Answer(Enum):
    """What kind of answer a question takes."""

    LINE = "line"
    TEXT = "text"
    NUMBER = "number"
    KRONER = "kroner"
    PERCENT = "percent"
    YES_NO = "yes or no"
    CHOICE = "choice"
    DATE = "date"


@dataclass(frozen=True)
class Choice:
    """One of the answers to choose among."""

    code: str
    text: Text


@dataclass(frozen=True)
class Question:
    """A question. Its code is the name of the fact that rules see; `parts` are the sub-schemes it is asked in (empty: all)."""

    code: str
    text: Text
    answer: Answer = Answer.TEXT
    help: Text | None = None
    required: bool = True
    choices: tuple[Choice, ...] = ()
    parts: tuple[str, ...] = ()
    most_characters: int = 4_000


class Contents(Enum):
    """What a theme's page holds."""

    QUESTIONS = "questions"
    BUDGET = "budget"
    ATTACHMENTS = "attachments"


@dataclass(frozen=True)
class Theme:
    """One page of an application."""

    code: str
    title: Text
    questions: tuple[Question, ...] = ()
    contents: Contents = Contents.QUESTIONS

    def asked_in(self, part: str) -> tuple[Question, ...]:
        """The questions that are asked in a sub-scheme."""
        return tuple(question for question in self.questions if not question.parts or part in question.parts)


def themes_for(themes: Iterable[Theme], part: str) -> tuple[Theme, ...]:
    """The pages of an application in a sub-scheme: those with something on them."""
    return tuple(theme for theme in themes if theme.contents is not Contents.QUESTIONS or theme.asked_in(part))
