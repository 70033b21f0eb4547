"""What every test gets: a state folder of its own and no environment that changes the output."""

import pytest
from hypothesis import settings

settings.register_profile("unhurried", deadline=None)  # no test is about time; a busy machine makes none fail
settings.load_profile("unhurried")


@pytest.fixture(autouse=True)
def alone(monkeypatch, tmp_path_factory):
    home = tmp_path_factory.mktemp("state")
    for name in ("XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(home))
    for name in ("LOSTDEALS_SHEET", "LOSTDEALS_LANG", "COLUMNS", "FORCE_COLOR", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
