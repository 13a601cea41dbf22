"""The tables of usage: requests one by one, and their sums by minute, hour and day.

A *subject* is what sums are kept of: one alias with one source, model and template. Every sum of
requests is in ``SUMS``; figures are made of these alone, so that nobody reads the records one by
one. Times are seconds since the epoch, days begin at midnight UTC.
"""

from sqlalchemy import (
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

TABLES = MetaData()

SUBJECTS = Table(
    "subjects",
    TABLES,
    Column("id", Integer, primary_key=True),
    Column("uid", Text, nullable=False),
    Column("alias", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("template", Text, nullable=False),
    Column("last_at", Float, nullable=False),
    UniqueConstraint("uid", "source", "model", "template", name="subjects_one_each"),
)

REQUESTS = Table(
    "requests",
    TABLES,
    Column("id", Integer, primary_key=True),
    Column("request_id", Text, nullable=False),
    Column("started_at", Float, nullable=False),
    Column("subject_id", Integer, ForeignKey("subjects.id"), nullable=False),
    Column("version", Integer),
    Column("endpoint", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("status", Integer),
    Column("error", Text),
    Column("prompt_tokens", Integer),
    Column("cached_tokens", Integer),
    Column("completion_tokens", Integer),
    Column("first_token_ms", Float),
    Column("duration_ms", Float, nullable=False),
    Column("generation_ms", Float),
    Column("tokens_per_s", Float),
    Column("overridden", Text),  # a JSON list of registry keys
    Column("user", Text),
    Column("key_id", Text),
    Index("requests_by_request_id", "request_id", unique=True),
)

OUTCOMES = ("finished", "refused", "failed", "interrupted", "left")
TOKENS = ("prompt_tokens", "cached_tokens", "completion_tokens")
# What averages divide by: ``first_tokens`` are the requests whose ``first_token_ms`` is known,
# ``timed_tokens`` the tokens that were generated in ``generation_ms``.
MEASURES = ("first_token_ms", "first_tokens", "duration_ms", "generation_ms", "timed_tokens")
# ``uncounted`` are the requests that finished and whose tokens nobody counted.
SUMS = ("requests", *OUTCOMES, *TOKENS, *MEASURES, "uncounted")


def _sums(name: str) -> Table:
    return Table(
        name,
        TABLES,
        Column("bucket", Integer, primary_key=True),
        Column("subject_id", Integer, ForeignKey("subjects.id"), primary_key=True),
        *(
            Column(one, Float if one in MEASURES else Integer, nullable=False, server_default="0")
            for one in SUMS
        ),
        sqlite_with_rowid=False,
    )


# Seconds that one bucket lasts -> its sums.
SUMS_BY: dict[int, Table] = {
    60: _sums("minutes"),
    3600: _sums("hours"),
    86400: _sums("days"),
}

ADJUSTMENTS = Table(
    "adjustments",
    TABLES,
    Column("bucket", Integer, primary_key=True),
    Column("uid", Text, primary_key=True),
    Column("field", Text, primary_key=True),
    Column("origin", Text, primary_key=True),  # caller or publish
    Column("times", Integer, nullable=False),
    sqlite_with_rowid=False,
)

# What is summed up of the requests that came with one key.
KEY_SUMS = ("requests", "prompt_tokens", "completion_tokens")
KEYS_BY_DAY = Table(
    "key_days",
    TABLES,
    Column("bucket", Integer, primary_key=True),
    Column("key_id", Text, primary_key=True),
    *(Column(name, Integer, nullable=False) for name in KEY_SUMS),
    Column("last_at", Float, nullable=False),
    sqlite_with_rowid=False,
)

EXPERIMENTS = Table(
    "experiments",
    TABLES,
    Column("id", Integer, primary_key=True),
    Column("experiment_id", Text, nullable=False),
    Column("at", Float, nullable=False),
    Column("kind", Text, nullable=False),
    Column("uid", Text, nullable=False),
    Column("changed_fields", Text, nullable=False),  # a JSON list of pointers
    Index("experiments_by_experiment_id", "experiment_id", unique=True),
)

EXPERIMENTS_BY_DAY = Table(
    "experiment_days",
    TABLES,
    Column("bucket", Integer, primary_key=True),
    Column("uid", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("times", Integer, nullable=False),
    sqlite_with_rowid=False,
)
