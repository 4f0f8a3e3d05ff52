"""Fills a form with openpyxl: fill_openpyxl.py FORM FILLED ROWS, where ROWS is JSON: {"row number": {"column": value}}."""

import json
import sys

import openpyxl

form, filled, rows = sys.argv[1:]
book = openpyxl.load_workbook(form)
sheet = book.active
columns = {cell.value: cell.column for cell in sheet[1]}
for row, values in json.loads(rows).items():
    for column, value in values.items():
        sheet.cell(int(row), columns[column]).value = value
book.save(filled)
