"""H2 on first sentences alone: those that lead are left in peace, those that build up are noticed."""

import pytest

from curriculum.firstread import read

LEADS = """\
The export job finished overnight and all 14 regions have their files.
Nobody lost data in last night's outage.
Checkout is slower than it should be, and I know why.
Three of the five migrations are live; the other two go out on Tuesday.
Release 4.2 is out.
Two suppliers have confirmed, one has not.
Please approve the purchase of six scanners before Friday.
Postponing the launch by a week costs us less than launching now.
Over the last month we cut the build time from 40 to 12 minutes.
Last week we shipped the new invoice page to all customers.
We tested both options and recommend the second one.
So far 18 of 20 stores have the new till.
We have been able to restore every account.
Our costs fell by 12 % in March.
No customer is affected by the certificate change.
There is no risk for the May release.
There are two days left to accept the offer, and I think we should.
Good news: the audit passed without findings.
Hi Marta, the contract is signed.
In short: we are two weeks late.
TL;DR: green, nothing needed.
Search results now appear in under a second.
The reason our trains stop is a fifteen-year-old door sensor.
If we sign by Friday we save 20,000 euros.
With regard to the budget, we need 8,000 euros less than planned.
I wanted to let you know that the outage is over.
I am writing to ask for your approval of the new supplier.
As agreed, the pilot ends on Friday; I propose to extend it.
Users cannot log in with Google since 09:00; a fix is on its way.
Our biggest customer renews.
We found the leak.
We met the deadline for the tax report.
We ran out of disk space at 03:00 and lost two reports.
We went live on Monday.
We are testing the new gate with one airline.
My team is building a faster way to pay.
Recently hired staff get their laptop on day one again.
Currently the shop is down for visitors from Italy.
When you open the app tomorrow, you will see your bill first.
Well over half of the stores are done.
""".splitlines()

BUILDS_UP = """\
We looked into the reports from Monday and found several things.
This is the weekly status of the billing project.
As part of the Q3 objectives, the team has been evaluating monitoring tools.
I spent the last days on the import and learned a lot about the file format.
On Monday we started the deployment at 10:00 and at 10:20 the first alert came.
There are different possibilities for the new cache.
Our system was built in 2014 by a contractor and consists of three parts.
I wanted to share some thoughts on the roadmap.
Just a quick heads-up about the new process.
In the meeting yesterday we discussed the open points with the vendor.
First, we checked the logs of all servers.
The following steps were performed.
To understand the problem one has to know how the queue works.
Let me explain how we got here.
Various tests were performed in the staging environment.
Please find below the summary of this sprint.
I hope you are doing well. I wanted to give you an overview of our progress.
When I joined the team there was no documentation.
You may remember that in spring we had some trouble with the printers.
We have had many discussions with the vendor about the price.
The team worked on 14 tickets this week.
Work continued on the new module.
So basically I am looking at the queue.
As you know, the office moves in spring.
Investigated the failures of the night job.
The background of this request is the audit from last year.
""".splitlines()

MORE = " It has been like that for a while. There is more in the file."


def first_note(text):
    return next((note for note in read(text, "flip").notes if note.rule == "H2"), None)


@pytest.mark.parametrize("sentence", LEADS)
def test_a_first_sentence_that_says_how_things_stand_gets_no_note(sentence):
    assert first_note(sentence + MORE) is None


@pytest.mark.parametrize("sentence", BUILDS_UP)
def test_a_first_sentence_on_the_way_to_the_point_gets_a_note(sentence):
    assert first_note(sentence + MORE).title == "The conclusion comes later"


def test_a_late_and_hedged_conclusion_is_noticed_in_a_text_that_opened_without_one():
    text = (
        "The build takes forty minutes and the queue is long in the morning. People wait and drink coffee. "
        "The cache sits on another machine, so maybe we could move it."
    )

    assert first_note(text).noticed == "The first sentence sets the scene."


def test_the_note_marks_the_sentence_after_the_greeting_and_points_to_the_verdict():
    text = "Hi Anna,\n\nWe looked at both vendors. Both are fine. I recommend the second one."

    note = first_note(text)

    assert [text[start:end] for start, end in note.spans] == ["We looked at both vendors."]
    assert note.noticed.endswith("The conclusion may be in sentence 4.")
    assert note.suggestion == "Move sentence 4 to the front."


def test_a_heading_on_its_own_line_is_not_the_first_sentence():
    assert first_note("Weekly update, search team\n\nSearch is on track for 3 June." + MORE) is None


def test_a_bold_line_and_a_list_under_it_are_read_as_what_they_say():
    text = (
        "**Bottom line:** the payroll move is on track for 1 July, and I need one decision from you by Thursday.\n\n"
        "- 4,200 of 4,300 records match; the rest are people with two addresses.\n"
        "- The risk is low: both systems can run side by side for a month.\n"
        "- Decision: which system pays the 100 in July? My recommendation is the old one.\n"
    )

    assert read(text, "update").notes == ()
