"""How a server may be, as an example for the description of the API."""

from typing import Any

from registry import texts

_TOLD = {"free_bytes": "90\u00a0ГБ", "total_bytes": "100\u00a0ГБ"}
RESPONSES: dict[str, Any] = {
    "/api/v1/state": {
        "status": "ok",
        "status_uk": texts.label("health_overall", "ok"),
        "at": "2025-03-11T07:40:00.000000Z",
        "lines": [
            {
                "id": "disk-data",
                "title_uk": texts.label("health", "disk-data"),
                "status": "ok",
                "status_uk": texts.label("health_statuses", "ok"),
                "text_uk": texts.TEXTS["health_says"]["disk"].format(**_TOLD),
                "todo_uk": None,
                "values": {"free_bytes": 96_636_764_160, "total_bytes": 107_374_182_400},
            }
        ],
    },
}
