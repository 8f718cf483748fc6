"""Who may do what on the target: the steps that are out of reach, known before the run."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from supasync import ports
from supasync.catalog import queries, rights
from supasync.catalog.kinds import BY_NAME
from supasync.catalog.object import Object
from supasync.catalog.rebuild import Changes
from supasync.catalog.rights import Right
from supasync.catalog.steps import Step
from supasync.errors import UnexpectedAnswer
from supasync.sql import literal

Argument = str | tuple[str, ...]


@dataclass(frozen=True)
class _Question:
    text: str
    arguments: tuple[Argument, ...]


async def obstacles(
    steps: Iterable[Step], changes: Changes, target: ports.Database
) -> Mapping[int, tuple[str, ...]]:
    """By the step's place: why the target's role cannot perform it, a sentence each.

    At most one call, and none where the role is a superuser and nothing is asked of one.
    Raises: SqlError, UnknownError.
    """
    steps = list(steps)
    needed = _Needed(steps, changes)
    found: dict[int, dict[str, None]] = {}
    asked: dict[_Question, list[tuple[int, Object, Right, str]]] = {}
    for place, step in enumerate(steps):
        sides = needed.sides(step)
        found[place] = dict.fromkeys(needed.told(step, sides))
        for shown, right, role in needed.rights(sides):
            known, questions = needed.answer(right, role, step.verb)
            if known is False:
                found[place][_reason(shown, right, role)] = None
            for question in questions:
                asked.setdefault(question, []).append((place, shown, right, role))
    for question in await _denied(target, list(asked)):
        for place, shown, right, role in asked[question]:
            found[place][_reason(shown, right, role)] = None
    return {place: tuple(reasons) for place, reasons in found.items() if reasons}


def _reason(shown: Object, right: Right, role: str) -> str:
    return f"{shown.title}: " + right.lack.replace("{role}", role)


_Side = tuple[str, Object | None, Object | None]
"""A verb, the target's object, the source's."""
_Answer = tuple[bool | None, tuple[_Question, ...]]


class _Needed:
    """What the steps take, seen from what the plan makes itself."""

    def __init__(self, steps: Iterable[Step], changes: Changes) -> None:
        self._changes = changes
        self._answers: dict[tuple[Right, str, bool], _Answer] = {}
        self._before = self._after = changes.old.state.session
        for step in steps:  # roles and memberships that the plan makes
            if step.verb == "create":
                self._after = changes.after(step.id).enables(self._after)

    @cached_property
    def _made(self) -> dict[tuple[str, ...], Object]:
        """What the plan takes from the source, by id and by claim."""
        made: dict[tuple[str, ...], Object] = {}
        ids = self._changes.made
        for id_ in filter(ids.__contains__, self._changes.new.objects):
            obj = self._changes.after(id_)
            made.update(dict.fromkeys((id_, *obj.claims), obj))
        return made

    def sides(self, step: Step) -> list[_Side]:
        """Of the step, and of what comes with it."""
        old, new = self._changes.old.objects, self._changes.new.objects
        before = old.get(step.id) if step.verb != "create" else None
        after = new.get(step.id) if step.verb != "drop" else None
        return [(step.verb, before, after), *(("create", None, new.get(m)) for m in step.members)]

    def told(self, step: Step, sides: list[_Side]) -> Iterator[str]:
        """What is known without asking."""
        for _, *both in sides:
            for obj in filter(None, both):
                for role in sorted(obj.roles - self._after.roles):
                    yield f"{obj.title}: role {role} does not exist on the target"
        _, old, new = sides[0]
        if shown := new or old:
            for reason in shown.obstacles(step.verb, self._before):
                yield f"{step.label}: {reason}"

    def rights(self, sides: list[_Side]) -> Iterator[tuple[Object, Right, str]]:
        """(object, right, who has to have it), as far as this role does not have them all."""
        for verb, old, new in sides:
            shown = new or old
            if shown is None:
                continue
            needs = shown.requires(verb)
            if not self._before.superuser:
                owned, named = self._owners(old, new), self._names(shown, verb)
                own = shown.needs(old if new is not None else None, verb)
                needs = chain(owned, named, needs, own)
            for right in needs:
                yield shown, right, right.role or self._before.user

    def answer(self, right: Right, role: str, verb: str) -> _Answer:
        """Whether the role has it, None where the target is to be asked, and what."""
        key = right, role, verb == "drop"  # many objects take the same
        if (found := self._answers.get(key)) is None:
            known = None if right.to_be is None else self._becomes(right.to_be)
            asked = () if known is not None else tuple(self._questions(right, role, verb))
            self._answers[key] = found = known, asked
        return found

    def _becomes(self, role: str) -> bool | None:
        """Whether the plan makes this role one that we may be; None: it leaves that as it is.

        One that will not exist is told of by itself.
        """
        if role in self._before.roles and role not in self._after.member - self._before.member:
            return None
        return role in self._after.member or role not in self._after.roles

    def _owners(self, old: Object | None, new: Object | None) -> Iterator[Right]:
        owner = old.owner if old is not None else self._before.user
        if old is not None and owner:
            leaves = new is None and old.schema
            yield rights.drops(owner, leaves) if leaves else rights.acts_as(owner)
        if new is None:
            return
        if new.owner and new.owner != owner:
            yield rights.becomes(new.owner)
            if place := new.owner_needs:
                yield place.of(new.owner)
            yield rights.acts_as(new.owner)
        if old is None or new.grants != old.grants:
            for item in new.grants or ():
                if item.grantor != new.acl_owner:
                    yield rights.becomes(item.grantor)

    def _names(self, shown: Object, verb: str) -> Iterator[Right]:
        """Names in statements are looked up in their schemas."""
        side = self._changes.old if verb == "drop" else self._changes.new
        used = () if verb == "drop" else side.uses.get(shown.id, ())
        schemas: dict[str | None, None] = {}
        for other in (shown.id, *used):
            found = side.objects.get(other)
            schema = found.schema if found else BY_NAME[other[0]].query.schema and other[1]
            schemas[schema] = None
        return (rights.uses_schema(schema) for schema in schemas if schema)

    def _questions(self, right: Right, role: str, verb: str) -> Iterator[_Question]:
        """About what is there, and about what the plan makes of it before it goes on."""
        if role not in self._before.roles:
            return
        made = self._made.get(right.about) if right.about else None
        if made is None or not (verb != "drop" and self._opens(made)):
            yield _Question(right.question, (role, *right.arguments))
        if made is not None:
            holders = {made.owner or self._before.user} | {
                item.grantee
                for item in made.effective_grants
                if right.letter and (right.letter in item.privileges or item.privileges == "all")
            }
            if holders & (self._after.member - self._before.member):
                return
            present = tuple(sorted(holders & (self._before.roles | {""})))
            yield _Question(rights.HOLDS, (role, present))

    def _opens(self, made: Object) -> bool:
        """Whether whose it is, and who may use it, is what the plan says."""
        old = self._changes.old.objects.get(made.id)
        return old is None or (old.owner, old.grants) != (made.owner, made.grants)


async def _denied(target: ports.Database, questions: list[_Question]) -> list[_Question]:
    """Those that the target answers with no. One statement, and one part of it per text."""
    by_text: dict[str, list[int]] = {}
    for number, question in enumerate(questions):
        by_text.setdefault(question.text, []).append(number)
    if not by_text:
        return []
    answer = await target.fetch(
        ask({text: _literal(questions, numbers) for text, numbers in by_text.items()})
    )
    if answer is None:
        raise UnexpectedAnswer(f"{target.name}: the question for privileges got no answer")
    return [questions[number] for number in json.loads(answer)]


def ask(arguments: Mapping[str, str]) -> str:
    """The text that answers the numbers of the questions denied. arguments: by a question's text,
    a jsonb array of [number, [argument, …]] as SQL."""
    parts = "\nunion all ".join(
        f"""select (q->>0)::int as n
from jsonb_array_elements({rows}) q,
  lateral (select q->1 as a) x where ({text}) is false"""
        for text, rows in arguments.items()
    )
    return f"{queries.PINNED}select coalesce(json_agg(n), '[]')::text from ({parts}) denied"


def _literal(questions: list[_Question], numbers: list[int]) -> str:
    rows = [[number, questions[number].arguments] for number in numbers]
    return literal(json.dumps(rows, ensure_ascii=False)) + "::jsonb"
