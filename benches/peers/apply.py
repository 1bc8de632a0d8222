"""Plays through a policy's arithmetic by polars' lazy engine: scan, filter, with columns, sink.

Reads one JSON object from standard input: `input`, `output`, `consent` (the column that must be true), `repeat`, and
`columns`: for each rounded column its `name` and either `width`, `shift`, `first` and `top` (equal widths) or `from` and
`told` (the buckets' lower edges and what is told of each). Prints one JSON object: `wall` and `cpu`, the least of the
repeats in seconds, `engine`, `version`.
"""

import json
import os
import sys
import time

import polars as pl


def told(column):
    value = pl.col(column["name"])
    if "from" in column:
        edges, said = (pl.Series(column[key], dtype=pl.UInt64) for key in ("from", "told"))
        cut = lambda values: said.gather(edges.search_sorted(values, side="right") - 1)
        return value.map_batches(cut, return_dtype=pl.UInt64, is_elementwise=True)
    width, shift, first, top = (column[key] for key in ("width", "shift", "first", "top"))
    if shift:  # to the nearest multiple: what lies below the first cut is told by the middle of its half bucket
        return pl.when(value < shift).then(first).otherwise((value + shift) // width * width)
    rounded = value // width * width + width // 2
    return rounded if top is None else pl.when(value >= top).then(top).otherwise(rounded)


def main():
    asked = json.load(sys.stdin)
    expressions = [told(column).cast(pl.UInt64).alias(column["name"]) for column in asked["columns"]]

    def run():
        plays = pl.scan_parquet(asked["input"]).filter(pl.col(asked["consent"])).drop(asked["consent"])
        plays.with_columns(expressions).sink_parquet(asked["output"], compression="snappy", engine="streaming")

    wall, cpu = [], []
    for _ in range(asked["repeat"]):
        started, before = time.perf_counter(), os.times()
        run()
        after = os.times()
        wall.append(time.perf_counter() - started)
        cpu.append(after.user - before.user + after.system - before.system)
    print(json.dumps({"wall": min(wall), "cpu": min(cpu), "version": pl.__version__}))


if __name__ == "__main__":
    main()
