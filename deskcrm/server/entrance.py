"""The endpoints of signing in, and of the devices that are."""

from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import AfterValidator, BaseModel, StringConstraints
from sqlalchemy import select

from deskcrm.domain.users.model import UserRole
from deskcrm.server.accounts import revoke_device, role_of
from deskcrm.server.desk import Desk, TheCaller, TheDesk
from deskcrm.server.faults import NoRights, NotFound, refusals
from deskcrm.server.sign_ins import ACCESS_LIVES, Granted
from deskcrm.store.reader import Reader
from deskcrm.sync.hub.push import Caller
from deskcrm.sync.tables import device_table

router: Final = APIRouter(prefix="/auth/v1", tags=["sign-in"])


def _without_nul(text: str) -> str:
    if "\0" in text:
        raise ValueError("a NUL is no letter")
    return text


Word = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(_without_nul)]
Token = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Password = Annotated[str, StringConstraints(min_length=1, max_length=1_000)]


class SignIn(BaseModel):
    """Name and password, and the device that it is for."""

    user: Word
    password: Password
    device: UUID
    device_name: Annotated[str, StringConstraints(max_length=200), AfterValidator(_without_nul)]


class Refresh(BaseModel):
    """A refresh token: what is sent with it is not needed again."""

    refresh: Token


class Tokens(BaseModel):
    """What opens the other endpoints, and what gives the next of it."""

    access: str
    refresh: str
    expires: datetime
    expires_in: float
    user_id: UUID
    seal: str
    """SHA-256 of the proof that comes with ``revoked``; the device keeps it."""


class Device(BaseModel):
    """A device that was signed in once."""

    id: UUID
    user_id: UUID
    name: str
    last_seen_at: datetime
    revoked_at: datetime | None
    is_this: bool


class Devices(BaseModel):
    """The devices of a person, or of everybody."""

    devices: list[Device]


class Nothing(BaseModel):
    """It is done."""


@router.post("/sign-in", responses=refusals(400, 401, 403, 409, 413, 422, 429, 503))
async def sign_in(request: Request, desk: TheDesk, said: SignIn) -> Tokens:
    """Sign in at a device."""
    address = request.client.host if request.client else ""
    granted = await desk.hash(
        desk.sign_ins.sign_in,
        said.user,
        said.password,
        device=said.device,
        device_name=said.device_name,
        address=address,
    )
    return _tokens(desk, granted)


@router.post("/refresh", responses=refusals(400, 401, 403, 413, 422, 503))
async def refresh(desk: TheDesk, said: Refresh) -> Tokens:
    """Trade a refresh token for the next pair; a second use of the same one ends the sign-in."""
    return _tokens(desk, await desk.as_server(desk.sign_ins.refresh, said.refresh))


@router.post("/sign-out", responses=refusals(400, 401, 403, 413, 422, 503))
async def sign_out(desk: TheDesk, said: Refresh) -> Nothing:
    """End the sign-in that a refresh token belongs to."""
    await desk.as_server(desk.sign_ins.sign_out, said.refresh)
    return Nothing()


@router.get("/devices", responses=refusals(401, 403, 422, 429, 503))
async def list_devices(desk: TheDesk, caller: TheCaller, everybody: bool = False) -> Devices:
    """List one's own devices; an administrator may list everybody's."""
    return Devices(devices=await desk.as_server(_devices, desk, caller, everybody))


@router.delete("/devices/{device}", responses=refusals(401, 403, 404, 422, 429, 503))
async def revoke(desk: TheDesk, caller: TheCaller, device: UUID) -> Nothing:
    """Lock a device out for good: one's own, for an administrator anybody's."""
    await desk.as_server(_revoke, desk, caller, device)
    return Nothing()


def _tokens(desk: Desk, granted: Granted) -> Tokens:
    left = (granted.until - desk.store.clock()).total_seconds()
    return Tokens(
        access=granted.access,
        refresh=granted.refresh,
        expires=granted.until,
        expires_in=min(max(left, 0.0), ACCESS_LIVES.total_seconds()),
        user_id=granted.user,
        seal=granted.seal.hex(),
    )


def _devices(desk: Desk, caller: Caller, everybody: bool) -> list[Device]:
    d = device_table.c

    def ask(db: Reader) -> Any:
        if everybody and role_of(db.connection, caller.user) is not UserRole.ADMINISTRATOR:
            raise NoRights
        query = select(d.id, d.user_id, d.name, d.last_seen_at, d.revoked_at)
        chosen = query if everybody else query.where(d.user_id == caller.user)
        return db.all(chosen.order_by(d.last_seen_at.desc()))

    rows = desk.store.ask(ask)
    return [Device(**row._mapping, is_this=row.id == caller.device) for row in rows]


def _revoke(desk: Desk, caller: Caller, device: UUID) -> None:
    role = desk.store.ask(lambda db: role_of(db.connection, caller.user))
    of = None if role is UserRole.ADMINISTRATOR else caller.user
    if not revoke_device(desk.store, device, of=of):
        raise NotFound
