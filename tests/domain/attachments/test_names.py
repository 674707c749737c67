"""Names of files from outside, made harmless."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskcrm.domain.attachments.names import is_runnable, safe_name


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("invoice.pdf", "invoice.pdf"),
        ("Счёт № 5.pdf", "Счёт № 5.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Windows\\System32\\cmd.exe", "cmd.exe"),
        ("/abs/olute", "olute"),
        ("a/b\\c.txt", "c.txt"),
        ("..", "file"),
        (".", "file"),
        ("", "file"),
        ("   ", "file"),
        (".bashrc", "bashrc"),
        ("a.exe.", "a.exe"),
        ("a.exe . .", "a.exe"),
        ("a\x00b\x1f.txt", "ab.txt"),
        ("two\nlines.txt", "twolines.txt"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("zero\u200bwidth.txt", "zerowidth.txt"),
        ("con", "_con"),
        ("CON.txt", "_CON.txt"),
        ("lpt1.pdf", "_lpt1.pdf"),
        ("com¹.txt", "_com¹.txt"),
        ("console.txt", "console.txt"),
        ('a<b>c:"d|e?f*.txt', "a_b_c__d_e_f_.txt"),
        ("notes.txt:hidden", "notes.txt_hidden"),
        ("e\u0301.txt", "é.txt"),
        ("a\ud800b.txt", "ab.txt"),
    ],
)
def test_a_name_is_made_harmless(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_a_long_name_keeps_its_ending() -> None:
    short = safe_name("x" * 500 + ".pdf")
    assert len(short) <= 120 and short.endswith("….pdf")
    assert len(safe_name("x" * 500)) == 120
    assert len(safe_name("." + "y" * 500)) <= 120


@given(st.text(max_size=300))
def test_any_name_is_harmless(name: str) -> None:
    safe = safe_name(name)
    assert safe and safe == safe_name(safe)
    assert not set(safe) & set('/\\<>:"|?*\x00\n\r\u202e\u200b')
    assert safe not in (".", "..") and not safe.endswith((".", " "))


@pytest.mark.parametrize(
    "name",
    ["a.exe", "a.pdf.EXE", "a.exe.", "a.docm", "a.html", "a.svg", "a.lnk", "run.sh", "a.ps1"],
)
def test_what_could_run_is_known(name: str) -> None:
    assert is_runnable(name)


@pytest.mark.parametrize("name", ["a.pdf", "a.exe.txt", "exe", "a.png", "a.docx", "a.xlsx", "a"])
def test_what_only_shows_is_known(name: str) -> None:
    assert not is_runnable(name)
