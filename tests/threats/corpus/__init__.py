"""Hostile requests as data: one table a family, every row with what must become of it and why."""

from tests.threats.corpus import bodies, framing, headers, hosts, lines, targets, unfinished
from tests.threats.corpus.case import Case

FAMILIES: dict[str, tuple[Case, ...]] = {
    "targets": targets.CASES,
    "hosts": hosts.CASES,
    "request lines": lines.CASES,
    "headers": headers.CASES,
    "framing": framing.CASES,
    "bodies": bodies.CASES,
    "unfinished": unfinished.CASES,
}
