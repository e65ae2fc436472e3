"""Checks bodies on a Spark cluster: `cfwh validate --json` and `cfwh drift --json` are steps of a pipe, beside the data.

    spark-submit spark_check.py BODIES.ndjson DRIFT.json

Every worker and the driver need `cfwh`, all in the same version. Prints how many bodies have each verdict and break each
rule, and writes the merged result of `drift` to a file.
"""

import json
import os
import subprocess
import sys

from pyspark.sql import SparkSession

CFWH = os.environ.get("CFWH", "cfwh")


def step(command):
    """A command for `pipe`. Exit code 1 says that there are findings; only 2 is a failure."""
    return f"""sh -c '"{CFWH}" {command} --json --numbered -; test $? -lt 2'"""


def number(line):
    """The line with its number in the whole input, so that results name it."""
    body, index = line
    return f"{index + 1}\t{body}"


def counted(line):
    """What one line of `validate --json` counts as."""
    result = json.loads(line)
    rules = [finding["rule"] for finding in result["findings"]]
    return [(("verdict", result["verdict"]), 1)] + [(("rule", rule), 1) for rule in rules]


def main(bodies, drift):
    spark = SparkSession.builder.appName("cfwh").getOrCreate()
    # Only a line feed ends a line: a carriage return may stand between the tokens of a body.
    lines = spark.read.text(bodies, lineSep="\n").rdd.map(lambda row: row.value).zipWithIndex().map(number)

    counts = lines.pipe(step("validate"), checkCode=True).flatMap(counted).reduceByKey(lambda a, b: a + b)
    counts = dict(counts.collect())
    # Bodies without findings have no line.
    found = sum(count for (kind, _), count in counts.items() if kind == "verdict")
    counts["verdict", "clean"] = lines.count() - found
    for (kind, name), count in sorted(counts.items()):
        print(kind, name, count)

    results = lines.pipe(step("drift"), checkCode=True).collect()
    merge = subprocess.run(
        [CFWH, "drift", "--merge", "--json", "-"], input="\n".join(results).encode(), stdout=subprocess.PIPE, check=False
    )
    if merge.returncode > 1:
        sys.exit(merge.returncode)
    with open(drift, "wb") as file:
        file.write(merge.stdout)
    spark.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
