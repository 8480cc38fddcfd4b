"""Writes the tables that stdin describes, one JSON object a line, with the libraries that scientists use."""
import datetime
import json
import sys

import openpyxl
import pandas
import pyarrow
import pyarrow.parquet


def value(kind, cell):
    if cell is None:
        return None
    if kind == "integer":
        return int(cell)
    if kind == "number":
        # JSON writes doubles below 1e21 as whole numbers.
        return float(cell)
    if kind == "date":
        return datetime.date.fromisoformat(cell)
    if kind == "timestamp":
        return datetime.datetime.fromisoformat(cell)
    if kind == "time":
        return datetime.time.fromisoformat(cell)
    if kind == "duration":
        return datetime.timedelta(milliseconds=cell)
    return cell


def series(kind, cells):
    values = [value(kind, cell) for cell in cells]
    dtype = {"integer": "Int64", "number": "float64", "boolean": "boolean", "timestamp": "datetime64[us]"}.get(kind, object)
    return pandas.Series(values, dtype=dtype)


def write_csv(table):
    frame = pandas.DataFrame({c["name"]: series(c["kind"], c["cells"]) for c in table["columns"]})
    frame.to_csv(
        table["file"],
        sep=table["separator"],
        quoting=table["quoting"],
        lineterminator=table["lineEnd"],
        encoding=table["encoding"],
        na_rep=table["missing"],
        index=table["index"],
    )


def write_xlsx(table):
    book = openpyxl.Workbook(write_only=table["index"])
    sheet = book.create_sheet("S") if table["index"] else book.active
    sheet.append([c["name"] for c in table["columns"]])
    for row in range(len(table["columns"][0]["cells"])):
        sheet.append([value(c["kind"], c["cells"][row]) for c in table["columns"]])
    book.save(table["file"])


def write_parquet(table):
    types = {
        "integer": pyarrow.int64(),
        "number": pyarrow.float64(),
        "boolean": pyarrow.bool_(),
        "date": pyarrow.date32(),
        "timestamp": pyarrow.timestamp("us"),
        "time": pyarrow.time64("us"),
        "text": pyarrow.string(),
    }
    columns = {c["name"]: pyarrow.array([value(c["kind"], v) for v in c["cells"]], types[c["kind"]]) for c in table["columns"]}
    pyarrow.parquet.write_table(pyarrow.table(columns), table["file"])


for line in sys.stdin:
    table = json.loads(line)
    {"csv": write_csv, "xlsx": write_xlsx, "parquet": write_parquet}[table["format"]](table)
