"""The hidden field by which what is posted after a session has ended can be kept for whoever wrote it."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from applications.pages.applicant.kept import FIELD, seal

register = template.Library()


@register.simple_tag(takes_context=True)
def kept_for(context: dict[str, Any], address: str) -> SafeString:
    """The field, for the person who is signed in and a form that is posted to this address."""
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, seal(context["user"], address))
