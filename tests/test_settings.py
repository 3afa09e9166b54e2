"""What an installation may not set, and the secret that several processes make at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from matchmaker.errors import ConfigurationError
from matchmaker.settings import Settings, read_settings


@pytest.mark.parametrize("origin", ["https://meet.example.org", "http://192.168.1.7:8000", "http://127.evil.example"])
def test_a_demo_is_refused_where_others_could_read_its_inbox(origin):
    with pytest.raises(ConfigurationError, match="demo"):
        Settings(demo=True, public_origin=origin)
    with pytest.raises(ConfigurationError, match="demo"):
        Settings(demo=True, local_origin=origin)


@pytest.mark.parametrize("origin", ["http://127.0.0.1:8000", "http://localhost", "http://[::1]:8000"])
def test_a_demo_runs_on_this_machine(origin):
    assert Settings(demo=True, public_origin=origin).demo


def test_a_short_secret_is_refused_and_not_repeated():
    with pytest.raises(ConfigurationError, match="6 characters; expected at least 16") as refused:
        Settings(secret_key="abcdef")

    assert "abcdef" not in str(refused.value)


def test_processes_that_start_together_share_one_whole_secret(tmp_path):
    with ThreadPoolExecutor(16) as pool:
        read = pool.map(lambda _: read_settings({"MATCHMAKER_DATA_FOLDER": str(tmp_path)}).secret_key, range(64))

    secrets = set(read)
    assert [len(secret) for secret in secrets] == [64]
    assert [file.name for file in tmp_path.iterdir()] == ["secret"]
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600
