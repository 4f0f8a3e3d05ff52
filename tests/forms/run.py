"""Forms that programs fill in come back with the right figures: run.py BASE TOKEN FILLER…

FILLER is `openpyxl`, `exceljs`, `sheetjs` or `libreoffice`. The server is a demo: it may be written to. openpyxl and LibreOffice are called
with this Python, the others with node, which finds its packages by NODE_PATH.
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request
from decimal import Decimal

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HERE = pathlib.Path(__file__).parent
COMMANDS = {
    "openpyxl": [sys.executable, HERE / "fill_openpyxl.py"],
    "exceljs": ["node", HERE / "fill_exceljs.js"],
    "sheetjs": ["node", HERE / "fill_sheetjs.js"],
    "libreoffice": [sys.executable, HERE / "fill_libreoffice.py"],
}
# Figures as the clerk types them: numbers with what a binary number does to them, and a mark.
FIGURES = {"bts-sites": "1611", "post-telecom-revenue": "231.3", "dossier-online-filing-rate": "77.15"}
OBLIGATION = {
    "organisation": "H02.12",
    "province": "bac-giang-1997",
    "obligations": [
        {"indicators": [code], "frequency": "M", "deadline": {"months_after": 1, "day": 10}, "valid_from": "2024-01-01"} for code in FIGURES
    ],
}
PERIODS = {"openpyxl": "2025-02", "exceljs": "2025-03", "sheetjs": "2025-04", "libreoffice": "2025-05"}


def call(base, token, method, path, body=None, media=None):
    """The answer to a request; a refusal is printed."""
    request = urllib.request.Request(base + path, body, {"Authorization": f"Bearer {token}"}, method=method)
    if media:
        request.add_header("Content-Type", media)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.read()
    except urllib.error.HTTPError as error:
        sys.exit(f"{method} {path} answered {error.code}: {error.read().decode()}")


def form_rows(token, base, period):
    """The row of the form for each figure, by the form as CSV."""
    table = call(base, token, "GET", f"/v1/templates/H02.12/{period}.csv").decode("utf-8-sig")
    rows = [line.split(";") for line in table.splitlines()]
    period_at = [name.strip('"') for name in rows[0]].index("Kỳ")
    codes = [(row[0].strip('"'), row[2].strip('"'), row[period_at].strip('"')) for row in rows]
    return {code: next(n for n, (of, part, _) in enumerate(codes, 1) if of == code and not part) for code in FIGURES}


def check(base, token, filler):
    """Fills a form, sends it, and reads the figures again."""
    period = PERIODS[filler]
    rows = form_rows(token, base, period)
    values = {str(rows[code]): {"Số liệu": float(value)} for code, value in FIGURES.items()}
    with tempfile.TemporaryDirectory() as folder:
        form, filled = pathlib.Path(folder) / "form.xlsx", pathlib.Path(folder) / "filled.xlsx"
        form.write_bytes(call(base, token, "GET", f"/v1/templates/H02.12/{period}.xlsx"))
        subprocess.run([*COMMANDS[filler], form, filled, json.dumps(values)], check=True)
        query = "acknowledge=yoy_jump&acknowledge=outlier&acknowledge=disagreement&acknowledge=falling_ytd"
        call(base, token, "POST", f"/v1/submissions?{query}", filled.read_bytes(), XLSX)
    for code, value in FIGURES.items():
        path = f"/v1/series?province=bac-giang-1997&indicator={urllib.parse.quote(code)}&from={period}&to={period}&frequency=M"
        items = json.loads(call(base, token, "GET", path), parse_float=Decimal)["items"]
        points = [point for item in items for point in item["observations"] if point["period"] == period]
        assert [Decimal(point["value"]) for point in points] == [Decimal(value)], (filler, code, value, points)
        print(f"{filler}: {code} of {period} is {points[0]['value']}")


def main(base, token, *fillers):
    call(base, token, "PUT", "/v1/obligations", json.dumps(OBLIGATION).encode(), "application/json")
    for filler in fillers:
        check(base, token, filler)


main(*sys.argv[1:])
