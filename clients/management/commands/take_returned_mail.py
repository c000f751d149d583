"""manage.py take_returned_mail: reports about undeliverable mail, from a Maildir or from the mail server's pipe."""

import mailbox
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from clients import returning
from curriculum import clock


class Command(BaseCommand):
    help = "Take what came back to MAIL_RETURN_ADDRESS: one mail on standard input, or every new one in a Maildir."

    def add_arguments(self, parser):
        parser.add_argument("--maildir", metavar="FOLDER", help="with new/ and cur/; what was taken moves to cur/")

    def handle(self, *, maildir, **options):
        if maildir is None:
            self.stdout.write(str(returning.take(sys.stdin.buffer.read(), at=clock.now())))
            return
        if not (Path(maildir) / "new").is_dir():
            raise CommandError(f"{maildir} is no Maildir: it has no folder new/.")
        self.empty(mailbox.Maildir(maildir, factory=None, create=False))

    def empty(self, box):
        """One after the other, each in a transaction of its own; one that was taken is marked as seen."""
        for key, mail in list(box.iteritems()):
            if mail.get_subdir() != "new":
                continue
            taken = returning.take(box.get_bytes(key), at=clock.now())
            mail.set_subdir("cur")
            mail.add_flag("S")
            box[key] = mail
            self.stdout.write(f"{key}: {taken}")
