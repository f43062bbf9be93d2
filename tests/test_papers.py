"""Papers are facts: what is written on them is kept, decides, is read afterwards, corrected and annulled; over HTTP."""

from uuid import UUID

from registry import papers
from registry.aggregates.papers import Paper


class TestInWords:
    def test_every_detail_that_is_known_is_said(self) -> None:
        one = Paper(
            paper=UUID(int=1),
            id="court_decision",
            number="12/3",
            dated="2025-02-03",
            issuer="Вигаданий суд",
            in_force_on="2025-03-05",
            shown_by="Власник Вигаданий",
        )
        assert papers.said(one, "card_2") == (
            "рішення суду, що набуло законної сили, № 12/3, від 03.02.2025, видано: Вигаданий суд, "
            "набрало законної сили 05.03.2025, показано: Власник Вигаданий"
        )

    def test_a_consent_and_a_proxy(self) -> None:
        consent = Paper(paper=UUID(int=1), id="owner_2", holder="Власниця Вигадана")
        assert papers.said(consent) == "згода власника (співвласника) житла, чий: Власниця Вигадана"
        proxy = Paper(
            paper=UUID(int=1), id="representative_authority", kind="power_of_attorney", powers=("register_residence",)
        )
        assert papers.said(proxy).endswith("(довіреність), повноваження: Реєстрація місця проживання")

    def test_an_id_that_no_card_names_is_its_own_name(self) -> None:
        assert papers.said(Paper(paper=UUID(int=1), id="something", kind="власний вид")) == "something (власний вид)"
