"""The casework queue: counters, filters, search, order and paging, all in the address, and never somebody else's cases."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from applications.models import Application, Finding, State
from applications.search.queue import ROWS_ON_A_PAGE
from applications.services.assess import ask_applicant, declare, rule_on, take_case
from applications.services.withdraw import withdraw
from grants.models import Role, User
from tests.factories.cases import (
    caseworker,
    impartial,
    make_call,
    make_case,
    make_draft,
    make_many_cases,
    municipality,
)
from tests.factories.register import make_user

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def numbers(page: str) -> list[str]:
    """The case numbers of a page's rows, from the top."""
    return re.findall(r'<span class="nowrap">(\d{4}/\d+)</span>', page)


def counters(page: str) -> dict[str, str]:
    return dict(re.findall(r'data-counter="(\w+)">\s*<b>([^<]*)</b>', page))


def opened(client: Client, query: str = "", **headers: Any) -> str:
    answer = client.get(f"{reverse('cases')}?{query or 'state=open'}", **headers)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def world() -> dict[str, Application]:
    """A case of each kind, in one call."""
    call = make_call()
    sara = impartial(caseworker(), call)
    new = make_case(call=call, organisation=municipality("0101"))
    mine = make_case(State.IN_PROGRESS, call=call, organisation=municipality("0104"))
    waiting = make_case(State.IN_PROGRESS, call=call, organisation=municipality("0105"))
    ask_applicant(waiting, "Hvor mange deltar?", by=sara)
    to_decide = make_case(State.PROPOSED, call=call, organisation=municipality("0106"))
    granted = make_case(State.GRANTED, call=call, organisation=municipality("0111"))
    withdrawn = make_case(call=call, organisation=municipality("0118"))
    withdraw(withdrawn, by=withdrawn.created_by)
    never_sent = make_draft(call, municipality("0119"))
    withdraw(never_sent, by=never_sent.created_by)
    found = {"new": new, "mine": mine, "waiting": waiting, "to_decide": to_decide, "granted": granted}
    found |= {"withdrawn": withdrawn, "never_sent": never_sent, "draft": make_draft(call, municipality("0121"))}
    for case in found.values():
        case.refresh_from_db()
    return found


def refs(world: dict[str, Application], *names: str) -> set[str]:
    return {world[name].reference for name in names}


# --- What is shown ----------------------------------------------------------------------------------------------------


def test_the_queue_shows_what_is_in_hand_by_deadline(world: dict[str, Application]):
    today = timezone.localdate()
    for days, name in ((3, "new"), (-2, "mine"), (40, "waiting"), (8, "to_decide")):
        Application.objects.filter(pk=world[name].pk).update(due_on=today + timedelta(days=days))

    page = opened(signed_in(caseworker()))

    assert numbers(page) == [world[name].reference for name in ("mine", "new", "to_decide", "waiting")]
    assert page.count("Over fristen") == 1
    assert "3 dager igjen" in page
    assert "500\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}kr" in page
    assert counters(page) == {"new": "1", "mine": "3", "waiting": "1", "due": "2", "to_decide": "1"}


def test_drafts_and_what_was_never_sent_in_are_nobodys_cases(world: dict[str, Application]):
    page = opened(signed_in(caseworker()), "state=all")

    assert set(numbers(page)) == refs(world, "new", "mine", "waiting", "to_decide", "granted", "withdrawn")
    assert len(numbers(page)) == 6


def test_an_answer_is_due_a_month_after_it_came_in_until_it_is_given(world: dict[str, Application]):
    assert world["new"].due_on is not None
    assert timedelta(days=28) <= world["new"].due_on - timezone.localdate() <= timedelta(days=31)
    assert world["granted"].due_on is None
    assert world["withdrawn"].due_on is None


CHOSEN = (
    ("state=submitted", {"new"}),
    ("state=awaiting_applicant", {"waiting"}),
    ("state=proposed", {"to_decide"}),
    ("state=closed", {"granted", "withdrawn"}),
    ("state=draft", {"new", "mine", "waiting", "to_decide"}),  # no choice, so it is left out
    ("handler=me", {"mine", "waiting", "to_decide"}),
    ("handler=nobody", {"new"}),
    ("handler=me&state=all", {"mine", "waiting", "to_decide", "granted"}),
    ("handler=someone", {"new", "mine", "waiting", "to_decide"}),
    ("call=kum", {"new", "mine", "waiting", "to_decide"}),
    ("call=attitudes", set()),
    ("call=00000000-0000-0000-0000-000000000000", set()),
    ("deadline=passed", set()),
    ("at_least=500 000", {"new", "mine", "waiting", "to_decide"}),
    ("at_least=500001", set()),
    ("at_most=499999", set()),
    ("search=moss", {"mine"}),
    ("search=moss&state=closed", set()),
    ("search=fredrikstad kommune&handler=me", {"to_decide"}),
    ("sort=largest", {"new", "mine", "waiting", "to_decide"}),
    (
        "sort=newest&state=all&call=kum&search=kommune",
        {"new", "mine", "waiting", "to_decide", "granted", "withdrawn"},
    ),
)


