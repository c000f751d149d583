"""H11 on last sentences alone: what hands something to the reader is seen, a closing phrase is not taken for it."""

import pytest

from curriculum.firstread import read

PLAIN = "The new gate is open and works well. " * 6

ASKS = """\
Would 3 May be too late for you?
May I order them today?
Should we start with Poland or with Spain?
Is Thursday at ten possible?
Who signs in your absence?
Shall I ring him?
The board has to say by Friday which one it wants.
Finance needs to release the money before the 10th.
Your team leads should tell their people before the weekend.
Lend me one electrician for two days.
Send Karin to the meeting in my place.
Block the 14th in your calendar.
If this is fine with you, the change goes in on Sunday.
Should you see it differently, call me before noon.
Unless I am stopped, the order goes out on Monday.
Without a veto from you by Wednesday, we start.
It would help if you mentioned it to the works council.
I would be glad if you opened the meeting.
Only your name on the form is missing.
The form lacks your name.
I am after your support in the steering meeting.
All I am after is a date.
What I need is an hour with your controller.
This one is yours to decide.
The choice between the two is yours.
You can stop worrying about it.
Nobody has to stay late.
Nothing to sign, nothing to pay.
There is nothing you have to prepare.
I only wanted you to know before the press does.
This is for your ears only; I will handle the rest.
We handle it; the next report comes on Friday.
I will be back with the final figure on the 3rd.
Expect my next note on Tuesday.
Until then, leave the old door unlocked.
By the 5th, tell Marta which floor goes first.
One word from you on Monday and the truck leaves.
A short yes is enough.
A thumbs-up is all I need.
Say when.
My request: two more weeks.
So: yes or no?
Let us meet on Thursday and choose.
Could somebody from Legal read page two?
Just approve it in the portal.
I count on you to tell Hamburg.
Hold the invoices of these nine customers until Tuesday.
Take the smaller one off the list.
""".splitlines()

CLOSINGS = """\
The team will continue with the next steps.
Next steps: finish the mapping, extend the tests, update the wiki.
The supplier will send an offer.
More details are in the annex.
You can find the slides in the folder.
You will be informed about the progress.
We will keep you informed.
Thank you for your attention.
If you have further questions, do not hesitate to contact me.
In case of questions please contact the team.
Feel free to reach out.
It is planned to continue in the next sprint.
The topic has to be discussed further.
We have to investigate this further.
Further tests are necessary.
The vendor should fix this.
Developers have to be more careful.
The next sprint starts on Monday.
Your feedback is very welcome.
We are looking forward to the next phase.
The results were presented to the management.
The risk is still open.
There is no solution yet.
It works as designed.
All tests have to be repeated.
The documentation can be found here.
The team needs more time.
We hope for the best.
See attachment for details.
The budget was used to 80 %.
""".splitlines()


def has_a_note(ending, tags=("", "")):
    return any(note.rule == "H11" for note in read(f"{tags[0]}{PLAIN}{tags[1]}{ending}", "update").notes)


@pytest.mark.parametrize("ending", ASKS)
def test_a_request_a_question_a_way_out_or_nothing_needed_is_seen_in_any_words(ending):
    assert not has_a_note(ending)


@pytest.mark.parametrize("ending", CLOSINGS)
def test_a_closing_phrase_or_a_plan_of_ones_own_is_not_an_ask(ending):
    assert has_a_note(ending)


def test_a_request_is_seen_in_what_is_tagged_decide_wherever_it_stands():
    asks = "Sales has to say until 25 May which hotels hear it by phone."

    assert not has_a_note("[C] The list is long.", tags=("[K] ", f"[F] I am calm. [D] I need {asks} "))
