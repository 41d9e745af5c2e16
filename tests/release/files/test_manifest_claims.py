import pytest

from sikap.release.files.manifest_claims import read_claims


def test_the_least_is_read_of_any_format() -> None:
    claims = read_claims(b'{"dataset": {"version": "1.0.0"}, "content_hashes": {"a": "b"}, "x": 1}')
    assert claims is not None
    assert claims.content_hashes == {"a": "b"}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff",
        b"[]",
        b"{}",
        b"[" * 99_000,
        b'{"dataset": {}, "content_hashes": {}}',
        b'{"dataset": {"version": "neu"}, "content_hashes": {}}',
    ],
)
def test_of_what_claims_nothing_nothing_is_known(data: bytes) -> None:
    assert read_claims(data) is None
