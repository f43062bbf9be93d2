"""Users, sessions, substitutes, keys, browsers: what they may, when it ends; and nothing leads back to a secret."""

import base64
import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import psycopg
import pytest
from eventsourcing.persistence import PersistenceError
from hashing import AS_SHIPPED
from hypothesis import given
from hypothesis import strategies as st

from registry.aggregates.values import Actor
from registry.opening import opened
from registry.roles import ROLES
from registry.staff import devices, events, keys, passwords, sessions, substitutes, users
from registry.staff.sessions import Terms
from registry.staff.users import StaffError
from registry.storage.database import migrate

ADMIN = Actor("osnova", "Вигадана Основа Іванівна")
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
OWN = "корова їсть зелене"
OTHER = "зелене їсть корову"
TERMS = Terms(lock=timedelta(minutes=10), idle=timedelta(hours=2), whole=timedelta(hours=12))
MOMENT = timedelta(microseconds=1)


@pytest.fixture
def staff(database_url):
    with opened(database_url, connections=2) as register:
        yield register.staff


def made(staff, login="olena", role="clerk", **said):
    """A user with a password of their own."""
    named = {"name": "Вигадана Олена Петрівна", "by": ADMIN, "now": NOW, "password": OWN}
    user, _ = users.add(staff, login=login, role=role, **{**named, **said})
    return user


def signed_in(staff, user, now=NOW, terms=TERMS, **said):
    return sessions.begin(staff, user, now=now, terms=terms, **said)


def of(staff, cookie, now=NOW, terms=TERMS):
    return sessions.of_cookie(staff, cookie, now=now, terms=terms)


def held(staff):
    """All that the tables of users, sessions and keys hold, as one text."""
    tables = ("users", "substitutes", "api_keys", "sessions", "devices", "staff_events")
    with staff.get_connection() as connection:
        rows = [connection.execute(f"SELECT * FROM {table}").fetchall() for table in tables]
    return "\n".join(
        value.hex() if isinstance(value, bytes) else str(value)
        for table in rows
        for row in table
        for value in row.values()
    )


def what(staff, **asked):
    return [(one.what, one.whom) for one in events.listed(staff, **asked)]


