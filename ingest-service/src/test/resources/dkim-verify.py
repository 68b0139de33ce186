"""Verifies every DKIM signature of the files named on standard input, by python3-dkim.

First argument: key records, a line each, name and value. Prints "FILE INDEX ok|bad|error" a signature.
"""
import sys
import dkim

records = {}
with open(sys.argv[1], "rb") as lines:
    for line in lines:
        name, value = line.rstrip(b"\n").split(b" ", 1)
        records[name + b"."] = value


def record(name, timeout=5):
    return records.get(name if name.endswith(b".") else name + b".")


for path in sys.stdin.read().split("\n"):
    if not path:
        continue
    with open(path, "rb") as file:
        message = file.read()
    header = message.split(b"\r\n\r\n", 1)[0]
    count = sum(line.lower().startswith(b"dkim-signature:") for line in header.split(b"\r\n"))
    for index in range(count):
        try:
            verdict = "ok" if dkim.DKIM(message).verify(index, dnsfunc=record) else "bad"
        except dkim.DKIMException as problem:
            verdict = "error " + str(problem).replace("\n", " ")
        print(path, index, verdict)
