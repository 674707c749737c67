"""Plans rows that become clients and their contacts: new, changed, or there already."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from deskcrm.base import words
from deskcrm.base.ids import new_id
from deskcrm.base.words import ntr, tr
from deskcrm.domain.clients.model import Client, ClientId, CustomField, CustomValue
from deskcrm.domain.contacts.model import Contact, PointKind
from deskcrm.domain.duplicates.queries import Likely
from deskcrm.domain.imports.fields import CUSTOM, ImportField, Target, label_of
from deskcrm.domain.imports.likely import said_of
from deskcrm.domain.imports.matching import Known
from deskcrm.domain.imports.plan import Choice, Fate, FieldChange, Mode, RowPlan, Wish
from deskcrm.domain.imports.preparing import Prepared
from deskcrm.domain.imports.twins import Twin, said_of_twin
from deskcrm.domain.names import fold, one_line
from deskcrm.domain.tags.queries import tags_of
from deskcrm.domain.users.model import User
from deskcrm.store.reader import Reader
from deskcrm.store.upsert import in_chunks

F = ImportField
OF_CLIENT: Final = {
    F.LEGAL_NAME: "legal_name", F.TAX_NUMBER: "tax_number", F.KIND_OF_CLIENT: "kind",
    F.WEBSITE: "website", F.INDUSTRY: "industry", F.STREET: "street", F.CITY: "city",
    F.PROVINCE: "province", F.POSTAL_CODE: "postal_code", F.COUNTRY: "country", F.TIER: "tier",
    F.LIFECYCLE: "lifecycle", F.CUSTOMER_SINCE: "customer_since", F.SOURCE: "source",
    F.GOALS: "goals", F.ABOUT: "about", F.CAUTION: "caution", F.OWNER: "owner_id",
}  # fmt: skip
"""By field of an import: the column of the client that it fills."""
OF_CONTACT: Final = {F.POSITION: "position", F.ROLE: "role", F.GREETING: "greeting"}
_AUTOMATIC: Final = (F.TAX_NUMBER, F.NAME, F.PHONE, F.EMAIL)


@dataclass(slots=True)
class Present:
    """What is there already of what rows would change."""

    clients: dict[UUID, Any] = field(default_factory=dict)
    contacts: dict[UUID, Any] = field(default_factory=dict)
    customs: dict[tuple[UUID, str], str] = field(default_factory=dict)
    tags: dict[UUID, set[str]] = field(default_factory=dict)


class PeoplePlanner:
    """Plans row after row; what earlier rows make or say is known to later ones."""

    def __init__(
        self,
        db: Reader,
        known: Known,
        wish: Wish,
        custom: Mapping[str, CustomField],
        likely: Mapping[int, Likely],
        twins: Mapping[int, Twin],
    ) -> None:
        self._known, self._wish, self._likely, self._twins = known, wish, likely, twins
        self._firsts: dict[int, UUID | None] = {twin.line: None for twin in twins.values()}
        """The clients that lines make of which later ones likely speak."""
        self._names = {key: one.name for key, one in custom.items()}
        self._owners = owners(db)
        is_bare = wish.mode is Mode.CREATE and not likely
        self._present = Present() if is_bare else _present(db, known, custom)
        self._made: dict[str, tuple[UUID, int]] = {}
        self._people: dict[tuple[UUID, str], tuple[UUID, int]] = {}
        self._points: dict[tuple[PointKind, str], tuple[UUID, int]] = {}
        self._said: dict[tuple[UUID, str], tuple[str, int]] = {}
        self._of_key: dict[str, tuple[UUID, int]] = {}

    def plan(self, row: Prepared) -> RowPlan:
        """Say what comes of a row."""
        name, person = row.name, row.person
        title = f"{person}, {name}" if person and person != name else name
        plan = RowPlan(row.number, Fate.REJECTED, title, row.trouble, row=row)
        if row.trouble or not self._takes_owner(row, plan):
            return plan
        found, key = self._find(row)
        if len(found) > 1:
            plan.fate, plan.why = Fate.CONFLICT, self._several(found, key)
        elif found:
            self._meets(plan, found[0], key)
        elif (made := self._made_before(row)) is not None:
            self._meets_made(plan, *made)
        elif (likely := self._likely.get(row.number)) is not None:
            self._meets_likely(plan, likely, name)
        elif (twin := self._twins.get(row.number)) and (first := self._firsts[twin.line]):
            self._meets_twin(plan, first, twin.line, said_of_twin(twin))
        else:
            self._is_new(plan, name)
        return plan

    def _meets_likely(self, plan: RowPlan, likely: Likely, name: str) -> None:
        """A client of the workspace is most likely the same: what comes of it is chosen."""
        plan.is_likely = True
        choice = self._wish.choice_of(plan.number)
        if choice is Choice.ADD_ANYWAY:
            self._is_new(plan, name)
            return
        plan.of = plan.client = likely.id
        if choice is Choice.CHANGE_IT:
            self._changes(plan, likely.id)
        else:
            plan.fate, plan.why = Fate.DUPLICATE, said_of(likely)

    def _meets_twin(self, plan: RowPlan, client: UUID, line: int, why: str) -> None:
        """An earlier row most likely makes the same client: what comes of this one is chosen."""
        assert plan.row is not None
        plan.is_likely, plan.twin = True, line
        choice = self._wish.choice_of(plan.number)
        if choice is Choice.ADD_ANYWAY:
            self._is_new(plan, plan.row.name)
            return
        plan.client = client
        if choice is Choice.CHANGE_IT:
            plan.changes = (*self._of_person(plan, client), *self._of_points(plan, client))
        plan.fate = Fate.CHANGED if plan.changes else Fate.DUPLICATE
        plan.why = "" if plan.changes else why

    def _find(self, row: Prepared) -> tuple[list[UUID], str]:
        keys = (self._wish.key,) if self._wish.key else _AUTOMATIC
        for key in keys:
            found = self._known.found_by(key, row)
            if found:
                return found, key
        return [], self._wish.key

    def _made_before(self, row: Prepared) -> tuple[UUID, int, str] | None:
        """Give the client that an earlier row of the file makes, and the row."""
        if self._wish.key and self._wish.key != F.NAME:
            made = self._of_key.get(self._key_of(row))
            return (*made, self._wish.key) if made else None
        made = self._made.get(row.name_key)
        if made or self._wish.key:
            return (*made, F.NAME) if made else None
        for kind, address in row.points:
            at = self._points.get((kind, address.normal))
            if at is not None:
                return (*at, kind.value)
        return None

    def _key_of(self, row: Prepared) -> str:
        key = self._wish.key
        if key in (F.PHONE, F.EMAIL):
            return next((a.normal for kind, a in row.points if kind == key), "")
        return str(row.values.get(key, ""))

    def _is_new(self, plan: RowPlan, name: str) -> None:
        assert plan.row is not None
        if self._wish.mode is Mode.UPDATE:
            plan.why = tr("nobody like this is there to be changed")
            return
        if not name:
            plan.why = tr("there is no name in it")
            return
        plan.fate, plan.client, plan.makes_client = Fate.NEW, new_id(), True
        if plan.number in self._firsts:
            self._firsts[plan.number] = plan.client
        self._made.setdefault(plan.row.name_key, (plan.client, plan.number))
        if key := self._key_of(plan.row) if self._wish.key else "":
            self._of_key.setdefault(key, (plan.client, plan.number))
        self._add_person(plan)
        plan.points = plan.row.points
        self._note_points(plan)

    def _meets(self, plan: RowPlan, client: UUID, key: str) -> None:
        """A client of the workspace fits."""
        assert plan.row is not None
        plan.of = plan.client = client
        if self._wish.mode is not Mode.CREATE:
            self._changes(plan, client)
            return
        by_identity = key in (F.NAME, F.TAX_NUMBER)
        is_person = bool(plan.row.company and plan.row.person)
        if self._wish.target is Target.CONTACTS and by_identity and is_person:
            contact = self._person_at(plan, client)
            if contact is None:
                self._adds_person(plan)
                return
            plan.of = contact
        plan.fate = Fate.DUPLICATE
        of = self._known.titles.get(plan.of, "")
        by = label_of(key, self._names)
        plan.why = tr("“{name}” is there already: the same {field}", name=of, field=by)

    def _meets_made(self, plan: RowPlan, client: UUID, number: int, key: str) -> None:
        """An earlier row of the file makes the client."""
        assert plan.row is not None
        plan.client = client
        is_person = bool(plan.row.company and plan.row.person)
        if key == F.NAME and is_person and self._person_at(plan, client) is None:
            self._adds_person(plan)
            return
        by = label_of(key, self._names)
        why = tr("line {n} says it already: the same {field}", n=number, field=by)
        if key == self._wish.key or key == F.NAME:
            plan.fate, plan.why = Fate.DUPLICATE, why
        else:  # under another name, so that it may be a neighbour in one office
            self._meets_twin(plan, client, number, why)

    def _adds_person(self, plan: RowPlan) -> None:
        """Add somebody to a client that is there, or that this file makes."""
        assert plan.row is not None
        plan.fate, plan.of = Fate.NEW, None
        self._add_person(plan)
        plan.points = plan.row.points
        self._note_points(plan)

    def _add_person(self, plan: RowPlan) -> None:
        assert plan.row is not None
        person = plan.row.person
        if not person or not plan.row.company:
            return
        assert plan.client is not None
        plan.contact, plan.makes_contact = new_id(), True
        self._people[(plan.client, plan.row.person_key)] = (plan.contact, plan.number)

    def _person_at(self, plan: RowPlan, client: UUID) -> UUID | None:
        """Give the contact of a client that a row names, or reaches by an address."""
        assert plan.row is not None
        person = plan.row.person_key
        made = self._people.get((client, person))
        if made is not None:
            return made[0]
        known = self._known.people.get(client, {}).get(person)
        if known is not None:
            return known
        for kind, address in plan.row.points if not person else ():
            for at, contact in self._known.points.get((kind, address.normal), ()):
                if at == client and contact is not None:
                    return contact
        return None

    def _note_points(self, plan: RowPlan) -> None:
        assert plan.client is not None
        for kind, address in plan.points:
            self._points.setdefault((kind, address.normal), (plan.client, plan.number))

    def _changes(self, plan: RowPlan, client: UUID) -> None:
        """Say from what to what a row changes a client, its contact and their addresses."""
        row = plan.row
        assert row is not None
        changes = [*self._of_columns(row, OF_CLIENT, self._present.clients.get(client))]
        name = row.company
        before = self._present.clients.get(client)
        # Who is only likely the same keeps the name that the team gave.
        if name and before is not None and name != before.name and not plan.is_likely:
            changes.append(FieldChange(F.NAME, before.name, name))
        changes += self._of_customs(row, client)
        changes += self._of_person(plan, client)
        if plan.contact is not None and not plan.makes_contact:
            changes += self._of_columns(row, OF_CONTACT, self._present.contacts.get(plan.contact))
        changes += self._of_points(plan, client)
        self._settle(plan, client, changes)

    def _of_person(self, plan: RowPlan, client: UUID) -> Iterable[FieldChange]:
        """Name whom a row adds to a client; whoever is there already is known from now on."""
        assert plan.row is not None
        if plan.row.person and plan.row.company:
            plan.contact = self._person_at(plan, client)
            if plan.contact is None:
                self._add_person(plan)
                yield FieldChange(F.PERSON, "", plan.row.person)

    def _of_points(self, plan: RowPlan, client: UUID) -> Iterable[FieldChange]:
        """Name the numbers and addresses that a row adds to a client."""
        assert plan.row is not None
        for kind, address in plan.row.points:
            there = {at for at, _ in self._known.points.get((kind, address.normal), ())}
            noted = self._points.get((kind, address.normal))
            if client not in there and (noted is None or noted[0] != client):
                plan.points.append((kind, address))
                yield FieldChange(kind.value, "", address.typed)
        self._note_points(plan)

    def _settle(self, plan: RowPlan, client: UUID, changes: Sequence[FieldChange]) -> None:
        for change in changes:
            if change.key in (F.PERSON, F.PHONE, F.EMAIL, F.MESSENGER, F.TAGS):
                continue
            whose = plan.contact if change.key in OF_CONTACT else client
            assert whose is not None
            said, number = self._said.setdefault((whose, change.key), (change.after, plan.number))
            if said != change.after:
                plan.fate = Fate.CONFLICT
                plan.why = tr(
                    "{field}: line {n} says “{other}”",
                    field=label_of(change.key, self._names), n=number, other=said,
                )  # fmt: skip
                return
        plan.changes = tuple(changes)
        plan.fate = Fate.CHANGED if changes else Fate.DUPLICATE
        if not changes:
            of = self._known.titles.get(client, "")
            plan.why = tr("“{name}” says all of it already", name=of)

    def _of_columns(
        self, row: Prepared, columns: Mapping[ImportField, str], before: Any
    ) -> Iterable[FieldChange]:
        if before is None:
            return
        for key, column in columns.items():
            value = row.values.get(key)
            if value is None or getattr(before, column) == value:
                continue
            yield FieldChange(key, self._said_of(getattr(before, column)), self._said_of(value))

    def _of_customs(self, row: Prepared, client: UUID) -> Iterable[FieldChange]:
        for key, value in row.values.items():
            if key.startswith(CUSTOM) and value:
                before = self._present.customs.get((client, key), "")
                if before != value:
                    yield FieldChange(key, before, value)
        tags = row.values.get(F.TAGS, ())
        new = [tag for tag in tags if fold(tag) not in self._present.tags.get(client, ())]
        if new:
            yield FieldChange(F.TAGS, "", ", ".join(new))

    def _said_of(self, value: Any) -> str:
        if isinstance(value, UUID):
            return self._owners.get(str(value), ("", ""))[1]
        if isinstance(value, Enum):
            return words.of(value)
        return value.isoformat() if isinstance(value, date) else str(value or "")

    def _takes_owner(self, row: Prepared, plan: RowPlan) -> bool:
        """Find the colleague whom a row names; what cannot be found is not guessed."""
        named = row.values.get(F.OWNER)
        if not isinstance(named, str):
            return True
        found = self._owners.get(fold(named))
        if found is None:
            plan.why = tr("nobody here is called “{name}”", name=named)
            return False
        row.values[F.OWNER] = UUID(found[0])
        return True

    def _several(self, found: Sequence[UUID], key: str) -> str:
        names = ", ".join(self._known.titles.get(one, "") for one in found[:3])
        by = label_of(key, self._names)
        return ntr(
            "{n} client has the same {field}: {names}",
            "{n} clients have the same {field}: {names}",
            len(found), field=by, names=names,
        )  # fmt: skip


def owners(db: Reader) -> dict[str, tuple[str, str]]:
    """Give the people who work here, by name, by address and by id: the id and the name."""
    found: dict[str, tuple[str, str]] = {}
    people = select(User.id, User.name, User.email).where(~User.is_deleted, User.is_active)
    for user_id, name, email in db.all(people):
        entry = (str(user_id), name)
        found[str(user_id)] = entry
        for spelling in (name, " ".join(reversed(one_line(name).split())), email):
            if spelling:
                found.setdefault(fold(spelling), entry)
    return found


def _present(db: Reader, known: Known, custom: Mapping[str, CustomField]) -> Present:
    """Read what the rows found: the columns that can be changed, custom fields and tags."""
    present = Present()
    client_columns = [getattr(Client, name) for name in OF_CLIENT.values()]
    contact_columns = [getattr(Contact, name) for name in OF_CONTACT.values()]
    clients = {one for one in known.titles if one not in _contacts(known)}
    for some in in_chunks(clients):
        found = select(Client.id, Client.name, *client_columns).where(Client.id.in_(some))
        present.clients.update({row.id: row for row in db.all(found)})
        if custom:
            values = select(CustomValue.client_id, CustomValue.field_id, CustomValue.text)
            for client_id, field_id, text in db.all(
                values.where(CustomValue.client_id.in_(some), ~CustomValue.is_deleted)
            ):
                present.customs[(client_id, f"{CUSTOM}{field_id}")] = text
        for client_id, chips in tags_of(db, [ClientId(one) for one in some]).items():
            present.tags[client_id] = {fold(chip.name) for chip in chips}
    for some in in_chunks(_contacts(known)):
        at = select(Contact.id, *contact_columns).where(Contact.id.in_(some))
        present.contacts.update({row.id: row for row in db.all(at)})
    return present


def _contacts(known: Known) -> set[UUID]:
    return {contact for people in known.people.values() for contact in people.values()}
