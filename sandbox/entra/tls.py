"""A certificate authority of this machine only, and a server certificate for localhost signed by it."""
from __future__ import annotations

import datetime
import ipaddress
import ssl
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_LIFETIME = datetime.timedelta(days=30)
_SAFETY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class LocalTls:
    """`ca_file` is what a client must trust, `context` is for the server."""

    ca_file: Path
    context: ssl.SSLContext


def local_tls(folder: Path, now: datetime.datetime | None = None) -> LocalTls:
    """The certificates in `folder`, made anew where there are none, they end soon or are damaged.

    The authority's key is thrown away after one signature: whoever trusts `ca.pem` trusts this server alone.
    """
    now = now or datetime.datetime.now(datetime.timezone.utc)
    folder.mkdir(parents=True, exist_ok=True)
    ca_file, server_file = folder / "ca.pem", folder / "server.pem"
    if not _are_good(ca_file, server_file, now):
        _make(ca_file, server_file, now)
    return LocalTls(ca_file, _context(server_file))


def _context(server_file: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(server_file)
    return context


def _are_good(ca_file: Path, server_file: Path, now: datetime.datetime) -> bool:
    """Whether both are there, made for each other, and hold for a while."""
    try:
        _context(server_file)
        ca, server = (x509.load_pem_x509_certificate(file.read_bytes()) for file in (ca_file, server_file))
        server.verify_directly_issued_by(ca)
    except (FileNotFoundError, ssl.SSLError, ValueError, TypeError, InvalidSignature):
        return False
    return ca.not_valid_before_utc < now < ca.not_valid_after_utc - _SAFETY


def _make(ca_file: Path, server_file: Path, now: datetime.datetime) -> None:
    ca_key, server_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    ca_name, server_name = _name("Brickline sandbox authority"), _name("localhost")
    ca = _authority(_certificate(ca_name, ca_name, ca_key.public_key(), now), ca_key)
    server = _server(_certificate(server_name, ca_name, server_key.public_key(), now), ca_key)
    private = server_key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                       serialization.NoEncryption())
    server_file.touch(mode=0o600)
    server_file.write_bytes(private + server.public_bytes(serialization.Encoding.PEM))
    ca_file.write_bytes(ca.public_bytes(serialization.Encoding.PEM))


def _certificate(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey,
                 now: datetime.datetime) -> x509.CertificateBuilder:
    return (x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - _SAFETY).not_valid_after(now + _LIFETIME)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False))


def _authority(builder: x509.CertificateBuilder, key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    usage = x509.KeyUsage(digital_signature=False, content_commitment=False, key_encipherment=False,
                          data_encipherment=False, key_agreement=False, key_cert_sign=True, crl_sign=True,
                          encipher_only=False, decipher_only=False)
    return (builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(usage, critical=True).sign(key, hashes.SHA256()))


def _server(builder: x509.CertificateBuilder, ca_key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    names = x509.SubjectAlternativeName([
        x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
    ])
    return (builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(names, critical=False)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), critical=False)
            .sign(ca_key, hashes.SHA256()))


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])