class TestUsers:
    def test_a_new_one_has_a_password_to_be_changed(self, staff):
        user, password = users.add(staff, login="olena", name="Вигадана О. П.", role="clerk", by=ADMIN, now=NOW)
        assert user.must_change and user.actor == Actor("olena", "Вигадана О. П.") and not user.has_pin
        assert users.with_password(staff, "olena", password) == user
        users.set_password(staff, user.id, OWN, now=NOW)
        assert users.with_password(staff, "olena", password) is None
        assert not users.with_password(staff, "olena", OWN).must_change

    def test_a_login_may_be_typed_with_blanks_and_capitals_when_signing_in(self, staff):
        assert users.with_password(staff, " Olena ", OWN) is None
        user = made(staff)
        assert users.with_password(staff, " Olena ", OWN) == user

    def test_a_password_is_one_however_its_letters_are_put_together(self, staff):
        user = made(staff, password="чай їсть ґава")
        assert users.with_password(staff, "olena", "чай їсть ґава") == user

    @pytest.mark.parametrize(
        "login", ["", "ol", "Olena", "олена", "o lena", "-olena", "o" * 41, "olena\n", "ole\0na", "olena@x", "оlena"]
    )
    def test_what_is_no_login(self, staff, login):
        with pytest.raises(StaffError) as refused:
            made(staff, login=login)
        assert refused.value.field == "login" and (len(login) < 5 or login not in str(refused.value))
        assert users.is_without_users(staff) and users.of_login(staff, login) is None
        assert users.with_password(staff, login, OWN) is None

    @pytest.mark.parametrize(
        ("said", "field"),
        [
            ({"role": "chief"}, "role"),
            ({"name": " "}, "name"),
            ({"name": "немає"}, "name"),
            ({"name": "12345"}, "name"),
            ({"name": "Ви?адана"}, "name"),
            ({"office": "inshyi", "offices": ("tsentralnyi",)}, "office"),
            ({"os_account": "a\0b"}, "os_account"),
            ({"password": "закоротко"}, "password"),
        ],
    )
    def test_what_else_is_refused(self, staff, said, field):
        with pytest.raises(StaffError) as refused:
            made(staff, **said)
        assert refused.value.field == field and users.is_without_users(staff) and not what(staff)

    def test_an_office_is_one_of_the_communitys_if_it_has_any(self, staff):
        assert made(staff, office="tsentralnyi", offices=("tsentralnyi",)).office == "tsentralnyi"
        assert made(staff, login="ivan", office="bud-yakyi").office == "bud-yakyi"
        assert made(staff, login="petro", office="", offices=("tsentralnyi",)).office is None

    @pytest.mark.parametrize("login", ["olena", "portal", "system", "public"])
    def test_a_login_is_taken_for_ever_by_users_keys_and_the_program(self, staff, login):
        made(staff)
        made(staff, login="osnova", role="admin")
        keys.add(staff, name="Portal", role="machine", by=ADMIN, now=NOW)
        users.disable(staff, "olena", by=ADMIN, now=NOW)
        with pytest.raises(StaffError, match="зайнято"):
            made(staff, login=login)

    def test_one_login_is_made_once_however_many_make_it_at_once(self, staff):
        def tried(number):
            try:
                return made(staff, password=None)
            except StaffError:
                return None

        with ThreadPoolExecutor(3) as several:
            assert len([one for one in several.map(tried, range(3)) if one]) == 1
        assert what(staff) == [("user-added", "olena")]

    def test_accounts_of_the_system_act_for_several_who_are_not_disabled(self, staff):
        made(staff, login="osnova", role="admin")
        for login in ("zoia", "ivan", "petro"):
            made(staff, login=login, os_account="desk")
        users.disable(staff, "ivan", by=ADMIN, now=NOW)
        assert [user.login for user in users.of_account(staff, "desk")] == ["petro", "zoia"]
        assert users.of_account(staff, "root") == []
        assert [user.login for user in users.listed(staff)] == ["ivan", "osnova", "petro", "zoia"]

    def test_whoever_is_disabled_signs_in_no_more_and_is_out_at_once(self, staff):
        made(staff, login="osnova", role="admin")
        user = made(staff)
        cookie, _ = signed_in(staff, user)
        token = devices.remember(staff, user.id, NOW)
        disabled = users.disable(staff, "olena", by=ADMIN, now=NOW)
        assert disabled.disabled_at == NOW and users.disable(staff, "olena", by=ADMIN, now=NOW) == disabled
        assert of(staff, cookie) is None and users.with_password(staff, "olena", OWN) is None
        assert devices.of_token(staff, token) is None
        with pytest.raises(StaffError, match="закрито"):
            signed_in(staff, user)
        for own in (
            lambda: users.set_password(staff, user.id, OTHER, now=NOW),
            lambda: users.set_pin(staff, user.id, "1234", now=NOW),
        ):
            with pytest.raises(StaffError):
                own()
        assert what(staff, whom="olena") == [
            ("user-disabled", "olena"),
            ("signed-in", "olena"),
            ("user-added", "olena"),
        ]

    def test_a_reset_lets_in_again_by_a_new_password_alone(self, staff):
        made(staff, login="osnova", role="admin")
        user = made(staff)
        users.set_pin(staff, user.id, "2580", now=NOW)
        users.disable(staff, "olena", by=ADMIN, now=NOW)
        again, password = users.reset(staff, "olena", by=ADMIN, now=NOW)
        assert again.disabled_at is None and again.must_change and not again.has_pin
        assert users.with_password(staff, "olena", OWN) is None
        cookie, _ = signed_in(staff, users.with_password(staff, "olena", password))
        users.reset(staff, "olena", by=ADMIN, now=NOW)
        assert of(staff, cookie) is None

    def test_somebody_is_left_who_makes_users(self, staff):
        made(staff, login="osnova", role="admin")
        with pytest.raises(StaffError, match="останній адміністратор"):
            users.disable(staff, "osnova", by=Actor("root", "root"), now=NOW)
        with pytest.raises(StaffError, match="останній адміністратор"):
            changed(staff, "osnova", role="clerk", by=Actor("root", "root"))
        made(staff, login="druha", role="admin")
        with pytest.raises(StaffError, match="Самому собі"):
            users.disable(staff, "osnova", by=ADMIN, now=NOW)
        with pytest.raises(StaffError, match="Самому собі"):
            changed(staff, "osnova", role="clerk")
        assert users.disable(staff, "druha", by=ADMIN, now=NOW).disabled_at
        with pytest.raises(StaffError, match="останній адміністратор"):
            users.disable(staff, "osnova", by=Actor("druha", "Друга"), now=NOW)

    def test_two_administrators_who_disable_each_other_leave_one(self, staff):
        for login in ("odyn", "druhyi"):
            made(staff, login=login, role="admin")

        def tried(pair):
            try:
                return users.disable(staff, pair[0], by=Actor(pair[1], pair[1]), now=NOW)
            except StaffError:
                return None

        with ThreadPoolExecutor(2) as both:
            assert len([one for one in both.map(tried, [("odyn", "druhyi"), ("druhyi", "odyn")]) if one]) == 1

    def test_a_role_acts_at_once(self, staff):
        user = made(staff)
        cookie, session = signed_in(staff, user)
        assert session.roles == {"clerk"}
        assert changed(staff, "olena", role="auditor").role == "auditor"
        assert of(staff, cookie).roles == {"auditor"}
        assert [one.details for one in events.listed(staff, limit=1)] == [{"role": "auditor"}]
        before = what(staff)
        changed(staff, "olena", role="auditor")
        assert what(staff) == before

    @pytest.mark.parametrize("call", [users.disable, users.reset])
    @pytest.mark.parametrize("login", ["nema", "Не логін\0"])
    def test_nobody_of_that_login(self, staff, call, login):
        with pytest.raises(StaffError, match="Такого користувача немає"):
            call(staff, login, by=ADMIN, now=NOW)


