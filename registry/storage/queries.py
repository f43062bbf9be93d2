"""SQL lives in `.sql` files: named queries, each under a line `-- name --`, loaded once."""

import re
from functools import cache
from pathlib import Path

_HEADING = re.compile(r"^-- ([a-z_0-9]+) --\n", re.MULTILINE)


@cache
def load(path: Path) -> dict[str, str]:
    """The queries of a file by name. The text before the first heading says what the file is about."""
    _, *parts = _HEADING.split(path.read_text(encoding="utf-8"))
    return {name: query.strip() for name, query in zip(parts[::2], parts[1::2], strict=True)}
