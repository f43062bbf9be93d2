"""How fast an extract is drawn: our Typst against WeasyPrint; the same words, fonts and QR, in one process.

    apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0
    .venv/bin/python -m pip install weasyprint==70.0
    .venv/bin/python contrib/bench_extracts.py [--documents 60] [--rounds 5]

Rounds alternate; printed are the medians of documents a second, each engine with its own archival and accessible
output (Typst PDF/A-2a and PDF/UA-1 in one file, WeasyPrint PDF/UA-1: it makes one variant a file). Then two threads.
Nothing is asserted. Rendering alone: no register, no log, no signature.
"""

import argparse
import html
import os
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import segno

from registry.extracts import pdf
from registry.extracts.typeset import FONTS, day

HEAD = ("number", "code", "kind", "register", "community", "office", "basis", "requester", "clerk", "requested_at")
ROW = {
    "residence_id": "00000000-0000-0000-0000-000000000001",
    "kind": "зареєстроване місце проживання",
    "address_now": None,
    "until_known": "day",
    "since_known": "day",
    "note": None,
    "kept": False,
}


def content(number: int) -> dict[str, Any]:
    """One invented extract with eight earlier periods; each number differs, so that nothing can be remembered."""
    rows = [
        {
            **ROW,
            "address": f"м. Вигадів, вул. Казкова, буд. {number % 90 + year}, кв. {year}",
            "since": f"{2000 + year}-03-0{1 + year}",
            "until": f"{2001 + year}-03-0{1 + year}",
        }
        for year in range(8)
    ]
    return {
        "title": {"name": "Витяг", "of": "з реєстру територіальної громади"},
        "number": f"2026/{number:09d}",
        "code": "ABCD-EFGH-JKLM",
        "check_url": f"https://reiestr.example.ua/v/ABCDEFGH{number:04d}",
        "kind": "поточне задеклароване/зареєстроване місце проживання, з попередніми періодами проживання",
        "register": "Реєстр територіальної громади",
        "community": "Вигадівська територіальна громада",
        "office": "Виконавчий комітет Вигадівської міської ради",
        "basis": "заява особи",
        "requester": "Вигадана Олена Тарасівна",
        "clerk": "Казкова Ірина Петрівна",
        "position": 1000 + number,
        "formed_at": "2026-11-23T09:15:42.123456Z",
        "requested_at": "2026-11-23T09:14:00.000000Z",
        "known_at": "2026-11-23T09:15:42.000000Z",
        "on": "2026-11-23",
        "past": False,
        "person": {
            "surname": "Вигадана",
            "given_names": "Олена",
            "patronymic": "Тарасівна",
            "birth_date": "1985-04-02",
            "unzr": "19850402-00001",
            "rnokpp": "3113113113",
            "latin": None,
        },
        "died": None,
        "residences": [{**rows[0], "until": None, "until_known": "none"}],
        "previous": rows,
        "no_data": False,
        "dwelling": None,
        "residents": None,
        "sealed": None,
    }


def by_typst(number: int) -> bytes:
    """The project's own document."""
    return pdf.render(content(number))


def by_weasyprint(number: int) -> bytes:
    """The same words as a tagged HTML page with the same fonts and the same QR."""
    import weasyprint  # type: ignore[import-not-found]  # only for this comparison

    return weasyprint.HTML(string=page(content(number))).write_pdf(pdf_variant="pdf/ua-1")


def page(said: dict[str, Any]) -> str:
    """The page in HTML."""

    def row(one: dict[str, Any]) -> str:
        cells = (
            one["kind"],
            one["address"],
            day(one["since"]),
            day(one["until"]) if one["until"] else "",
        )
        return "<tr>" + "".join(f"<td>{html.escape(text)}</td>" for text in cells) + "</tr>"

    heads = "".join(f"<th scope=col>{text}</th>" for text in ("Вид", "Адреса", "Зареєстровано", "Знято"))
    tables = (
        f"<h2>{title}</h2><table><thead><tr>{heads}</tr></thead><tbody>{''.join(map(row, rows))}</tbody></table>"
        for title, rows in (("Місце проживання", said["residences"]), ("Попередні періоди", said["previous"]))
    )
    person = "".join(f"<dt>{name}</dt><dd>{html.escape(str(value))}</dd>" for name, value in said["person"].items())
    head = "".join(f"<dt>{name}</dt><dd>{html.escape(str(said[name]))}</dd>" for name in HEAD)
    qr = segno.make_qr(said["check_url"], error="m").svg_inline(border=0, scale=3)
    faces = "".join(
        f"@font-face {{ font-family: Noto; font-weight: {weight}; src: url(file://{FONTS}/NotoSans-{name}.ttf) }}"
        for name, weight in (("Regular", 400), ("Bold", 700))
    )
    style = f"{faces} @page {{ size: A4; margin: 17mm 10mm 16mm 30mm }} body {{ font: 10pt Noto }}"
    return (
        f"<html lang=uk><head><title>Витяг {said['number']}</title><style>{style}</style></head><body>"
        f"<h1>{said['title']['name']}</h1>{qr}<dl>{head}</dl><h2>Особа</h2><dl>{person}</dl>{''.join(tables)}"
        "</body></html>"
    )


def rate(draw: Callable[[int], bytes], documents: int, threads: int = 1) -> float:
    """Documents a second."""
    started = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        for made in pool.map(draw, range(documents)):
            assert made.startswith(b"%PDF")
    return documents / (time.perf_counter() - started)


def main() -> None:
    """Prints the comparison."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--documents", type=int, default=60)
    asked.add_argument("--rounds", type=int, default=5)
    options = asked.parse_args()
    engines: dict[str, tuple[Callable[[int], bytes], int]] = {"typst": (by_typst, 1), "typst, 2 threads": (by_typst, 2)}
    try:
        by_weasyprint(0)
        engines["weasyprint"] = (by_weasyprint, 1)
    except (ImportError, OSError) as missing:
        print(f"WeasyPrint is not here ({missing}): see the head of this file.")
    by_typst(0)
    found: dict[str, list[float]] = {name: [] for name in engines}
    for _ in range(options.rounds):
        for name, (draw, threads) in engines.items():
            found[name].append(rate(draw, options.documents, threads))
    for name, rates in found.items():
        low, high = min(rates), max(rates)
        print(f"{name:18} {statistics.median(rates):7.1f} documents a second (from {low:.1f} to {high:.1f})")
    if "weasyprint" in found:
        ratio = statistics.median(found["typst"]) / statistics.median(found["weasyprint"])
        print(f"typst / weasyprint: {ratio:.1f}")
    two = statistics.median(found["typst, 2 threads"]) / statistics.median(found["typst"])
    print(f"two threads / one:  {two:.2f} on {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
