"""A card is the whole law of its service: what is edited in a copy is what is decided, and no quarter is left out."""

import hashlib
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
from given import HOURS
from test_services import SERVICES, ask, complete

from registry.services import fees, terms
from registry.services.application import Application, read
from registry.services.catalogue import Card, Catalogue, NoCard, card, priced_by, read_cards
from registry.services.decision import card_for, decide, dues
from registry.services.headers import CARDS_FOLDER

QUARTERS = [date(year, month, 1) for year in range(2016, 2031) for month in (1, 4, 7, 10)]
RATE = 'reference = "003 c2 r11.2"\nper_mille = 15\n'


class Copy:
    """A copy of the cards, one of which is edited."""

    def __init__(self, folder: Path):
        self.folder = folder
        shutil.copytree(CARDS_FOLDER, folder)

    def edited(self, name: str, old: str, new: str) -> Catalogue:
        path = self.folder / name
        said = path.read_text("utf-8")
        assert said.count(old) == 1
        path.write_text(said.replace(old, new), "utf-8")
        return read_cards(self.folder)


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return Copy(tmp_path / "cards")


def fee(law: Catalogue, on: str, service: str = "deregister_residence") -> int:
    """What the decision by the catalogue's card of the day says is due."""
    asked = ask(service, received=f"{on}T09:00")
    return decide(asked, law.card(service, date.fromisoformat(on))).fee.kopiykas


class TestToChangeTheLaw:
    def test_an_edited_rate_is_what_the_decision_says(self, copy: Copy) -> None:
        law = copy.edited("card_2.toml", RATE, RATE.replace("15", "50"))
        assert (fee(law, "2025-03-13"), fee(read_cards(CARDS_FOLDER), "2025-03-13")) == (15140, 4542)

    def test_a_block_that_ends_and_the_next_one_change_it_from_their_day(self, copy: Copy) -> None:
        later = (
            '\n[[fees]]\nid = "flat"\nuk = "50 гривень"\nreference = "005 c2 r11"\nfrom = 2025-07-01\nkopiykas = 5000\n'
        )
        law = copy.edited("card_2.toml", RATE, f"{RATE}until = 2025-07-01\n{later}")
        assert [fee(law, on) for on in ("2025-06-30", "2025-07-01")] == [4542, 5000]
        due = decide(
            ask("deregister_residence", received="2025-07-01T09:00"), law.card("deregister_residence", date(2025, 7, 1))
        )
        assert (due.fee.rule, due.fee.reference) == ("50 гривень", "картка 2, рядок 11")

    def test_a_block_that_ends_without_a_next_one_is_missed(self, copy: Copy) -> None:
        law = copy.edited("card_2.toml", RATE, f"{RATE}until = 2025-07-01\n")
        with pytest.raises(fees.NoPublishedAmount):
            fee(law, "2025-07-01")

    def test_an_exemption_is_a_condition_or_a_ground(self, copy: Copy) -> None:
        free = '\n[[fees]]\nid = "free"\nuk = "безоплатно"\nreference = "005 c2 r11"\nkopiykas = 0\nwhen = ["orphan"]\n'
        by = copy.edited("card_2.toml", RATE, RATE + free).card("deregister_residence", date(2025, 3, 13))
        due = [dues(ask("deregister_residence", subject={"orphan": orphan}), by=by).fee for orphan in (True, False)]
        assert [(one.kopiykas, one.rule[:10]) for one in due] == [(0, "безоплатно"), (4542, "За зняття ")]

    def test_a_dearer_condition_too_is_counted_for_each_person(self, copy: Copy) -> None:
        dear = '\n[[fees]]\nid = "dear"\nuk = "дорожче"\nreference = "005 c2 r11"\nkopiykas = 700\nwhen = ["orphan"]\n'
        by = copy.edited("card_2.toml", RATE, RATE + dear).card("deregister_residence", date(2025, 3, 13))
        due = dues(ask("deregister_residence", subject={"orphan": True}, persons=3), by=by)
        assert (due.fee.kopiykas, due.fee.reference) == (2100, "картка 2, рядок 11; картка 2, рядок 9")

    def test_an_edited_term_and_an_edited_lateness_too(self, copy: Copy) -> None:
        copy.edited("card_8.toml", "before_opening = true", "before_opening = true\nlast_minutes = 60")
        law = copy.edited(
            "card_8.toml", 'days = 30\nafter = ["deregistered_on"]', 'days = 10\nafter = ["deregistered_on"]'
        )
        asked = ask("declare_residence", received="2025-03-13T15:00", subject={"deregistered_on": "2025-03-01"})
        edited = law.card("declare_residence", date(2025, 3, 13))
        before, after = dues(asked), dues(asked, by=edited)
        assert (before.late, due_by(asked, card_for(asked)), before.fee.kopiykas) == (False, 13, 4542)
        assert (after.late, due_by(asked, edited), after.fee.kopiykas) == (True, 14, 7570)

    def test_the_decision_says_by_which_text(self, copy: Copy) -> None:
        asked = complete(ask("deregister_residence"))
        text = (CARDS_FOLDER / "card_2.toml").read_bytes()
        assert decide(asked, card_for(asked)).card_sha256 == hashlib.sha256(text).hexdigest()
        edited = copy.edited("card_2.toml", RATE, f"# Edited.\n{RATE}").card("deregister_residence", date(2025, 3, 13))
        assert decide(asked, edited).card_sha256 == edited.sha256 != card_for(asked).sha256


