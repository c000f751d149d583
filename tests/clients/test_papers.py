"""The promotion case on paper: what is written stands there, on one page, the same page every time."""

import re
import subprocess
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
import typst
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clients import cases, papers
from clients.cases import Case, Evidence, Factor
from tests import keeping
from tests.keeping import WEEK_2, WEEK_8

NAMES = ("José Ñuño", "Őrsi Győző", "Yağmur Doğan", "Đặng Thị Hồng Nhung", "Łukasz Żółć", "Ștefan Țîru")
PROOF = Evidence("They agreed on one check.", "Logistics", "I wrote it", ("Their lead",), ("Ana",), "p. 3", "Good.", 3)
A_CASE = Case(
    name="Zofia Wójcik", zone="Europe/Lisbon", level="Engineering manager", criteria="Built on the written criteria",
    factors=(Factor("influence", "Cross-functional influence", "I moved a team.", (PROOF,)),),
    technical_line="I own the core.", gap_what="I have not hired.", gap_plan="Sit in on three interviews.",
    gap_by=date(2026, 9, 30), ask="Put me forward, please, by 30 June.", conversation_on=None, script="", attempt=None,
    handed_in_at=None,
)  # fmt: skip


reads_pdf = pytest.mark.pdf


def text_of(pdf):
    """The text of a PDF as a reader selects it."""
    done = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True)
    return unicodedata.normalize("NFC", " ".join(done.stdout.decode().split()))


@reads_pdf
def test_the_page_says_everything_and_its_text_can_be_selected(cast):
    found = cases.of_attempt(keeping.handed_in_case(cast.mina))

    text = text_of(papers.of_case(found, at=WEEK_8).pdf)

    told = [found.title, found.name, found.criteria, found.technical_line, found.gap_what, found.gap_plan, found.ask]
    told += [factor.claim for factor in found.factors]
    told += [part for factor in found.factors for line in factor.evidence for part in (line.what, *line.details)]
    assert [part for part in told if part not in text] == []
    assert "22 April 2026" in text
    assert "By 30 September 2026" in text
    assert "Conversation on 24 June 2026" in text


@reads_pdf
def test_the_same_case_is_the_same_file_and_an_attempt_keeps_its_day():
    handed_in = replace(A_CASE, attempt=1, handed_in_at=datetime(2026, 4, 22, 23, 30, tzinfo=UTC))

    first = papers.of_case(handed_in, at=WEEK_2)

    assert papers.of_case(handed_in, at=WEEK_8) == first
    assert "23 April 2026" in text_of(first.pdf)  # past midnight in Lisbon
    assert papers.of_case(A_CASE, at=WEEK_2) != papers.of_case(A_CASE, at=WEEK_8)


@reads_pdf
def test_it_is_tagged_titled_a4_and_one_page():
    pdf = papers.of_case(A_CASE, at=WEEK_8).pdf

    about = subprocess.run(["pdfinfo", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    facts = dict(re.findall(r"^([\w ]+): +(.+)$", about, re.M))
    assert {name: facts[name] for name in ("Title", "Author", "Tagged", "Pages")} == {
        "Title": "Engineering manager", "Author": "Zofia Wójcik", "Tagged": "yes", "Pages": "1",
    }  # fmt: skip
    assert facts["Page size"].endswith("(A4)")
    assert b"pdfuaid:part" in pdf


@reads_pdf
@pytest.mark.parametrize("name", NAMES)
def test_a_name_stands_there_as_it_is_written(name):
    paper = papers.of_case(replace(A_CASE, name=name, level=f"Lead, says {name}"), at=WEEK_8)

    assert paper.missing == ()
    assert text_of(paper.pdf).count(name) == 2


@reads_pdf
def test_a_name_typed_with_marks_of_their_own_is_the_same_name():
    apart = unicodedata.normalize("NFD", "Đặng Hồng")

    assert "Đặng Hồng" in text_of(papers.of_case(replace(A_CASE, name=apart), at=WEEK_8).pdf)


@reads_pdf
@pytest.mark.parametrize("text", ["王小明", "김수진", "👍🏽", "\U0001f1f5\U0001f1f9", "a\x01b", "\ufeff\ufffe"])
def test_what_no_font_has_is_never_left_out_in_silence(text, monkeypatch):
    """Only with the fonts that typst carries, so that it is the same on every machine."""
    alone = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)
    monkeypatch.setattr(papers, "_fonts", lambda: alone)

    paper = papers.of_case(replace(A_CASE, name=f"Ana {text} Sá"), at=WEEK_8)

    said = text_of(paper.pdf)
    assert set(paper.missing) <= set(text)
    assert all(f"U+{ord(one):04X}" in said for one in paper.missing)
    assert said.count(papers.BOX) >= len(paper.missing) > 0


@reads_pdf
def test_what_is_written_is_never_read_as_markup():
    hostile = '#panic("no") $x^2$ *bold* @nobody <label> \\ " #read("/etc/passwd") [] {} // /*'

    paper = papers.of_case(replace(A_CASE, ask=hostile, level=hostile[:80]), at=WEEK_8)

    assert hostile in text_of(paper.pdf)


@reads_pdf
def test_a_case_too_long_for_one_page_goes_on_to_a_second():
    proof = replace(PROOF, what="word " * 50, my_part="part " * 30, trace="place " * 50, quote="said " * 40)
    factors = tuple(Factor(str(n), f"Factor {n}", "claim " * 40, (proof,) * 3) for n in range(4))

    pdf = papers.of_case(replace(A_CASE, factors=factors), at=WEEK_8).pdf

    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) >= 2
    assert text_of(pdf).count("word word") > 0


@reads_pdf
def test_a_blank_case_still_has_a_title():
    blank = replace(A_CASE, level="", factors=(), technical_line="", gap_what="", gap_plan="", ask="")

    assert (blank.is_blank, blank.title) == (True, "Promotion case")
    assert "Promotion case" in text_of(papers.of_case(blank, at=WEEK_8).pdf)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60).filter(lambda text: not any(0xD800 <= ord(one) < 0xE000 for one in text)))
def test_whatever_is_written_becomes_a_page(text):
    assert papers.of_case(replace(A_CASE, level=text, ask=text), at=WEEK_8).pdf.startswith(b"%PDF")


def test_several_at_once_come_to_the_same_page():
    alone = papers.of_case(A_CASE, at=WEEK_8)

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _n: papers.of_case(A_CASE, at=WEEK_8), range(32)))

    assert set(found) == {alone}
