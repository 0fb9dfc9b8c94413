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
    # The numbers that will do, both included, where the law or the calendar sets them.
    between: tuple[int, int] | None = None


@dataclass(frozen=True)
class Document:
    """A document that an applicant attaches. `most` is how many files it may be; `parts` as for a question.

    The citation says where it is asked for, with its certainty as for a rate. Empty: nobody asks for it.
    """

    code: str
    text: Text
    help: Text | None = None
    required: bool = False
    most: int = 1
    citation: str = ""
    certainty: str = ""
    parts: tuple[str, ...] = ()


class Contents(Enum):
    """What a theme's page holds."""

    QUESTIONS = "questions"
    BUDGET = "budget"
    ATTACHMENTS = "attachments"


@dataclass(frozen=True)
class Theme:
    """One page of an application. What is answered on one that is `apart` tells of a person's health: it is stored apart."""

    code: str
    title: Text
    questions: tuple[Question, ...] = ()
    contents: Contents = Contents.QUESTIONS
    documents: tuple[Document, ...] = ()
    apart: bool = False

    def asked_in(self, part: str) -> tuple[Question, ...]:
        """The questions that are asked in a sub-scheme."""
        return tuple(question for question in self.questions if not question.parts or part in question.parts)

    def documents_in(self, part: str) -> tuple[Document, ...]:
        """The documents that may be attached in a sub-scheme."""
        return tuple(document for document in self.documents if not document.parts or part in document.parts)


def themes_for(themes: Iterable[Theme], part: str) -> tuple[Theme, ...]:
    """The pages of an application in a sub-scheme: those with something on them."""
    return tuple(theme for theme in themes if theme.contents is not Contents.QUESTIONS or theme.asked_in(part))
