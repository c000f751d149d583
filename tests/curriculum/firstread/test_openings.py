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
Card payments in the Lisbon shops work again since half past nine.
Our night job can be switched off for good on the 12th.
Nothing was stolen.
The auditors have no findings this year.
The tender goes to the firm from Tallinn unless Legal sees a reason against it.
Moving the call centre to the cloud phone costs more than staying, and we would still do it.
Please hold the newsletter until Thursday.
Two of the three suppliers cannot deliver before June.
With one more tester we make the Easter date; without, we do not.
A wrong tax rate went out on 4,200 receipts yesterday.
For six weeks our backups were empty.
From 1 May, every branch prints its own labels.
I would stop the pilot.
Students lost an hour of exam time this morning and get it back tomorrow.
You were right about the sensor.
After the fire drill on Tuesday all 14 doors closed by themselves.
During the storm the spare line carried all calls.
When the power failed on Sunday, the freezer stayed cold.
Last night's upgrade went through in forty minutes.
In March we paid 31,000 euros for machines nobody used.
We underestimated the data cleaning by a factor of three.
We hired both candidates.
Our search finds four out of five typing mistakes now.
Your vote decides between paper and tablet.
The press can be told that the leak is closed.
Doctors wait eleven seconds for a picture, and patients notice.
Passengers can change their seat on the phone starting Monday.
There is enough money for one of the two projects.
There is a hole in our invoice check, and it has cost us 9,000 euros since January.
We have two weeks of stock left.
We have lost a customer.
I made a mistake in the forecast, and it changes the hiring plan.
At noon the line runs at full speed again.
The old printers stay.
It was the cooling, not the software.
Half the fleet drives with the new map.
One signature separates us from the go-live.
We checked every account, and nobody lost a cent.
I tested the spare generator on Saturday and it held for six hours.
My team needs until the 20th.
Keep the old price list for one more month.
Should the ferry strike last beyond Friday, we run out of spare parts.
If nothing changes, the warehouse is full on 8 November.
Without a second reviewer the release waits.
Because the new contract starts in April, we can drop the night shift in May.
To keep the opening date we give up the coffee bar.
This week's outage will not come back in this form.
This proposal saves each nurse twenty minutes a shift.
Here is what I would do with the 40,000 euros: buy the second scanner.
Status: green, and it stays green if Anna is back on Monday.
Update on the vault: it opens again.
Short answer: yes, from September.
The report you asked for says we can grow by a third without a new hall.
As of today all complaints are answered within a day.
On Friday 17 people could not clock in; all of them get paid.
Thanks to Miguel's shortcut the import takes nine minutes instead of ninety.
Since we changed the glue, no label has come off.
Over the weekend 3,000 visitors used the new gate without a queue.
Currently nobody can book for August.
Initially planned for May, the move now happens in July.
We discussed it with the union and they agree to the new shift plan.
In two of our five plants the new badge fails when it rains.
My advice on the CRM: wait a year.
Ahmed solved the riddle of the missing parcels.
Everything is packed for the move on Saturday.
Monday's figures are wrong by a factor of ten; do not show them.
It takes four weeks, not two.
The cheapest offer is the riskiest.
Hall 3 is cold because a valve sticks.
Seven teams, one calendar: that is possible from June.
So many people signed up that we need a second room.
I'll give Hansen his two columns back tomorrow.
This page loads in a second now.
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
With this mail I would like to give you an overview on the current state.
This document describes the concept for the new archive.
In the framework of the digitalisation initiative several measures were started.
Since the beginning of the year we are busy with the interface to the bank.
The project team met three times and had fruitful discussions.
First I want to explain how the process works today.
A lot of things happened since my last report.
Yesterday there was a meeting with the supplier about the sensors.
At 07:45 the monitoring showed the first red light.
The investigation was started immediately after the first calls.
We received several tickets about the slow portal.
In our department we have a long history with this system.
There are pros and cons.
Many companies nowadays use robots in their warehouses.
Before the decision is taken, it is important to understand the architecture.
Our data platform consists of three layers.
The tool was introduced in 2017 and since then it was extended many times.
Some weeks ago a colleague asked me whether we could compare the two tools.
I have collected some thoughts about the onboarding.
Regarding your question from yesterday I checked with the colleagues.
As already mentioned in the last call, the vendor has changed the interface.
In this sprint the focus was on stabilisation.
Just to keep you in the loop, we continued with the mapping.
Please note the following information about the maintenance.
The goal of the workshop was to align all stakeholders.
Everybody is working at full speed on the topic.
After the kick-off in January, requirements were collected from all departments.
During the analysis it turned out that there are several root causes.
When we started with the redesign, the requirements were not clear.
Technically speaking the service uses an asynchronous model.
Quick note on the opening hours.
I was at the meeting of the board, and it was long.
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
