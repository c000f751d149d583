"""A mail's bytes are those the library would write."""

import re
from email import message_from_bytes, policy

import pytest
from django.core.mail import BadHeaderError
from hypothesis import given
from hypothesis import strategies as st

from clients import mime
from clients.mime import Mail, Written

LETTERS = st.text(alphabet="ab XY.,;:<>@=?_-\"'()\\éß“日\t", max_size=120)
TEXTS = st.lists(LETTERS, min_size=1).map("\n".join).filter(bool)
SENDERS = ["Across <across@example.org>", "Åcross <across@example.org>", "across@example.org"]


def mail(
    subject="Week 1", text="One.\n\nTwo.\n", html="<p>One.</p>", to="mina@example.org", sender=SENDERS[0], path="x"
):
    headers = {"From": sender, "Message-ID": "<a@example.org>", "Date": "Mon, 02 Mar 2026 08:00:00 -0000"}
    headers |= {"List-Unsubscribe": f"<https://example.org/{path}>", "X-Across-Kind": "week.unlock"}
    made = Mail(subject=subject, body=text, from_email="across@example.org", to=[to], headers=headers)
    made.attach_alternative(html, "text/html")
    return made


def by_the_library(made, linesep):
    """With its boundary, which is another one every time, and its place for the date."""
    return without_what_differs(made.as_the_library_has_it().as_bytes(linesep=linesep))


def without_what_differs(written):
    boundary = re.search(rb'boundary="([^"]+)"', written)[1]
    return re.sub(rb"Date: [^\r\n]*\r?\n", b"", written.replace(boundary, b"boundary"))


@given(
    subject=LETTERS, text=TEXTS, html=TEXTS, sender=st.sampled_from(SENDERS), path=st.text("xy", max_size=120),
    to=st.sampled_from(["mina@example.org", "m@exämple.org", "mïna@example.org", f"{'x' * 60}@example.org"]),
    linesep=st.sampled_from(["\n", "\r\n"]),
)  # fmt: skip
def test_every_byte_is_the_librarys(subject, text, html, sender, path, to, linesep):
    made = mail(subject, text, html, to, sender, path)

    assert isinstance(made.message(), Written)
    assert without_what_differs(made.message().as_bytes(linesep=linesep)) == by_the_library(made, linesep)


def test_a_mail_program_reads_subject_and_both_texts():
    read = message_from_bytes(
        mail(subject="Woche 1: “Klärung”", text="Größe\n").message().as_bytes(), policy=policy.default
    )

    assert read["Subject"] == "Woche 1: “Klärung”"
    assert [part.get_content().strip() for part in read.iter_parts()] == ["Größe", "<p>One.</p>"]


def test_a_subject_of_two_lines_is_refused():
    with pytest.raises(BadHeaderError):
        mail(subject="Week 1\nBcc: eve@example.org").message()


@pytest.mark.parametrize("changes", [{"cc": ["noor@example.org"]}, {"body": "x" * 999}, {"body": ""}])
def test_what_is_out_of_the_ordinary_is_left_to_the_library(changes):
    made = mail()
    vars(made).update(changes)

    assert not isinstance(made.message(), Written)


def test_no_text_contains_the_boundary_between_them(monkeypatch):
    drawn = iter([7, 7, 8])
    monkeypatch.setattr(mime.secrets, "randbelow", lambda _end: next(drawn))
    first = re.search(rb'boundary="([^"]+)"', mail().message().as_bytes())[1].decode()

    second = re.search(rb'boundary="([^"]+)"', mail(text=f"--{first}\n").message().as_bytes())[1].decode()

    assert (int(first.strip("=")), int(second.strip("="))) == (7, 8)