def changed(staff, login, by=ADMIN, **said):
    user = users.of_login(staff, login)
    kept = {name: getattr(user, name) for name in ("name", "role", "office", "os_account")}
    return users.change(staff, login, by=by, now=NOW, **{**kept, **said})


class TestPasswords:
    @pytest.mark.parametrize(
        "password",
        [
            "",
            "коротко",
            "а" * 11,
            "а" * 30,
            "olenaolenaolena",
            "Вигадана Олена",
            "вигадана-олена-петрівна",
            "olena-1234-olena",
            "x" * 201,
        ],
    )
    def test_what_is_no_password(self, staff, password):
        user = made(staff)
        with pytest.raises(StaffError) as refused:
            users.set_password(staff, user.id, password, now=NOW)
        assert refused.value.field == "password" and users.with_password(staff, "olena", OWN)

    def test_the_old_one_is_no_new_one(self, staff):
        user = made(staff)
        with pytest.raises(StaffError, match="той самий"):
            users.set_password(staff, user.id, OWN, now=NOW)

    def test_temporary_ones_are_read_from_paper_without_mistakes(self):
        many = [passwords.temporary() for _ in range(200)]
        assert len(set(many)) == 200 and all(len(one) == 19 for one in many)
        assert not set("".join(many)) & set("01oilOIL")

    @pytest.mark.parametrize("pin", ["", "123", "123456789", "12a4", "١٢٣٤", "1234\n", "-123"])
    def test_what_is_no_pin(self, staff, pin):
        user = made(staff)
        with pytest.raises(StaffError) as refused:
            users.set_pin(staff, user.id, pin, now=NOW)
        assert refused.value.field == "pin" and not users.of_login(staff, "olena").has_pin

    def test_a_pin_is_known_and_may_be_changed(self, staff):
        user = made(staff)
        assert not users.has_pin(staff, user.id, "2580") and not users.has_pin(staff, uuid4(), "2580")
        for pin in ("2580", "80808080"):
            users.set_pin(staff, user.id, pin, now=NOW)
            assert users.has_pin(staff, user.id, pin)
        assert not users.has_pin(staff, user.id, "2580") and users.of_login(staff, "olena").has_pin

    @pytest.mark.parametrize("odd", ["\ud800", "\0", "", "x" * 100_000])
    def test_odd_letters_are_nobodys(self, staff, odd):
        user = made(staff)
        assert users.with_password(staff, "olena", odd) is None and users.with_password(staff, odd, OWN) is None
        assert not users.has_pin(staff, user.id, odd)
        assert of(staff, odd) is None and keys.of_text(staff, odd, now=NOW) is None
        assert devices.of_token(staff, odd) is None

    @given(st.text(min_size=12, max_size=40))
    def test_of_any_password_only_a_salted_hash_is_kept(self, password):
        one, other = passwords.hashed(password), passwords.hashed(password)
        assert one != other and passwords.fits(one, password) and passwords.fits(other, password)
        assert not passwords.fits(one, password + "x") and not passwords.fits(None, password)

    def test_the_program_hashes_as_rfc_9106_says_for_little_memory(self, monkeypatch):
        monkeypatch.setattr(passwords, "PASSWORDS", AS_SHIPPED)
        kept = passwords.hashed(OWN)
        assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$") and passwords.fits(kept, OWN)


