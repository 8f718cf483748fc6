"""Sequences that are no identity's."""

from __future__ import annotations

from supasync.drill.drift import NAME, Drift, Family


def _changed(name: str, what: str, sql: str, needs: str = "a sequence of its own") -> Drift:
    return Drift(
        name=name,
        what=what,
        needs=needs,
        kind="sequence",
        path="s, r",
        sql=f"format('{sql}', q)",
        among="from seq",
    )


FAMILY = Family(
    title="Sequences",
    drifts=(
        Drift(
            name="sequence-added",
            what="there is a sequence that production has not",
            needs="a schema in which sequences may be made",
            kind="sequence",
            path=f"s, '{NAME}_sequence'",
            sql=f"format('create sequence %I.{NAME}_sequence', s)",
            among="from namespace where has_schema_privilege(oid, 'CREATE')",
            there=False,
        ),
        _changed(
            "sequence-dropped",
            "a sequence is gone",
            "drop sequence %s",
            "a sequence that nothing else needs",
        ),
        _changed(
            "sequence-step-changed", "it counts in other steps", "alter sequence %s increment by 7"
        ),
        _changed(
            "sequence-limit-changed", "it ends elsewhere", "alter sequence %s maxvalue 77777777"
        ),
        _changed("sequence-cycles", "it begins again at its end", "alter sequence %s cycle"),
        _changed(
            "sequence-cache-changed", "sessions take more numbers", "alter sequence %s cache 77"
        ),
    ),
)
