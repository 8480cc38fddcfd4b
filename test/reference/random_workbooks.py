"""Writes workbooks with XlsxWriter and says, with openpyxl, what stands in each cell.

usage: random_workbooks.py FOLDER SEED COUNT    ->  FOLDER/wN.xlsx, and on stdout one JSON object a sheet:
       {"file", "sheet", "merged": "fill" | "first", "columns": [{"name", "kind", "cells"}]}; no value, and an error, is null
"""

import datetime
import json
import random
import sys
from pathlib import Path

import openpyxl
import xlsxwriter

folder, first, count = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])

numbers = ["General", "0", "0.00", "0.0%", "#,##0", "#,##0.00", "0.00E+00", '0.0" Hz"', "[Red]-0.0;0.0", "@"]
days = ["yyyy-mm-dd", "dd/mm/yyyy", "d mmm yy", "[$-409]mmmm d, yyyy", "mm-dd-yy"]
moments = ["yyyy-mm-dd hh:mm:ss", "dd/mm/yy hh:mm", "m/d/yy h:mm AM/PM", "yyyy-mm-dd hh:mm:ss.000"]
times = ["hh:mm:ss", "hh:mm", "h:mm AM/PM", "mm:ss.0"]
durations = ["[h]:mm:ss", "[hh]:mm", "[mm]:ss"]
errors = ["#N/A", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!"]
texts = ["V1", "mouse 3", "left, right", "1E5", "007", "2/3/4", "é ß €", " padded ", 'a "b"', "line\nbreak", "TRUE", "0x1A", "x&y<z>"]


def draw(rng, kind, days1904):
    """A number or text as it is handed to XlsxWriter."""
    latest = 60000 - (1462 if days1904 else 0)
    day = lambda: rng.choice([rng.randint(20000, latest), rng.randint(61, latest), rng.randint(1, 59)])
    part = lambda: rng.choice([rng.randrange(0, 86400) / 86400, rng.randrange(0, 288) / 288, rng.randrange(0, 86_400_000 - 1) / 86_400_000])
    return {
        "number": lambda: rng.choice([rng.randint(-9, 99), rng.uniform(-100, 100), rng.gauss(0, 1) * 10 ** rng.randint(-300, 300), rng.randint(-(2**53) + 1, 2**53 - 1)]),
        "boolean": lambda: rng.random() < 0.5,
        "date": day,
        "timestamp": lambda: day() + part(),
        "time": part,
        "duration": lambda: rng.randint(0, 60) + part(),
        "text": lambda: rng.choice(texts),
    }[kind]()


def write_cell(book, sheet, rng, at, kind, value, style):
    row, column = at
    if kind == "boolean":
        sheet.write_boolean(row, column, value, style) if rng.random() < 0.7 else sheet.write_formula(row, column, "=1=1", style, value)
    elif kind == "text":
        if rng.random() < 0.3:
            bold = book.add_format({"bold": True})
            sheet.write_rich_string(row, column, bold, value, "-", bold, "é", " end")
        elif rng.random() < 0.2:
            sheet.write_formula(row, column, '="x"', style, value)
        else:
            sheet.write_string(row, column, value, style)
    elif rng.random() < 0.2:
        sheet.write_formula(row, column, "=1+1", style, value)
    else:
        sheet.write_number(row, column, value, style)


def write_sheet(book, sheet, rng, days1904, in_rows):
    """A header and rows; the first column has a value in every row, so that no row is blank."""
    rows, top, left = rng.randint(2, 12), rng.choice([0, 0, 2]), rng.choice([0, 0, 1])
    if top:
        sheet.write_string(0, left, "Recordings of May")
    kinds = ["text"] + [rng.choice(["number", "boolean", "date", "timestamp", "time", "duration", "text"]) for _ in range(rng.randint(1, 5))]
    formats = {"number": numbers, "date": days, "timestamp": moments, "time": times, "duration": durations}
    styles = [book.add_format({"num_format": rng.choice(formats.get(kind, ["General"]))}) for kind in kinds]
    for j, kind in enumerate(kinds):
        sheet.write_string(top, left + j, f"{kind} {'abcdef'[j]}")
    hidden_rows = {i for i in range(rows) if rng.random() < 0.05}
    for j in range(len(kinds)):
        if rng.random() < 0.05:
            sheet.set_column(left + j, left + j, None, None, {"hidden": True})
    merged = {}
    if not in_rows and rows > 3 and rng.random() < 0.3:
        begin = rng.randint(0, rows - 3)
        column = rng.randint(1, len(kinds) - 1)
        if kinds[column] == "text":
            merged = {column: (begin, begin + rng.randint(1, rows - 1 - begin))}
    for i in range(rows):
        if i in hidden_rows:
            sheet.set_row(top + 1 + i, None, None, {"hidden": True})
        for j, kind in enumerate(kinds):
            at = (top + 1 + i, left + j)
            if j in merged and merged[j][0] <= i <= merged[j][1]:
                if i == merged[j][0]:
                    sheet.merge_range(at[0], at[1], top + 1 + merged[j][1], at[1], "merged label", styles[j])
            elif j == 0:
                sheet.write_string(*at, f"r{i}")
            elif rng.random() < 0.12:
                sheet.write_blank(*at, None, styles[j])
            elif rng.random() < 0.06:
                sheet.write_formula(*at, "=NA()", styles[j], rng.choice(errors))
            elif rng.random() < 0.9 or j == 0:
                write_cell(book, sheet, rng, at, kind, draw(rng, kind, days1904), styles[j])
    return top, left, rows, kinds


def plain(cell):
    value = cell.value
    if value is None or cell.data_type == "e":
        return None
    if isinstance(value, datetime.timedelta):
        return round(value.total_seconds() * 1000)
    if isinstance(value, (datetime.datetime, datetime.date, datetime.time)):
        return value.isoformat()
    return value


def main():
    for i in range(count):
        rng = random.Random(first * 1_000_003 + i)
        file = folder / f"w{i}.xlsx"
        days1904, in_rows = rng.random() < 0.3, rng.random() < 0.4
        book = xlsxwriter.Workbook(str(file), {"constant_memory": in_rows, "date_1904": days1904})
        shapes = {}
        for name in ["One", "Two & three"][: rng.randint(1, 2)]:
            shapes[name] = write_sheet(book, book.add_worksheet(name), rng, days1904, in_rows)
        book.close()
        merged = rng.choice(["fill", "first"])
        read = openpyxl.load_workbook(file, data_only=True)
        for name, (top, left, rows, kinds) in shapes.items():
            sheet = read[name]
            columns = []
            for j, kind in enumerate(kinds):
                cells = [sheet.cell(top + 2 + i2, left + 1 + j) for i2 in range(rows)]
                values = [plain(cell) for cell in cells]
                for area in sheet.merged_cells.ranges if merged == "fill" else []:
                    if area.min_col == left + 1 + j:
                        for row in range(area.min_row, area.max_row + 1):
                            values[row - top - 2] = plain(sheet.cell(area.min_row, area.min_col))
                columns.append({"name": f"{kind} {'abcdef'[j]}", "kind": kind, "cells": values})
            print(json.dumps({"file": str(file), "sheet": name, "merged": merged, "columns": columns}))


main()