class TestSessions:
    def test_a_session_is_its_cookies(self, staff):
        user = made(staff)
        cookie, session = signed_in(staff, user, address="192.0.2.7", agent="Firefox" * 100)
        assert len(base64.urlsafe_b64decode(cookie + "=")) == 32
        assert of(staff, cookie) == session and session.user.signed_in_at == NOW
        assert (session.address, len(session.agent)) == ("192.0.2.7", 200)
        for forged in (cookie[:-1], cookie + "A", cookie.swapcase(), hashlib.sha256(cookie.encode()).hexdigest(), ""):
            assert of(staff, forged) is None

    @pytest.mark.parametrize("over", [timedelta(hours=2), timedelta(hours=3)])
    def test_an_idle_one_is_over_for_ever(self, staff, over):
        cookie, _ = signed_in(staff, made(staff))
        assert of(staff, cookie, NOW + over) is None
        assert of(staff, cookie, NOW) is None and sessions.open_ones(staff, now=NOW, terms=TERMS) == []

    def test_the_moment_before_its_idle_end_it_is_locked(self, staff):
        cookie, _ = signed_in(staff, made(staff))
        assert of(staff, cookie, NOW + TERMS.idle - MOMENT).locked_at

    def test_it_locks_at_the_moment_itself(self, staff):
        cookie, _ = signed_in(staff, made(staff))
        assert of(staff, cookie, NOW + TERMS.lock - MOMENT).locked_at is None
        cookie, _ = signed_in(staff, users.of_login(staff, "olena"))
        assert of(staff, cookie, NOW + TERMS.lock).locked_at == NOW + TERMS.lock

    def test_it_is_over_after_its_hours_whatever_is_done(self, staff):
        cookie, session = signed_in(staff, made(staff))
        assert session.ends_at == NOW + TERMS.whole
        for minutes in range(5, 12 * 60, 5):
            assert of(staff, cookie, NOW + timedelta(minutes=minutes)).locked_at is None
        assert of(staff, cookie, session.ends_at - MOMENT)
        assert of(staff, cookie, session.ends_at) is None

    def test_longer_terms_do_not_prolong_one_that_is_under_way(self, staff):
        cookie, session = signed_in(staff, made(staff))
        longer = Terms(lock=timedelta(hours=20), idle=timedelta(hours=20), whole=timedelta(hours=20))
        assert of(staff, cookie, session.ends_at, longer) is None

    def test_that_it_is_seen_is_written_once_a_minute(self, staff):
        cookie, _ = signed_in(staff, made(staff))
        assert of(staff, cookie, NOW + timedelta(seconds=59)).seen_at == NOW
        assert of(staff, cookie, NOW + timedelta(seconds=60)).seen_at == NOW + timedelta(seconds=60)
        assert of(staff, cookie, NOW + timedelta(seconds=61)).seen_at == NOW + timedelta(seconds=60)
        assert of(staff, cookie, NOW).seen_at == NOW + timedelta(seconds=60)

    def test_in_short_terms_one_in_use_is_not_locked(self, staff):
        short = Terms(lock=timedelta(seconds=30))
        cookie, _ = signed_in(staff, made(staff), terms=short)
        for seconds in range(20, 200, 20):
            assert of(staff, cookie, NOW + timedelta(seconds=seconds), short).locked_at is None

    def test_a_locked_one_is_not_seen_and_opens_by_the_pin(self, staff):
        user = made(staff)
        users.set_pin(staff, user.id, "2580", now=NOW)
        cookie, session = signed_in(staff, user)
        sessions.lock(staff, session.id, now=NOW)
        later = NOW + timedelta(minutes=90)
        locked = of(staff, cookie, later)
        assert (locked.locked_at, locked.seen_at) == (NOW, NOW)
        assert sessions.unlock(staff, locked, "0000", now=later) == 4
        assert of(staff, cookie, later).pin_failures == 1
        assert sessions.unlock(staff, locked, "2580", now=later) == 0
        opened_again = of(staff, cookie, later)
        assert (opened_again.locked_at, opened_again.seen_at, opened_again.pin_failures) == (None, later, 0)

    def test_five_wrong_pins_end_it(self, staff):
        user = made(staff)
        users.set_pin(staff, user.id, "2580", now=NOW)
        cookie, session = signed_in(staff, user)
        other, _ = signed_in(staff, user)
        sessions.lock(staff, session.id, now=NOW)
        assert [sessions.unlock(staff, session, "0000", now=NOW) for _ in range(6)] == [4, 3, 2, 1, -1, -1]
        assert sessions.unlock(staff, session, "2580", now=NOW) == -1
        assert of(staff, cookie) is None and of(staff, other)

    def test_many_pins_at_once_are_five_tries(self, staff):
        user = made(staff)
        cookie, session = signed_in(staff, user)
        sessions.lock(staff, session.id, now=NOW)
        with ThreadPoolExecutor(4) as several:
            left = list(several.map(lambda pin: sessions.unlock(staff, session, f"{pin:04}", now=NOW), range(20)))
        assert sorted(one for one in left if one > 0) == [1, 2, 3, 4] and of(staff, cookie) is None

    def test_without_a_pin_none_opens_it(self, staff):
        cookie, session = signed_in(staff, made(staff))
        sessions.lock(staff, session.id, now=NOW)
        assert sessions.unlock(staff, session, "", now=NOW) == 4
        sessions.reopen(staff, session.id, now=NOW)
        assert of(staff, cookie).locked_at is None

    def test_two_of_one_user_end_one_by_one_or_all_but_one(self, staff):
        user, another = made(staff), made(staff, login="ivan")
        cookies = [signed_in(staff, user, NOW + timedelta(seconds=number))[0] for number in range(3)]
        theirs, _ = signed_in(staff, another)
        first, second, third = (of(staff, cookie) for cookie in cookies)
        listed = sessions.open_ones(staff, now=NOW, terms=TERMS, user=user.id)
        assert [one.id for one in listed] == [third.id, second.id, first.id]
        sessions.end(staff, second.id, now=NOW, why="signed-out")
        assert of(staff, cookies[1]) is None and of(staff, cookies[0])
        assert sessions.end_all(staff, user.id, now=NOW, why="password-changed", but=first.id) == 1
        assert of(staff, cookies[2]) is None and of(staff, cookies[0]) and of(staff, theirs)
        assert {one.user.login for one in sessions.open_ones(staff, now=NOW, terms=TERMS)} == {"olena", "ivan"}
        assert sessions.end_all(staff, user.id, now=NOW, why="ended-by-admin") == 1 and of(staff, cookies[0]) is None

    def test_the_forms_token_is_the_cookies_and_leads_nowhere(self, staff):
        cookie, _ = signed_in(staff, made(staff))
        token = sessions.csrf_token(cookie)
        assert token == sessions.csrf_token(cookie) != sessions.csrf_token(cookie + "x")
        assert token not in held(staff) and base64.urlsafe_b64decode(token + "=").hex() not in held(staff)


