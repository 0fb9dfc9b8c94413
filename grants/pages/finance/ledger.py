"""The ledger: every line that touches an account, with the balance after it, page by page from the newest."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from grants.ledger import lines
from grants.models import Account
from grants.pages.finance.asking import text_asked, year_asked

LINES_ON_A_PAGE = 50


def chosen_in(request: HttpRequest) -> lines.Chosen:
    """What the address asks for; nonsense is not asked for. The account that has the payments is the usual one."""
    account = text_asked(request, "account", 13)
    chapter, _slash, post = text_asked(request, "post", 7).partition("/")
    return lines.Chosen(
        account=Account(account) if account in Account.values else Account.PAID,
        year=year_asked(request),
        chapter=chapter[:4],
        post=post[:2],
        scheme=text_asked(request, "scheme", 40),
        recipient=text_asked(request, "recipient", 100),
        kind=text_asked(request, "kind", 30),
    )


@require_safe
def ledger(request: HttpRequest) -> HttpResponse:
    """The lines, the balance of every account, and the sum of them all."""
    chosen = chosen_in(request)
    overview = lines.overview(chosen)
    query = request.GET.copy()
    for name in ("before", "after"):
        query.pop(name, None)
    others = query.copy()
    others.pop("account", None)
    found = {
        "others": others.urlencode(),
        "chosen": chosen,
        "page": lines.page(
            chosen,
            before=_place(request, "before"),
            after=_place(request, "after"),
            size=LINES_ON_A_PAGE,
            balance_ore=overview.balances[chosen.account],
        ),
        "balances": [(account.value, ore) for account, ore in overview.balances.items()],
        "adds_up": overview.adds_up,
        "years": lines.years(),
        "posts": overview.posts,
        "schemes": overview.schemes,
        "kinds": overview.kinds,
        "accounts": [account.value for account in Account],
        "post": f"{chosen.chapter}/{chosen.post}" if chosen.post else chosen.chapter,
        "query": query.urlencode(),
        "is_narrowed": bool(query),
    }
    return render(request, "finance/ledger.html", found)


def _place(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
