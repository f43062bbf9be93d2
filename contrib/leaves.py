"""The leaf of every line of a journal, by docs/journal.md alone: nothing of Hromada is imported.

    python contrib/leaves.py register.jsonl [--members]

Prints which lines have another leaf than they say (exit status 1 if there is one) and how many of each rule there are;
with --members, of each salted line every member: its salt, its commitment, its JSON Pointer and its bytes.
"""

import json
import re
import sys
from hashlib import sha256, shake_256

TAIL = re.compile(r'(?:,"salt":"([0-9a-f]{32})")?,"leaf":"([0-9a-f]{64})"}\n\Z')
read = json.JSONDecoder().raw_decode


def scalars(text, at, pointer):
    """(pointer, bytes) of every scalar, null, {} and [] of the value at a place of a text; at last where it ends."""
    if text[at] not in "{[" or text[at + 1] in "}]":
        end = read(text, at)[1]
        yield pointer, text[at:end]
        return end
    inside, number = text[at], 0
    while text[at] not in "}]":
        key, at = read(text, at + 1) if inside == "{" else (str(number), at)
        number += 1
        at = yield from scalars(text, at + 1, pointer + "/" + key.replace("~", "~0").replace("/", "~1"))
    return at + 1


def leaf_of(line, show=False):
    """The leaf that a line says, and the one that it has."""
    tail = TAIL.search(line)
    if tail is None:
        return None, None
    if tail[1] is None:
        return tail[2], sha256(b"\0" + line[: tail.start()].encode() + b"}").hexdigest()
    body = line.index(',"body":')
    members = [("", line[:body] + "}"), *scalars(line, body + len(',"body":'), "/body")]
    salts = shake_256(bytes.fromhex(tail[1])).digest(16 * len(members))
    leaf = sha256(b"\0")
    for number, (pointer, value) in enumerate(members):
        salt = salts[16 * number : 16 * number + 16]
        commitment = sha256(salt + pointer.encode() + b"\0" + value.encode())
        leaf.update(commitment.digest())
        if show:
            print(salt.hex(), commitment.hexdigest(), pointer, value)
    return tail[2], leaf.hexdigest()


if __name__ == "__main__":
    wrong, rules = 0, {True: 0, False: 0}
    with open(sys.argv[1], encoding="utf-8", newline="\n") as journal:
        for number, line in enumerate(journal, 1):
            said, found = leaf_of(line, "--members" in sys.argv)
            rules[',"salt":"' in line[-200:]] += 1
            if said is None or said != found:
                wrong += 1
                print(f"line {number}: another leaf")
    print(f"{rules[True]} salted, {rules[False]} unsalted, {wrong} wrong")
    sys.exit(1 if wrong else 0)