class TestSubstitutes:
    def stand_in(self, staff, head="holova", substitute="olena", now=NOW, **days):
        substitutes.stand_in(
            staff,
            head=head,
            substitute=substitute,
            by=ADMIN,
            now=now,
            **{"since": date(2026, 3, 10), "until": date(2026, 3, 12), **days},
        )

    def test_the_role_is_theirs_on_these_days_of_kyiv(self, staff):
        made(staff, login="holova", role="head")
        user = made(staff)
        self.stand_in(staff)
        days = [date(2026, 3, day) for day in range(9, 13)]
        assert [substitutes.roles_on(staff, user, day) > {"clerk"} for day in days] == [False, True, True, False]
        # Kyiv is two hours ahead of UTC in these days.
        cookie, _ = signed_in(staff, user, datetime(2026, 3, 9, 21, 59, tzinfo=UTC))
        assert of(staff, cookie, datetime(2026, 3, 9, 21, 59, 59, tzinfo=UTC)).roles == {"clerk"}
        assert of(staff, cookie, datetime(2026, 3, 9, 22, tzinfo=UTC)).roles == {"clerk", "head"}
        (open_one,) = sessions.open_ones(staff, now=datetime(2026, 3, 9, 22, tzinfo=UTC), terms=TERMS)
        assert open_one.roles == {"clerk", "head"}

    def test_without_an_end_until_it_is_ended(self, staff):
        made(staff, login="holova", role="head")
        user = made(staff)
        self.stand_in(staff, since=TODAY, until=None)
        (one,) = substitutes.listed(staff)
        assert (one.head.id, one.substitute, one.until) == ("holova", user.actor, None)
        assert substitutes.roles_on(staff, user, date(2036, 1, 1)) == {"clerk", "head"}
        substitutes.end(staff, one.id, by=ADMIN, now=NOW)
        substitutes.end(staff, one.id, by=ADMIN, now=NOW + MOMENT)
        assert substitutes.roles_on(staff, user, TODAY) == {"clerk"}
        assert [one.ended_at for one in substitutes.listed(staff, head="holova")] == [NOW]
        assert substitutes.listed(staff, head="olena") == []
        assert what(staff, whom="olena")[:2] == [("stand-in-ended", "olena"), ("stand-in-made", "olena")]

    def test_whoever_becomes_an_auditor_stands_in_no_more(self, staff):
        made(staff, login="holova", role="head")
        made(staff)
        self.stand_in(staff, since=TODAY)
        assert substitutes.roles_on(staff, changed(staff, "olena", role="auditor"), TODAY) == {"auditor"}

    @pytest.mark.parametrize(
        ("said", "field"),
        [
            ({"since": date(2026, 3, 1)}, "since"),
            ({"until": date(2026, 3, 10)}, "until"),
            ({"head": "olena"}, "head"),
            ({"head": "nema"}, "head"),
            ({"substitute": "nema"}, "substitute"),
            ({"substitute": "holova"}, "substitute"),
            ({"substitute": "osnova"}, "substitute"),
            ({"substitute": "reviziia"}, "substitute"),
            ({"substitute": "zakryto"}, "substitute"),
        ],
    )
    def test_what_is_refused(self, staff, said, field):
        made(staff)
        for login, role in (("holova", "head"), ("osnova", "admin"), ("reviziia", "auditor"), ("zakryto", "clerk")):
            made(staff, login=login, role=role)
        users.disable(staff, "zakryto", by=ADMIN, now=NOW)
        with pytest.raises(StaffError) as refused:
            self.stand_in(staff, **said)
        assert refused.value.field == field and substitutes.listed(staff) == []

    def test_none_such_to_end(self, staff):
        with pytest.raises(StaffError):
            substitutes.end(staff, uuid4(), by=ADMIN, now=NOW)


