"""PostgreSQL, Redis and the mail server cut off: what people see meanwhile, and how soon all is well again."""

import pytest

from tests.reliability import faults, report

pytestmark = [pytest.mark.crash, pytest.mark.broker, pytest.mark.alone, pytest.mark.enable_socket]
pytestmark.append(pytest.mark.timeout(600))


def test_with_a_service_gone_every_answer_comes_in_five_seconds_with_a_clear_word_and_all_is_well_ten_seconds_later():
    figures = faults.run()

    assert report.broken("faults", figures) == [], figures
    assert (figures["scenarios"], figures["back later than ten seconds"]) == (3, 0)
    assert figures["good ones among them"] < figures["answers while something was wrong"]
