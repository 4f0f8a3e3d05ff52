"""Fills a form with openpyxl and saves it again with LibreOffice: fill_libreoffice.py FORM FILLED ROWS.

What LibreOffice makes of the file is what counts: its own formats, styles and texts.
"""

import pathlib
import subprocess
import sys
import tempfile

form, filled, rows = sys.argv[1:]
here = pathlib.Path(__file__).parent
with tempfile.TemporaryDirectory() as folder:
    folder = pathlib.Path(folder)
    first = folder / "form.xlsx"
    subprocess.run([sys.executable, here / "fill_openpyxl.py", form, first, rows], check=True)
    office = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "xlsx", "--outdir", folder / "saved"]
    subprocess.run([*office, first], check=True, stdout=subprocess.DEVNULL)
    pathlib.Path(filled).write_bytes((folder / "saved" / "form.xlsx").read_bytes())