class TestKeys:
    @pytest.mark.parametrize("role", ROLES)
    def test_it_is_known_by_its_text(self, staff, role):
        key, text = keys.add(staff, name="Портал «Вигадка»", role=role, by=ADMIN, now=NOW)
        assert text.startswith(f"hromada_{key.id.hex}_") and len(text) == 84
        assert key.actor == Actor("Портал «Вигадка»", "Портал «Вигадка»")
        assert keys.of_text(staff, f" {text}\n", now=NOW).id == key.id
        for forged in (text[:-1], text + "x", text.upper(), key.id.hex, ""):
            assert keys.of_text(staff, forged, now=NOW) is None

    def test_it_expires_at_the_moment_itself(self, staff):
        end = NOW + timedelta(days=30)
        _, text = keys.add(staff, name="portal", role="machine", by=ADMIN, now=NOW, expires_at=end)
        assert keys.of_text(staff, text, now=end - MOMENT) and keys.of_text(staff, text, now=end) is None

    def test_it_ends_once(self, staff):
        key, text = keys.add(staff, name="portal", role="machine", by=ADMIN, now=NOW)
        _, other = keys.add(staff, name="portal", role="machine", by=ADMIN, now=NOW)
        assert keys.end(staff, key.id, by=ADMIN, now=NOW).ended_at == NOW
        assert keys.end(staff, key.id, by=ADMIN, now=NOW + MOMENT).ended_at == NOW
        assert keys.of_text(staff, text, now=NOW) is None and keys.of_text(staff, other, now=NOW)
        assert [event for event, _ in what(staff)] == ["key-ended", "key-added", "key-added"]
        with pytest.raises(StaffError, match="Такого ключа немає"):
            keys.end(staff, uuid4(), by=ADMIN, now=NOW)

    def test_that_it_is_used_is_written_once_a_minute(self, staff):
        key, text = keys.add(staff, name="portal", role="machine", by=ADMIN, now=NOW)
        used = []
        for seconds in (0, 30, 60, 61):
            keys.of_text(staff, text, now=NOW + timedelta(seconds=seconds))
            used.append((keys.listed(staff)[0].used_at - NOW).seconds)
        assert used == [0, 0, 60, 60] and key.used_at is None

    def test_a_key_of_another_register_is_nobodys(self, staff, empty_database_url):
        migrate(empty_database_url)
        with opened(empty_database_url, connections=2) as other:
            _, text = keys.add(other.staff, name="portal", role="machine", by=ADMIN, now=NOW)
            assert keys.of_text(other.staff, text, now=NOW)
        assert keys.of_text(staff, text, now=NOW) is None

    @pytest.mark.parametrize(
        ("said", "field"),
        [
            ({"name": "olena"}, "name"),
            ({"name": "OLENA"}, "name"),
            ({"name": "system"}, "name"),
            ({"name": " - "}, "name"),
            ({"name": "п" * 101}, "name"),
            ({"name": "a\0b"}, "name"),
            ({"role": "robot"}, "role"),
            ({"expires_at": NOW}, "expires_at"),
            ({"expires_at": NOW - timedelta(days=1)}, "expires_at"),
        ],
    )
    def test_what_is_refused(self, staff, said, field):
        made(staff)
        with pytest.raises(StaffError) as refused:
            keys.add(staff, **{"name": "portal", "role": "machine", "by": ADMIN, "now": NOW, **said})
        assert refused.value.field == field and keys.listed(staff) == []


