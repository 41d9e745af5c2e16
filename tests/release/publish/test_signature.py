"""Signatures by the real ssh-keygen."""

import shutil
import subprocess
from pathlib import Path

import pytest

from conftest import absent
from keys import allow, make_key
from sikap.errors import InputError, Problem
from sikap.release.publish.signature import sign, signer

SUMS = b"0" * 64 + b"  README.md\n"


@pytest.fixture
def key(tmp_path: Path) -> Path:
    return make_key(tmp_path, "ani")


def test_who_has_signed_is_told(tmp_path: Path, key: Path) -> None:
    signers = allow(tmp_path, make_key(tmp_path, "budi"), key)
    signature = sign(SUMS, key)
    assert signer(SUMS, signature, signers, None) == "ani@example.org"
    assert signer(SUMS, signature, signers, "ani@example.org") == "ani@example.org"


@pytest.mark.parametrize("kind", ["ed25519", "rsa", "ecdsa"])
def test_a_signature_is_for_all_kinds_of_keys(tmp_path: Path, kind: str) -> None:
    key = make_key(tmp_path, "kunci", kind)
    assert signer(SUMS, sign(SUMS, key), allow(tmp_path, key), None) == "kunci@example.org"


def test_nothing_of_the_key_is_kept(tmp_path: Path, key: Path) -> None:
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    signature = sign(SUMS, key)
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before
    assert b"PRIVATE" not in signature


def test_anybody_can_check_it_without_sikap(tmp_path: Path, key: Path) -> None:
    (tmp_path / "SHA256SUMS.sig").write_bytes(sign(SUMS, key))
    signers = allow(tmp_path, key)
    given = ["-n", "sikap", "-I", "ani@example.org", "-f", str(signers)]
    program = shutil.which("ssh-keygen") or absent("there is no ssh-keygen")
    command = [program, "-Y", "verify", *given, "-s", str(tmp_path / "SHA256SUMS.sig")]
    subprocess.run(command, input=SUMS, check=True, capture_output=True)


@pytest.mark.parametrize("identity", [None, "ani@example.org"])
class TestRefusing:
    def refused(self, found: str | Problem) -> bool:
        return isinstance(found, Problem) and found.code == "signature"

    def test_other_checksums(self, tmp_path: Path, key: Path, identity: str | None) -> None:
        signature = sign(SUMS, key)
        assert self.refused(signer(SUMS + b"x", signature, allow(tmp_path, key), identity))

    def test_somebody_who_may_not_sign(
        self, tmp_path: Path, key: Path, identity: str | None
    ) -> None:
        signature = sign(SUMS, make_key(tmp_path, "budi"))
        assert self.refused(signer(SUMS, signature, allow(tmp_path, key), identity))

    def test_a_signature_for_something_else(
        self, tmp_path: Path, key: Path, identity: str | None
    ) -> None:
        signers = allow(tmp_path, key, namespace="git")
        assert self.refused(signer(SUMS, sign(SUMS, key), signers, identity))

    @pytest.mark.parametrize("signature", [b"", b"x", b"\xff\x00"])
    def test_what_is_no_signature(
        self, tmp_path: Path, key: Path, identity: str | None, signature: bytes
    ) -> None:
        assert self.refused(signer(SUMS, signature, allow(tmp_path, key), identity))


def test_another_allowed_signer_is_not_the_one_who_must_have_signed(
    tmp_path: Path, key: Path
) -> None:
    other = make_key(tmp_path, "budi")
    signature = sign(SUMS, other)
    found = signer(SUMS, signature, allow(tmp_path, key, other), "ani@example.org")
    assert isinstance(found, Problem)
    assert "ani@example.org has not signed" in found.found


def test_what_is_no_key_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"\[file-missing\]"):
        sign(SUMS, tmp_path / "nothing")
    (tmp_path / "kunci").write_text("bukan kunci")
    with pytest.raises(InputError, match=r"\[signing\]"):
        sign(SUMS, tmp_path / "kunci")


def test_missing_signers_are_bad_input(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"\[file-missing\].*namespaces="):
        signer(SUMS, b"", tmp_path / "nothing", None)


def test_a_missing_program_is_named(
    tmp_path: Path, key: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(InputError, match=r"\[program-missing\].*ssh-keygen"):
        sign(SUMS, key)
    with pytest.raises(InputError, match=r"\[program-missing\].*ssh-keygen"):
        signer(SUMS, b"", allow(tmp_path, key), None)
