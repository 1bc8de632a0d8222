"""Runs queries on an engine: driver.py ENGINE CASES.json ANSWER.json

CASES.json holds tables (columns with types, rows of texts), queries and the table of each; ANSWER.json gets the
engine's version and, for each query, its rows as texts or its error. Nothing is compared here: Rust does that.
For DuckDB CASES.json may instead hold scripts, which are run one after the other.
"""

import decimal
import io
import json
import os
import pwd
import shutil
import subprocess
import sys
import tempfile

WRITTEN = {"true": True, "false": False, None: None}


def cell(value):
    """A value as the comparison wants it."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, decimal.Decimal):
        assert value == value.to_integral_value(), value
        return str(int(value))
    return str(value)


def parsed(kind, text):
    if text is None or kind == "text":
        return text
    if kind == "f64":
        return float(text)
    return WRITTEN[text] if kind == "flag" else int(text)


def quoted(name, quote='"'):
    return quote + name.replace(quote, quote * 2) + quote


def answered(queries, fetch):
    results = []
    for query in queries:
        try:
            columns, rows = fetch(query)
            results.append({"columns": columns, "rows": [[cell(value) for value in row] for row in rows]})
        except Exception as error:  # every engine has errors of its own
            results.append({"error": f"{type(error).__name__}: {error}"})
    return results


def duckdb(asked):
    import duckdb as engine

    types = {"u64": "UBIGINT", "i64": "BIGINT", "f64": "DOUBLE", "text": "VARCHAR", "flag": "BOOLEAN"}
    connection = engine.connect()
    for script in asked.get("scripts", []):
        connection.execute(script)
    for table, held in asked.get("tables", {}).items():
        columns = [(quoted(column["name"]), types[column["type"]]) for column in held["columns"]]
        connection.execute(f"CREATE TABLE {table} ({', '.join(' '.join(column) for column in columns)})")
        lists = [[row[at] for row in held["rows"]] for at in range(len(columns))]
        values = ", ".join(f"CAST(unnest(CAST(? AS VARCHAR[])) AS {of})" for _, of in columns)
        connection.execute(f"INSERT INTO {table} SELECT {values}", lists)

    def fetch(query):
        found = connection.execute(query)
        return [column[0] for column in found.description], found.fetchall()

    results = answered(asked.get("queries", []), fetch)
    return {"version": f"DuckDB {engine.__version__}", "results": results}


def spark(asked):
    import pyspark
    from pyspark.sql import SparkSession
    from pyspark.sql.types import (
        BooleanType,
        DecimalType,
        DoubleType,
        LongType,
        StringType,
        StructField,
        StructType,
    )

    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    types = {"u64": DecimalType(20, 0), "i64": LongType(), "f64": DoubleType(), "text": StringType(), "flag": BooleanType()}
    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    builder = builder.config("spark.driver.bindAddress", "127.0.0.1").config("spark.driver.host", "127.0.0.1")
    session = builder.config("spark.sql.shuffle.partitions", "2").getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    for table, held in asked["tables"].items():
        schema = StructType([StructField(column["name"], types[column["type"]]) for column in held["columns"]])
        rows = []
        for row in held["rows"]:
            values = [parsed(column["type"], text) for column, text in zip(held["columns"], row)]
            wide = [column["type"] == "u64" and value is not None for column, value in zip(held["columns"], values)]
            rows.append([decimal.Decimal(value) if w else value for value, w in zip(values, wide)])
        session.createDataFrame(rows, schema).createOrReplaceTempView(table)

    def fetch(query):
        found = session.sql(query)
        return found.columns, found.collect()

    results = answered(asked["queries"], fetch)
    session.stop()
    return {"version": f"Spark {pyspark.__version__}", "results": results}


def programs():
    """The folder of PostgreSQL's server programs."""
    found = shutil.which("initdb")
    if found:
        return os.path.dirname(os.path.realpath(found))
    root = "/usr/lib/postgresql"
    versions = sorted(os.listdir(root), key=lambda name: [int(part) for part in name.split(".")])
    return os.path.join(root, versions[-1], "bin")


def copied(text):
    """A text as COPY reads it."""
    if text is None:
        return "\\N"
    for character, escape in (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r")):
        text = text.replace(character, escape)
    return text


def postgres(asked):
    types = {"u64": "numeric(20, 0)", "i64": "bigint", "f64": "double precision", "text": "text", "flag": "boolean"}
    folder = tempfile.mkdtemp()
    # The server refuses to run as root.
    account = pwd.getpwnam("postgres") if os.getuid() == 0 else None
    user = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}
    if account:
        os.chown(folder, account.pw_uid, account.pw_gid)
    data = os.path.join(folder, "data")
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "HOME": folder, "PGOPTIONS": "-c client_min_messages=warning"}

    def program(*command, **more):
        path = os.path.join(programs(), command[0])
        return subprocess.run(
            [path, *command[1:]], check=True, cwd=folder, env=environment, capture_output=True, text=True, **more
        )

    program("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync", **user)
    options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
    log = os.path.join(folder, "log")
    program("pg_ctl", "-D", data, "-l", log, "-o", options, "-w", "start", **user)
    try:

        def psql(script):
            arguments = ["psql", "-X", "-q", "-t", "-A", "-h", folder, "-U", "postgres", "-v", "ON_ERROR_STOP=1"]
            return program(*arguments, input=script).stdout

        script = io.StringIO()
        for table, held in asked["tables"].items():
            columns = ", ".join(f"{quoted(c['name'])} {types[c['type']]}" for c in held["columns"])
            script.write(f"CREATE TABLE {table} ({columns});\nCOPY {table} FROM stdin;\n")
            for row in held["rows"]:
                script.write("\t".join(copied(text) for text in row) + "\n")
            script.write("\\.\n")
        psql(script.getvalue())

        def fetch(query):
            # Rows as JSON, so that a NULL, a text and a number are told apart; numbers keep every digit.
            text = psql(f"SELECT json_build_array(sent)::text FROM (\n{query}\n) AS sent;\n")
            rows = [json.loads(row, parse_int=str)[0] for row in text.splitlines()]
            return list(rows[0] if rows else []), [row.values() for row in rows]

        results = answered(asked["queries"], fetch)
        version = psql("SHOW server_version;").strip()
    finally:
        program("pg_ctl", "-D", data, "-m", "immediate", "stop", **user)
        shutil.rmtree(folder, ignore_errors=True)
    return {"version": f"PostgreSQL {version}", "results": results}


def main():
    engine, asked, answer = sys.argv[1:]
    with open(asked, encoding="utf-8") as file:
        cases = json.load(file)
    found = {"duckdb": duckdb, "spark": spark, "postgres": postgres}[engine](cases)
    with open(answer, "w", encoding="utf-8") as file:
        json.dump(found, file)


main()