class TestWhatACardMayNotSay:
    @pytest.mark.parametrize(
        ("old", "new", "told"),
        [
            ('settles = "stay"', 'settles = "forever"', "has to settle"),
            ('settles = "stay"', 'settles = "stay"\nremoves = true', "has to settle"),
            ('settles = "stay"', "", "has to settle"),
            ('settles = "stay"', 'settles = "registered"', "another card does not"),
            ("[[results]]", "[[outcomes]]", "no section outcomes"),
            (
                "[[results]]",
                '[[lateness]]\nid = "x"\nuk = "x"\nreference = "x"\nafter = ["born"]\ndays = 1\n[[results]]',
                "days or",
            ),
            (
                "[[results]]",
                '[[fees]]\nid = "x"\nuk = "x"\nreference = "x"\nwhen = ["rich"]\n[[results]]',
                "no predicate rich",
            ),
        ],
    )
    def test_stops_the_program_and_says_where(self, copy: Copy, old: str, new: str, told: str) -> None:
        with pytest.raises(LookupError, match=told):
            copy.edited("card_5.toml", old, new)


class TestEveryQuarter:
    @pytest.mark.parametrize("service", SERVICES)
    def test_has_a_card_a_fee_and_a_term_or_says_loudly_that_it_has_not(self, service: str) -> None:
        first = min(since for since, until in days_of(service))
        for on in QUARTERS:
            if on < first:
                with pytest.raises(NoCard):
                    card(service, on)
                continue
            found = card(service, on)
            assert found.fees and found.terms and found.rules["grounds"] and found.rules["applicants"]
            for late in (False, True):
                assert says_an_amount(service, on, late=late) == (amount_is_due(service, on)), (service, on)
            asked = read({"service": service, "received": f"{on}T10:00", "subject": {"born": "1990-03-15"}})
            assert terms.due_by(service, asked.received, "office") == on
            assert terms.entry_by(priced_by(service, on).terms, asked.received, "office") == on

    @pytest.mark.parametrize("service", SERVICES)
    def test_since_2017_something_says_what_it_cost_also_before_it_had_a_card(self, service: str) -> None:
        for on in QUARTERS:
            if date(2017, 1, 1) <= on < date(2027, 1, 1):
                assert priced_by(service, on).fees and says_an_amount(service, on, late=False)

    def test_no_card_says_anything_before_the_first(self) -> None:
        with pytest.raises(NoCard):
            priced_by("register_residence", date(2016, 4, 4) - timedelta(days=1))


def due_by(asked: Application, by: Card) -> int:
    return terms.entry_by(by.terms, asked.received, asked.channel, HOURS).day


def days_of(service: str) -> list[tuple[date, date]]:
    return [(one.since, one.until) for one in read_cards(CARDS_FOLDER).every if service in one.services]


def says_an_amount(service: str, on: date, *, late: bool) -> bool:
    try:
        return bool(fees.amount(service, on, late=late).rule)
    except fees.NoPublishedAmount:
        return False


def amount_is_due(service: str, on: date) -> bool:
    """Whether an amount is published: a part of a minimum for the years that have one, anything else since 2017."""
    of_a_minimum = any(rule.per_mille for rule in card(service, on).fees)
    return on.year in fees.MINIMUMS if of_a_minimum else on >= date(2017, 1, 1)
