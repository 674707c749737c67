"""Registering for tel: and deskcrm: links."""

import stat
from pathlib import Path

import pytest

from deskcrm.base.errors import UserError
from deskcrm.store.profile import Profile
from deskcrm.ui.shell import links


@pytest.fixture
def on_linux(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Be on Linux, with an xdg-mime that writes down how it was called."""
    tool = tmp_path / "bin" / "xdg-mime"
    tool.parent.mkdir()
    tool.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/called\n')
    tool.chmod(tool.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("PATH", str(tool.parent), prepend=":")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    return tmp_path


def test_links_lead_here_only_after_they_were_asked_to(on_linux: Path) -> None:
    assert not links.is_registered()
    links.register(Profile(on_linux / "my profile"))
    assert links.is_registered()
    text = (on_linux / "share/applications/deskcrm-links.desktop").read_text()
    assert "MimeType=x-scheme-handler/tel;x-scheme-handler/deskcrm;" in text
    assert f'"--profile" "{on_linux}/my profile" "call" %u' in text
    called = (on_linux / "called").read_text()
    assert "default deskcrm-links.desktop x-scheme-handler/tel" in called
    links.unregister()
    assert not links.is_registered()


def test_a_folder_with_odd_signs_stays_one_argument() -> None:
    text = links.desktop_file(["/opt/My $HOME `x` 100%/deskcrm", "call"])
    assert 'Exec="/opt/My \\\\$HOME \\\\`x\\\\` 100%%/deskcrm" "call" %u' in text


def test_without_the_tool_it_says_what_to_install(
    on_linux: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(UserError, match="xdg-mime is not here") as refused:
        links.register(Profile(on_linux))
    assert "xdg-utils" in refused.value.detail


def test_a_mac_is_told_how_it_is_done_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    assert not links.can_register()
    assert "bundle" in links.how_it_works()