class TestSecrets:
    def test_no_table_leads_back_to_any(self, staff):
        made(staff, login="osnova", role="admin")
        user, temporary = users.add(staff, login="olena", name="Вигадана О.", role="clerk", by=ADMIN, now=NOW)
        users.set_password(staff, user.id, OWN, now=NOW)
        users.set_pin(staff, user.id, "80808080", now=NOW)
        _, key = keys.add(staff, name="portal", role="machine", by=ADMIN, now=NOW)
        cookie, _ = signed_in(staff, user)
        token = devices.remember(staff, user.id, NOW)
        _, again = users.reset(staff, "olena", by=ADMIN, now=NOW)
        kept = held(staff)
        for secret in (temporary, again, OWN, "80808080", key, key.rpartition("_")[2], cookie, token):
            spellings = {secret, secret.encode().hex(), base64.b64encode(secret.encode()).decode().rstrip("=")}
            assert not [one for one in spellings if one in kept]
        assert hashlib.sha256(cookie.encode()).hexdigest() in kept

    def test_a_browser_is_known_and_the_oldest_forgotten(self, staff):
        user = made(staff)
        tokens = [devices.remember(staff, user.id, NOW + timedelta(days=day)) for day in range(devices.MOST + 1)]
        assert [devices.of_token(staff, one) for one in tokens] == [None] + [user.id] * devices.MOST


class TestEvents:
    def test_they_say_who_did_what_to_whom_page_by_page(self, staff):
        made(staff, login="osnova", role="admin")
        made(staff, office="tsentralnyi")
        keys.add(staff, name="portal", role="machine", by=ADMIN, now=NOW)
        latest, middle = events.listed(staff, limit=2)
        assert (latest.what, latest.whom, latest.by, latest.at) == ("key-added", "portal", ADMIN, NOW)
        assert middle.details == {
            "name": "Вигадана Олена Петрівна",
            "role": "clerk",
            "office": "tsentralnyi",
            "os_account": None,
        }
        assert what(staff, before=middle.number) == [("user-added", "osnova")]
        assert json.dumps(latest.details)

    def test_they_are_never_edited(self, staff):
        made(staff)
        for change in ("UPDATE staff_events SET whom = 'x'", "DELETE FROM staff_events", "TRUNCATE staff_events"):
            with pytest.raises(PersistenceError) as refused, staff.get_connection() as connection:
                connection.execute(change)
            assert isinstance(refused.value.__cause__, psycopg.Error)
        assert what(staff) == [("user-added", "olena")]

    def test_none_without_words(self, staff):
        with pytest.raises(KeyError), events.changing(staff) as connection:
            events.record(connection, "user-eaten", "olena", by=ADMIN, now=NOW)
