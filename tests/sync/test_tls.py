"""A server with a certificate: nothing is sent to one that cannot prove who it is."""

import ipaddress
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.users.model import UserRole
from deskcrm.server.place import Place
from deskcrm.sync.peer import SyncError, Trouble
from deskcrm.sync.station.status import explain
from deskcrm.sync.transport import Transport
from tests.server.site import serving
from tests.sync.conftest import MakeDesk
from tests.sync.http_world import rows_of
from tests.watch import Watch

NOW = datetime.now(UTC)
DAY = timedelta(days=1)


@dataclass
class Authority:
    """Signs certificates; its own lies in a file."""

    folder: Path
    name: x509.Name = field(init=False)
    key: ec.EllipticCurvePrivateKey = field(init=False)

    def __post_init__(self) -> None:
        self.folder.mkdir()
        self.name = named("Test authority")
        self.key = ec.generate_private_key(ec.SECP256R1())
        built = begun(self.name, self.name, self.key, NOW - DAY, NOW + DAY)
        is_ca = x509.BasicConstraints(ca=True, path_length=None)
        usage = x509.KeyUsage(
            digital_signature=True,
            key_cert_sign=True,
            crl_sign=True,
            content_commitment=False,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            encipher_only=False,
            decipher_only=False,
        )
        signed = (
            built.add_extension(is_ca, critical=True)
            .add_extension(usage, critical=True)
            .add_extension(
                x509.SubjectKeyIdentifier.from_public_key(self.key.public_key()), critical=False
            )
            .sign(self.key, hashes.SHA256())
        )
        self.path.write_bytes(signed.public_bytes(serialization.Encoding.PEM))

    @property
    def path(self) -> Path:
        """Where its certificate lies."""
        return self.folder / "authority.pem"

    def certify(
        self, *, host: str = "127.0.0.1", until: datetime = NOW + DAY, is_own: bool = False
    ) -> tuple[Path, Path]:
        """Make a certificate and its key; ``is_own``: signed by itself."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = named("Test server")
        alt: x509.GeneralName = (
            x509.IPAddress(ipaddress.ip_address(host)) if host[0].isdigit() else x509.DNSName(host)
        )
        signer, issuer = (key, name) if is_own else (self.key, self.name)
        authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())
        signed = (
            begun(name, issuer, key, NOW - 2 * DAY, until)
            .add_extension(x509.SubjectAlternativeName([alt]), critical=False)
            .add_extension(authority, critical=False)
            .sign(signer, hashes.SHA256())
        )
        paths = self.folder / "server.pem", self.folder / "server.key"
        paths[0].write_bytes(signed.public_bytes(serialization.Encoding.PEM))
        plain = serialization.NoEncryption()
        form = serialization.PrivateFormat.PKCS8
        paths[1].write_bytes(key.private_bytes(serialization.Encoding.PEM, form, plain))
        return paths


def named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def begun(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    since: datetime,
    until: datetime,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(until)
    )


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """Give an authority that the operating system knows."""
    made = Authority(tmp_path / "authority")
    monkeypatch.setenv("SSL_CERT_FILE", str(made.path))
    return made


@pytest.fixture
def stranger(tmp_path: Path) -> Authority:
    """Give an authority that nobody knows."""
    return Authority(tmp_path / "stranger")


@contextmanager
def answering(
    certificate: tuple[Path, Path] | None = None, redirect: str = ""
) -> Iterator[tuple[int, list[str]]]:
    """Run a server; gives its port and what it was asked."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            pass

        def do_GET(self) -> None:
            asked.append(f"{self.path} {self.headers.get('Authorization')}")
            self.send_response(307 if redirect else 200)
            body = b"{}"
            if redirect:
                self.send_header("Location", redirect)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        http.handle_error = lambda *_: None  # type: ignore[method-assign]  # who is refused hangs up
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            http.socket = context.wrap_socket(http.socket, server_side=True)
        thread = threading.Thread(target=http.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield http.server_port, asked
        finally:
            http.shutdown()
            thread.join()


def ask(url: str) -> SyncError | None:
    """Ask something with a token; gives what went wrong."""
    transport = Transport(url)
    try:
        transport.get_json("/health", "the token")
    except SyncError as error:
        return error
    finally:
        transport.close()
    return None


def test_one_that_a_known_authority_vouches_for_is_asked(authority: Authority) -> None:
    with answering(authority.certify()) as (port, asked):
        assert ask(f"https://127.0.0.1:{port}") is None
        assert asked == ["/health Bearer the token"]
    with answering(authority.certify(host="localhost")) as (port, asked):
        assert ask(f"https://localhost:{port}") is None
        assert len(asked) == 1


@pytest.mark.parametrize(
    ("kind", "detail", "said"),
    [
        ("self-signed", "untrusted", "does not trust"),
        ("of a stranger", "untrusted", "does not trust"),
        ("run out", "expired", "has run out"),
        ("of another address", "name", "another server"),
        ("of another name", "name", "another server"),
    ],
)
def test_one_that_cannot_prove_who_it_is_is_told_nothing(
    authority: Authority, stranger: Authority, kind: str, detail: str, said: str
) -> None:
    ways: dict[str, Callable[[], tuple[Path, Path]]] = {
        "self-signed": lambda: authority.certify(is_own=True),
        "of a stranger": stranger.certify,
        "run out": lambda: authority.certify(until=NOW - DAY),
        "of another address": lambda: authority.certify(host="127.0.0.2"),
        "of another name": lambda: authority.certify(host="desk.example.com"),
    }
    with answering(ways[kind]()) as (port, asked):
        error = ask(f"https://127.0.0.1:{port}")
        assert error is not None
        assert (error.trouble, error.detail) == (Trouble.CERTIFICATE, detail)
        assert said in explain(error).title
        assert "Nothing was sent" in explain(error).detail
        assert asked == []


def test_one_that_does_not_speak_tls_is_told_nothing(authority: Authority) -> None:
    with answering() as (port, asked):
        error = ask(f"https://127.0.0.1:{port}")
        assert error is not None
        assert error.trouble in (Trouble.BROKEN, Trouble.OFFLINE)
        assert asked == []


def test_what_is_set_for_requests_does_not_stand_in_for_the_system(
    authority: Authority, stranger: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(stranger.path))
    monkeypatch.setenv("CURL_CA_BUNDLE", str(stranger.path))
    with answering(stranger.certify()) as (port, asked):
        error = ask(f"https://127.0.0.1:{port}")
        assert error is not None
        assert error.trouble is Trouble.CERTIFICATE
        assert asked == []


@pytest.mark.parametrize("scheme", ["https", "http"])
def test_nobody_is_sent_on_to_another_host(authority: Authority, scheme: str) -> None:
    certificate = authority.certify(host="localhost") if scheme == "https" else None
    with answering(certificate) as (elsewhere, heard):
        there = f"{scheme}://localhost:{elsewhere}/health"
        with answering(authority.certify(), redirect=there) as (port, asked):
            error = ask(f"https://127.0.0.1:{port}")
        assert error is not None
        assert error.trouble is Trouble.BROKEN
        assert len(asked) == 1
        assert heard == []


def test_a_whole_exchange_over_tls(
    authority: Authority, place: Place, watch: Watch, make_desk: MakeDesk
) -> None:
    certificate, key = authority.certify()
    tls = {"ssl_certfile": certificate, "ssl_keyfile": key, "ssl_ca_certs": str(authority.path)}
    with serving(place, watch, tls=tls) as site:
        site.add("anna", UserRole.ADMINISTRATOR)
        desk = make_desk("anna", site)
        desk.store.do(create_company, name="Acme")
        assert site.url.startswith("https://")
        receipt = desk.connect()
        assert (receipt.waiting, receipt.agrees) == (0, True)
        assert [row.name for row in rows_of(desk.store, "client")] == ["Acme"]