def test_filters_and_search_choose(world: dict[str, Application]):
    client = signed_in(caseworker())
    for query, names in CHOSEN:
        assert set(numbers(opened(client, query))) == refs(world, *names), query


def test_each_counter_leads_to_the_cases_it_counts(world: dict[str, Application]):
    client = signed_in(caseworker())
    page = opened(client)
    addresses = re.findall(r'class="app-counter" href="\?([^"]*)"', page)

    assert len(addresses) == 5
    for address, (name, count) in zip(addresses, counters(page).items(), strict=True):
        shown = opened(client, address.replace("&amp;", "&"))
        assert str(len(numbers(shown))) == count, name
        assert f'id="list" class="app-waits" data-counter="{name}"' in shown


def test_an_amount_that_is_none_is_said_and_the_rest_is_shown(world: dict[str, Application]):
    page = opened(signed_in(caseworker()), "at_least=mye")

    assert "Skriv beløpet i hele kroner" in page
    assert len(numbers(page)) == 4


def test_nothing_found_leads_back_to_everything():
    page = opened(signed_in(caseworker()), "search=finnesikke")

    assert "Ingen saker passer" in page
    assert 'href="?state=open"' in page


HOSTILE = ("%00", "%27%20OR%201=1--", "<script>alert(1)</script>", "%F0%9F%92%A9", "a" * 5000, "9" * 5000, "%25_\\")
NAMES = ("search", "call", "state", "handler", "deadline", "sort", "after", "before", "at_least", "at_most")
NO_PLACES = (
    "2017-01-01",
    "2017-01-01~x",
    "x~" + "0" * 32,
    "~",
    "9" * 30 + "~" + "0" * 32,
    "2017-01-01T00:00~" + "0" * 32,
)


def test_nonsense_in_the_address_is_no_fault_of_ours():
    client = signed_in(caseworker())
    for name in NAMES:
        for hostile in HOSTILE:
            assert "<script>alert" not in opened(client, f"{name}={hostile}")


def test_a_place_that_makes_no_sense_is_the_first_page():
    make_many_cases(3)
    client = signed_in(caseworker())
    for sort in ("newest", "largest", "newest&state=all"):
        for place in NO_PLACES:
            for way in ("after", "before"):
                assert len(numbers(opened(client, f"sort={sort}&{way}={place}"))) == 3


# --- Deviations -------------------------------------------------------------------------------------------------------


def test_what_is_not_met_or_waits_for_a_human_is_marked(world: dict[str, Application]):
    client = signed_in(caseworker())
    case = world["mine"]
    submission = case.submissions.get()
    common = {"application": case, "submission": submission, "citation": "§ 1", "tried_at": timezone.now()}
    open_one = Finding.objects.create(rule="a", sentence="A", verdict="needs a human", **common)
    Finding.objects.create(rule="b", sentence="B", verdict="not met", **common)

    page = opened(client, "search=moss")
    assert "1 avvik" in page
    assert "1 må vurderes" in page

    rule_on(open_one, met=True, reason="Avklart.", by=caseworker())
    Finding.objects.create(rule="b", sentence="B", verdict="met", **common)  # tried anew
    page = opened(client, "search=moss")
    assert "avvik" not in page
    assert "må vurderes" not in page


# --- Paging -----------------------------------------------------------------------------------------------------------


def pages_through(client: Client, query: str) -> Iterator[list[str]]:
    """All pages from the first, by the link to the next; and back again, which gives the same."""
    address, there, back = query, [], []
    while True:
        page = opened(client, address)
        there.append(numbers(page))
        following = re.search(r'href="\?([^"]*)#cases-h" rel="next"', page)
        if following is None:
            break
        address = following[1].replace("&amp;", "&")
    while previous := re.search(r'href="\?([^"]*)#cases-h" rel="prev"', page):
        page = opened(client, previous[1].replace("&amp;", "&"))
        back.append(numbers(page))
    assert back[::-1] == there[:-1]
    yield from there


@pytest.mark.parametrize("sort", ["deadline", "newest", "largest"])
@pytest.mark.parametrize("ties", [True, False])
def test_pages_there_and_back_show_each_case_once(sort: str, ties: bool):
    cases = make_many_cases(2 * ROWS_ON_A_PAGE + 3, ties=ties)

    found = list(pages_through(signed_in(caseworker()), f"sort={sort}"))

    assert [len(page) for page in found] == [ROWS_ON_A_PAGE, ROWS_ON_A_PAGE, 3]
    assert {number for page in found for number in page} == {case.reference for case in cases}


