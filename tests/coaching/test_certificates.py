"""A certificate for whoever has finished: as PDF, and by its number no more than name and programme, if its owner allows."""

import re
import subprocess
import unicodedata

import pytest
import typst
from django.test import Client
from django.urls import reverse

from clients import choosing, papers
from coaching import certificates, following, graduating
from coaching.models import Certificate
from tests.coaching.web.visiting import browser
from tests.graduating import DAY, NOON, graduated

NAMES = ("Zofia Wójcik", "Đặng Thị Hồng Nhung", "Ελένη Παπαδοπούλου", "Дмитрий Шостакович", "Ștefan Țîru")


def text_of(pdf):
    done = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True)
    return unicodedata.normalize("NFC", " ".join(done.stdout.decode().split()))


def award(**changes):
    told = {"name": "Mina", "programme": "Across", "on": NOON.date(), "number": "2345-6789-ABCD", "lines": ("Eight.",),
            "brand": "The house", "address": ""}  # fmt: skip
    return papers.Award(**told | changes)


def words(response):
    return " ".join(response.content.decode().split())


def allow(cast, who):
    following.agree(cast.enrolment(who), "certificate", by=who, at=NOON)


# --- On paper ---------------------------------------------------------------------------------------


@pytest.mark.pdf
def test_it_says_who_finished_what_when_and_its_number(cast, now):
    enrolment, now.at = graduated(cast, cast.mina), NOON
    number = certificates.of(enrolment).number

    answer = browser(cast.mina).get(reverse("certificate-pdf"))

    said = text_of(answer.content)
    told = ["Mina", "has finished the programme", enrolment.cohort.edition.title, "1 May 2026", f"Number {number}"]
    assert [one for one in told if one not in said] == []
    assert answer.headers["Content-Disposition"] == 'attachment; filename="certificate.pdf"'
    assert "looked up" not in said
    allow(cast, cast.mina)
    assert number in text_of(browser(cast.mina).get(reverse("certificate-pdf")).content).partition("looked up at")[2]


@pytest.mark.pdf
@pytest.mark.parametrize("name", NAMES)
def test_a_name_stands_there_as_it_is_written(name, monkeypatch):
    """With the fonts that are shipped, so on every machine."""
    alone = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)
    monkeypatch.setattr(papers, "_fonts", lambda: alone)

    paper = papers.of_certificate(award(name=name))

    assert (paper.missing, name in text_of(paper.pdf)) == ((), True)


@pytest.mark.pdf
@pytest.mark.parametrize("name", ["王小明", "김수진", "สมชาย"])
def test_what_no_shipped_font_has_is_said_and_never_left_out(name, monkeypatch):
    alone = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)
    monkeypatch.setattr(papers, "_fonts", lambda: alone)

    paper = papers.of_certificate(award(name=name))

    said = text_of(paper.pdf)
    assert set(paper.missing) == set(name)
    assert all(f"U+{ord(one):04X}" in said for one in paper.missing)


@pytest.mark.pdf
def test_it_is_one_tagged_page_however_long_a_name_is_and_never_read_as_markup():
    hostile = '#panic("no") $x^2$ *bold* <label> #read("/etc/passwd") ' + "van den Bergh " * 5

    pdf = papers.of_certificate(award(name=hostile, programme="Long " * 20)).pdf

    about = subprocess.run(["pdfinfo", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    facts = dict(re.findall(r"^([\w ]+): +(.+)$", about, re.M))
    assert (facts["Pages"], facts["Tagged"]) == ("1", "yes")
    assert '#read("/etc/passwd")' in text_of(pdf)


# --- By its number ----------------------------------------------------------------------------------


def test_a_number_tells_name_and_programme_only_while_its_owner_allows_it(cast):
    enrolment = graduated(cast, cast.mina)
    number, title = certificates.of(enrolment).number, enrolment.cohort.edition.title
    address = reverse("certificate", args=[number])
    unknown = Client().get(reverse("certificate", args=["2345-6789-ABCD"]))

    before = Client().get(address)
    assert (before.status_code, unknown.status_code, before.context["found"]) == (404, 404, None)
    assert "Mina" not in words(before)
    allow(cast, cast.mina)
    seen = Client().get(address)
    assert ("Mina" in words(seen), title in words(seen), "mina@" in words(seen)) == (True, True, False)
    assert Client().get(f"/api/v1/certificates/{number}/").json() == {"name": "Mina", "programme": title}
    assert certificates.find(number.lower().replace("-", " ")) == certificates.Confirmed("Mina", title)
    following.withdraw(enrolment, "certificate", by=cast.mina, at=NOON + DAY)
    assert Client().get(address).status_code == 404


def test_it_goes_when_finishing_is_taken_back_and_the_next_has_another_number(cast):
    first = certificates.of(graduated(cast, cast.mina)).number

    graduating.take_back(cast.enrolment(cast.mina), by=cast.ada, at=NOON + DAY)
    assert not Certificate.objects.exists()
    graduating.graduate(cast.enrolment(cast.mina), by=cast.ada, at=NOON + DAY)

    assert Certificate.objects.get().number != first


def test_a_name_that_changes_changes_on_the_certificate(cast):
    enrolment = graduated(cast, cast.mina)
    choosing.choose(cast.mina, name="Mina Sá", at=NOON)

    assert certificates.award(certificates.of(enrolment), cast.enrolment(cast.mina)).name == "Mina Sá"


def test_nobody_else_has_it(cast, now):
    graduated(cast, cast.mina)
    now.at = NOON

    for who in (cast.noor, cast.omar, cast.tomas, cast.ada, cast.lena):
        assert browser(who).get(reverse("certificate-pdf")).status_code == 404
