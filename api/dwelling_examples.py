"""Examples of dwellings for the description of the API: what is noted of one by a paper; everybody is invented."""

from typing import Any

_ONE = "/api/v1/dwellings/{dwelling}"

REQUESTS: dict[str, dict[str, Any]] = {
    _ONE + "/owners": {
        "owners": [{"name": "Власник Вигаданий", "share": "1/2"}, {"name": "Власниця Вигадана", "share": "1/2"}],
        "since": "2024-02-20",
        "basis": "договір купівлі-продажу № 417 від 20.02.2024",
    },
    _ONE + "/encumbrances": {
        "kind": "mortgage",
        "number": "99-0417",
        "since": "2024-02-20",
        "holder": "АТ «Вигаданий банк»",
    },
    _ONE + "/leases": {
        "number": "14",
        "since": "2024-02-20",
        "until": "2026-02-19",
        "tenant": "Орендар Вигаданий",
        "basis": "договір оренди № 14 від 20.02.2024",
    },
}
