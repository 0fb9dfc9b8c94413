"""In which form an answer comes: always the same, so that no header and no query can ask for another."""

from typing import Any

from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request


class AlwaysJson(BaseContentNegotiation):
    """There is one form of answer, whatever the caller says it accepts."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        """The parser of the content's own type."""
        wanted = (request.content_type or "").split(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == wanted), None)

    def select_renderer(self, request: Request, renderers: Any, format_suffix: Any = None) -> tuple[BaseRenderer, str]:
        """The first, which is the only one."""
        return renderers[0], renderers[0].media_type