def test_a_page_keeps_its_place_when_a_case_before_it_is_gone():
    make_many_cases(ROWS_ON_A_PAGE + 2)
    client = signed_in(caseworker())
    page = opened(client)
    following = re.search(r'href="\?([^"]*)#cases-h" rel="next"', page)
    assert following is not None
    first = Application.objects.in_hand().order_by("due_on", "id")[0]
    Application.objects.filter(pk=first.pk).update(state=State.WITHDRAWN, due_on=None)

    assert len(numbers(opened(client, following[1].replace("&amp;", "&")))) == 2


@pytest.mark.parametrize("query", ["state=open", "search=kommune", "handler=nobody&sort=largest", "state=all"])
def test_the_number_of_questions_does_not_grow_with_the_rows(query: str):
    client = signed_in(caseworker())
    make_many_cases(2)
    opened(client, query)

    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            opened(client, query)
        return len(asked)

    few = questions()
    make_many_cases(20)
    assert len(numbers(opened(client, query))) == 22
    assert questions() == few


# --- htmx and the address ---------------------------------------------------------------------------------------------


def test_htmx_gets_the_list_alone_and_the_address_of_what_is_chosen(world: dict[str, Application]):
    client = signed_in(caseworker())

    answer = client.get(f"{reverse('cases')}?search=moss&call=&state=&sort=deadline&at_least=&handler=", **HTMX)

    page = answer.content.decode()
    assert "<html" not in page
    assert "app-counter" not in page
    assert set(numbers(page)) == refs(world, "mine")
    assert answer.headers["HX-Push-Url"] == "/cases/?search=moss"


def test_going_back_in_the_browser_gets_the_whole_page(world: dict[str, Application]):
    page = opened(signed_in(caseworker()), "search=moss", **HTMX, HTTP_HX_HISTORY_RESTORE_REQUEST="true")

    assert "<html" in page


# --- Who sees what ----------------------------------------------------------------------------------------------------


def test_a_declared_interest_hides_the_cases_everywhere(world: dict[str, Application]):
    other = make_case(call=make_call(title_nb="En annen utlysning"), organisation=municipality("0122"))
    near = caseworker("nils")
    client = signed_in(near)
    before = opened(client, "state=all")
    assert len(numbers(before)) == 7

    declare(world["new"].call, by=near, has_interest=True, reason="Gift med rådmannen i Moss.")

    for query in ("state=all", "search=kommune&state=all", "call=kum&state=all", "sort=newest"):
        assert numbers(opened(client, query)) == [other.reference], query
    assert numbers(opened(client, f"call={world['new'].call_id}")) == []
    assert counters(opened(client)) == {"new": "1", "mine": "0", "waiting": "0", "due": "0", "to_decide": "0"}
    assert str(world["new"].call_id) not in opened(client)
    for name, query in (("search", "moss"), ("search", world["mine"].reference)):
        assert numbers(opened(client, f"{name}={query}&state=all")) == []
    # And it hides them from nobody else, also not from those who have said that they are impartial.
    assert len(numbers(opened(signed_in(caseworker()), "state=all"))) == 7


@pytest.mark.parametrize("role", [Role.DECISION_MAKER, Role.SCHEME_OWNER, Role.FINANCE, Role.AUDITOR])
def test_others_read_the_queue_and_change_nothing_in_it(role: Role, world: dict[str, Application]):
    client = signed_in(make_user("leser", role))

    page = opened(client, "state=all")

    assert len(numbers(page)) == 6
    assert "Ta saken" not in page
    assert "Fordel" not in page
    assert 'type="checkbox" name="case"' not in page
    for name, kwargs in (
        ("case_take", {"pk": world["new"].pk}),
        ("cases_assign", {}),
        ("case_give_back", {"pk": world["new"].pk}),
    ):
        assert client.post(reverse(name, kwargs=kwargs)).status_code == 403


def test_a_caseworker_sees_what_can_be_done(world: dict[str, Application]):
    page = opened(signed_in(caseworker()))

    assert page.count("Ta saken") == 1
    assert page.count('type="checkbox" name="case"') == 4
    assert "Fordel valgte til" in page


def test_the_queue_speaks_nynorsk_too(world: dict[str, Application]):
    client = signed_in(caseworker())
    client.cookies["django_language"] = "nn"

    assert "Kommunale utviklingsmidlar 2017" in opened(client)


def test_a_deadline_of_another_year_says_which():
    [case] = make_many_cases(1)
    Application.objects.update(due_on=date(2016, 3, 1))

    assert "1.\N{NO-BREAK SPACE}mar.\N{NO-BREAK SPACE}2016" in opened(
        signed_in(caseworker()), f"search={case.reference}"
    )


def test_a_queue_taken_by_a_colleague_shows_who(world: dict[str, Application]):
    case = world["new"]
    nils = impartial(caseworker("nils"), case.call)
    take_case(case, by=nils)

    assert "nils" in opened(signed_in(caseworker()), f"search={case.reference}")
