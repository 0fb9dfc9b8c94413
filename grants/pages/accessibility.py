"""The accessibility statement, which the law demands of public bodies (forskrift om universell utforming av IKT)."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """What is met, what is not, and how to complain."""
    return render(request, "public/accessibility.html")
