"""What each run is about, what may not happen in it, and what of it has to be whole. The words of the page."""

MUST_BE_ZERO = {
    "submissions": (
        "lost", "doubled", "different from what was sent", "not in the journal or not watched",
        "refused",
    ),
    "milestones": ("lost", "twice or owed to nobody", "early", "while standing still"),
    "mails with keys": ("lost", "second copies", "held because nobody knows", "given up"),
    "mails without keys": ("lost", "second copies nobody flagged", "given up"),
    "outage": ("people told more than once", "stale reminders", "given up"),
    "poison": ("tried more than five times", "others given up", "others kept longer than a minute"),
    "changes": (
        "to whom or what stood still, or had left", "for a reason that had ended", "not settled in the end",
    ),
    "faults": (
        "over five seconds", "without a clear word", "back later than ten seconds",
        "deaf and not flagged within two minutes",
    ),
    "machine": ("failed",),
    "double actions": ("failed",),
    "tasks": ("failed",),
    "time": ("failed",),
}  # fmt: skip
WHOLE = {
    "submissions": ("acknowledged", "tried"),
    "milestones": ("messages that came", "messages owed"),
    "mails with keys": ("settled", "mails"),
    "mails without keys": ("settled", "mails"),
    "outage": ("settled", "overdue"),
    "poison": ("set aside", "poisonous"),
    "changes": ("operations", "operations asked for"),
    "faults": ("scenarios that were over in ten seconds", "scenarios"),
    "machine": ("passed", "tests"),
    "double actions": ("passed", "tests"),
    "tasks": ("passed", "tests"),
    "time": ("passed", "tests"),
}
# What a long run is meant to reach. Where this machine's hour is too short for it, the page shows both.
MEANT = {
    "submissions": {"tried": 50_000, "kills": 900, "database stops": 20},
    "milestones": {"milestones": 20_000, "kills of workers": 300},
    "mails with keys": {"mails": 20_000},
    "mails without keys": {"mails": 20_000},
    "outage": {"overdue": 100_000},
    "poison": {"poisonous": 120},
    "changes": {"operations": 5_000},
    "faults": {"scenarios": 12, "seconds of a black hole": 45},
    "machine": {"lives": 5_000},
    "double actions": {"rounds of each": 500},
    "time": {"examples of each": 20_000},
}
TITLES = {
    "submissions": "Handing in homework",
    "milestones": "Milestones and their messages",
    "mails with keys": "Mail through a provider that honours keys",
    "mails without keys": "Mail through plain SMTP",
    "outage": "Three days without a look",
    "poison": "Rows that break whoever handles them",
    "changes": "Dates that change while mail leaves",
    "faults": "PostgreSQL, Redis and the mail server cut off",
    "machine": "Lives made up by chance, and seeded faults",
    "double actions": "One button, thirty-two at once",
    "tasks": "Every task twice, and dying at every statement",
    "time": "Twelve zones and both nights",
}
_MAILS = (
    "Reminders and invitations leave by two postmen, of whom now and then one stands still for a second with mails in "
    "hand; one in a hundred mails ends the postman with `kill -9` once it is handed over, and of two in a hundred the "
    "answer gets lost."
)
TOLD = {
    "mails with keys": f"{_MAILS} The provider keeps one mail under one Message-ID.",
    "mails without keys": (
        f"{_MAILS} The server keeps everything it is handed. Invitations are sent again and flagged; reminders are held "
        "for a person, because nobody knows whether they arrived."
    ),
    "outage": (
        "Nobody has looked for three days, and each client has five moments overdue. The engine looks; the time is "
        "that until nothing is due any more. Mails leave at 60 a minute afterwards."
    ),
    "poison": (
        "Among milestones that are fine there are some that raise an error, end the process with `kill -9`, crash it by "
        "a wild pointer, ask for a gigabyte, never come back, or cannot be read. Two loops run; leases last two seconds "
        "here and a minute in the product."
    ),
    "submissions": (
        "Clients hand in over the API, half of them after saving a draft, each under a key of its own, and ask again "
        "until they are answered. Meanwhile web workers and now and then the whole web server are killed with "
        "`kill -9`, and PostgreSQL is stopped with `pg_ctl -m immediate`. Afterwards the rows are compared with what "
        "was sent."
    ),
    "milestones": (
        "Milestones come due while two workers and two beats run, and for a part of the time the plain loop as well. "
        "Whoever is at work is killed with `kill -9`, also at the moment between handing a message over and marking "
        "it as sent; the queue's files are deleted, a cohort is paused and resumed, answers of the mail provider get "
        "lost, and PostgreSQL is stopped with `pg_ctl -m immediate`. Early and paused are judged by the database's "
        "clock and rows, seen from another connection at the moment a message is handed over."
    ),
    "changes": (
        "Cohorts are paused, stopped and moved, clients put on hold, given more time or withdrawn, and homework is "
        "handed in, while a worker, a beat and the loop fire and send. Whoever is handed a mail asks the database at "
        "that moment, on a connection of its own, whether it may still go. For what stands still or has left that is "
        "the last word. A hand-in does not wait for a mail server: a mail already in its hands when its reason ends is "
        "counted by itself, and a second later none may leave."
    ),
    "faults": (
        "Each service lies behind a line that is cut, finds nobody there, adds 200 ms to everything that is asked, or "
        "goes silent without an end. Meanwhile two people look at pages, save a draft and invite somebody over and "
        "over. At the end the queue goes silent once more, until the worker that hears nothing is flagged."
    ),
    "machine": (
        "A machine plans, pauses, holds, moves, extends and hands in by chance, while whoever fires and sends dies at "
        "any statement; after every step the rules of the engine are asked. A life has fourteen steps, each a deed, a "
        "moment and a worker's visit. Then faults are planted in the engine one by one, and each has to break a rule."
    ),
    "double actions": (
        "Handing in, accepting an invitation, claiming a review, sending feedback and taking more time, each by "
        "thirty-two at once, over and over: one effect every time."
    ),
    "tasks": (
        "Every task in the queue's registry runs twice, and is ended at its statements one after the other and run "
        "again: the end is the same."
    ),
    "time": (
        "Due times, openings, reminders, calendar events, pages, API and mails in twelve zones, around the nights on "
        "which clocks change: the same instant to the second, by examples that Hypothesis makes up."
    ),
}
PLAIN_MAIL = (
    "“Handed over again” counts messages that reached the provider more than once under one and the same Message-ID, "
    "because the worker died, or the answer got lost, before the message was marked. A provider that honours such "
    "keys, as the file mail server used here does, keeps one. Plain SMTP has no such keys: there each of these would "
    "be a second copy in somebody's mailbox."
)
