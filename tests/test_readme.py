"""The story that README tells in the shell, run word for word against a server of its own."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from running import Server

README = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
STORY = re.findall(r"^```sh\n(API=.*?)^```", README, re.MULTILINE | re.DOTALL)


@pytest.mark.slow
def test_an_application_from_the_visit_to_the_register(database_url, tmp_path):
    assert all(map(shutil.which, ("bash", "curl", "jq"))), "README's story needs them: apt-get install curl jq"
    [story] = STORY
    server = Server(database_url, tmp_path)
    try:
        script = story.replace("http://127.0.0.1:8080", server.address)
        told = subprocess.run(["bash", "-euo", "pipefail", "-c", script], capture_output=True, text=True, timeout=300)
    finally:
        server.stop()
    assert (told.returncode, told.stderr) == (0, "")
    said = [json.loads(line) for line in told.stdout.splitlines()]
    (tried, unanswered, *answered, decided), (*messages, status) = said[:6], said[6:]
    assert tried["outcome"] == "granted" and not tried["missing"] and tried["would_record"]
    assert len(unanswered) == len(answered) == len(tried["checks"]) == 3
    assert decided["recorded"] and decided["due"] == tried["fee"]
    assert messages and all(one["deadline"] for one in messages) and status
