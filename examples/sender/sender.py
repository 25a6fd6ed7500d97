#!/usr/bin/python3
"""Sends the letters of reminder, and original invoices: claims, hands over, confirms.

Letters by email go to an SMTP server, or as .eml files into a folder; letters
by print go as HTML files into the folder, ready to be printed. The connection
is libpq's: PGHOST, PGDATABASE and so on, or --dsn.

It can be killed anywhere. What it had claimed is claimed again when the lease
has run out; what it had handed over and not confirmed is handed over again
under the same name: the same file, or an email with the same Message-ID. What
was confirmed is never claimed again.
"""

import argparse
import datetime
import decimal
import functools
import itertools
import json
import os
import select
import signal
import smtplib
import sys
import time

import psycopg
from psycopg.rows import dict_row
from psycopg.types.json import set_json_loads

from letter import as_email, as_file, as_letter, kind, lines


class Failure(Exception):
    """A letter that cannot be handed over; for_good: and never will be."""

    def __init__(self, reason, for_good=False):
        super().__init__(reason)
        self.for_good = for_good


class Unreachable(Exception):
    """Nothing can be handed over at present."""


def log(words):
    """Says something on standard error."""
    print(f"sender: {words}", file=sys.stderr, flush=True)


def crash_point(name):
    """Dies at the place that SENDER_CRASH names, as by kill -9: for the test."""
    if os.environ.get("SENDER_CRASH") == name:
        os.kill(os.getpid(), signal.SIGKILL)


class Folder:
    """A folder for files. A letter's file has the letter's name, so that a repeat takes its own place."""

    together = 100  # letters confirmed at a time

    def __init__(self, path):
        self.path = path
        os.makedirs(path, exist_ok=True)

    def put(self, name, content):
        """Writes a file whole or not at all, and on the disk when it returns."""
        part = os.path.join(self.path, f".{name}.part")
        try:
            with open(part, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            crash_point("written")
            os.replace(part, os.path.join(self.path, name))
            directory = os.open(self.path, os.O_RDONLY)
            try:
                os.fsync(directory)
            finally:
                os.close(directory)
        except OSError as error:
            raise Failure(f"{name}: {error.strerror}") from error

    def send(self, letter, message):
        """Keeps an email as a file."""
        self.put(f"{letter['dedupe_key']}.eml", message.as_bytes())

    def close(self):
        """Has nothing to close."""


class Server:
    """An SMTP server. The connection is kept from letter to letter."""

    together = 1  # a letter that was taken is confirmed at once: a repeat would be seen

    def __init__(self, address):
        host, _, port = address.rpartition(":")
        self.host, self.port = (host, int(port)) if host else (address, 25)
        self.connection = None

    def connect(self):
        """Connects, if it is not connected."""
        try:
            if self.connection is None:
                self.connection = smtplib.SMTP(self.host, self.port, timeout=30)
        except (OSError, smtplib.SMTPException) as error:
            raise Unreachable(f"SMTP server {self.host}:{self.port}: {error}") from error

    def send(self, letter, message):
        """Hands an email over; it is the server's when this returns."""
        self.connect()
        try:
            self.connection.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            code, words = next(iter(error.recipients.values()))
            raise Failure(answer(code, words), for_good=code >= 500) from error
        except smtplib.SMTPResponseException as error:
            self.close()
            raise Failure(answer(error.smtp_code, error.smtp_error),
                          for_good=isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= 500) from error
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise Failure(str(error)) from error

    def close(self):
        """Ends the connection."""
        if self.connection is not None:
            self.connection.close()
        self.connection = None


def answer(code, words):
    """Gives what an SMTP server answered."""
    return f"{code} {words if isinstance(words, str) else words.decode(errors='replace')}"


class Sender:
    """Claims letters and hands them over, until stopped."""

    def __init__(self, options):
        self.options = options
        self.folder = Folder(options.folder)
        self.mail = Server(options.smtp) if options.smtp else self.folder
        self.database = None
        self.unconfirmed = {"letters": [], "invoices": []}  # handed over; kept when the connection is lost
        self.woken = False
        self.stopped = False

    def connect(self):
        """Connects and listens."""
        self.database = psycopg.connect(self.options.dsn, autocommit=True, row_factory=dict_row)
        # money is exact
        set_json_loads(functools.partial(json.loads, parse_float=decimal.Decimal, parse_int=decimal.Decimal), self.database)
        self.database.add_notify_handler(lambda notify: setattr(self, "woken", True))
        self.database.execute("LISTEN reminder_letters")

    def call(self, sql, *values):
        """Runs a statement and gives its rows."""
        return self.database.execute(sql, values).fetchall()

    def as_of(self):
        """Gives the business date of what is done now."""
        return self.options.as_of or datetime.date.today()

    def claim(self, what, channel):
        """Claims a few letters, or original invoices, of a channel."""
        claimed = self.call(f"SELECT * FROM reminder.claim_{what}(%s, %s, %s, make_interval(secs => %s))",
                            channel, self.options.creditor, self.options.batch, self.options.lease)
        return claimed if what == "letters" else [as_letter(invoice) for invoice in claimed]

    def confirm(self, at_least=1):
        """Confirms what was handed over, if that is enough to be worth a call."""
        for what, keys in self.unconfirmed.items():
            if len(keys) < at_least:
                continue
            for answer in self.call(f"SELECT * FROM reminder.confirm_{what}(%s, %s, %s)", keys, self.as_of(), self.options.creditor):
                log(f"{answer['dedupe_key']}: {answer['words']}")
            self.unconfirmed[what] = []
            crash_point("confirmed")

    def release(self, letters):
        """Gives letters back."""
        self.call(f"SELECT reminder.release_{kind(letters[0])}(%s, %s)", [letter["dedupe_key"] for letter in letters], self.options.creditor)

    def fail(self, letter, failure):
        """Has a letter tried again, each time after twice as long, or says that it finally failed."""
        wait = None if failure.for_good else min(self.options.retry * 2 ** (letter["attempt"] - 1), 86400)
        for answer in self.call(f"SELECT * FROM reminder.fail_{kind(letter)}(%s, left(%s, 250), %s, make_interval(secs => %s), %s, %s)",
                                [letter["dedupe_key"]], str(failure) or "unknown", self.as_of(), wait, self.options.attempts, self.options.creditor):
            log(f"{answer['dedupe_key']}: {failure}: {answer['outcome']}")

    def add_interest(self, letter):
        """Adds how the interest of each invoice comes about, which a demand must say."""
        for line in lines(letter):
            line["periods"] = self.call("SELECT * FROM reminder.invoice_interest(%s, %s, %s)", letter["creditor_id"],
                                        line["invoice_no"], line["interest_until"]) if line["interest"] else []

    def hand_over(self, letter):
        """Hands one letter over. Raises Failure, or Unreachable."""
        try:
            self.add_interest(letter)
            if letter["channel"] == "email":
                message = as_email(letter, self.options.from_address)
                crash_point("rendered")
                self.mail.send(letter, message)
            else:
                name, page = as_file(letter)
                crash_point("rendered")
                self.folder.put(name, page)
        except (ValueError, LookupError) as error:
            raise Failure(f"it cannot be written: {error}", for_good=True) from error
        except psycopg.OperationalError:
            raise
        except psycopg.Error as error:
            raise Failure(str(error)) from error
        crash_point("handed over")

    def send(self, letters):
        """Hands letters over, one after the other; gives back those it does not come to."""
        ends = time.monotonic() + self.options.lease / 2
        while letters and not self.stopped:
            if time.monotonic() > ends:
                self.call(f"SELECT reminder.extend_{kind(letters[0])}(%s, make_interval(secs => %s), %s)",
                          [letter["dedupe_key"] for letter in letters], self.options.lease, self.options.creditor)
                ends = time.monotonic() + self.options.lease / 2
            try:
                self.hand_over(letters[0])
                self.unconfirmed[kind(letters[0])].append(letters[0]["dedupe_key"])
                self.confirm(self.mail.together if letters[0]["channel"] == "email" else self.folder.together)
            except Failure as failure:
                self.fail(letters[0], failure)
            except Unreachable:
                self.confirm()
                self.release(letters)
                raise
            letters.pop(0)
        self.confirm()
        if letters:
            self.release(letters)

    def send_all(self):
        """Sends what waits, until nothing does."""
        self.confirm()
        for what, channel in itertools.product(self.unconfirmed, self.options.channel):
            while not self.stopped:
                letters = self.claim(what, channel)
                crash_point("claimed")
                if not letters:
                    break
                self.send(letters)

    def wait(self, seconds):
        """Waits for a run to end, for a letter to be tried again, or to be stopped."""
        self.mail.close()
        until = time.monotonic() + seconds
        # a second at a time, or a signal would not be noticed
        while not (self.woken or self.stopped) and time.monotonic() < until:
            self.woken = bool(select.select([self.database], [], [], 1)[0])
        self.woken = False

    def run(self):
        """Sends until stopped, or once; tries again what cannot be reached."""
        while not self.stopped:
            try:
                if self.database is None or self.database.closed:
                    self.connect()
                self.send_all()
                if self.options.once:
                    break
                self.wait(self.options.poll)
            except (Unreachable, psycopg.OperationalError) as error:
                log(error)
                if self.options.once:
                    return 1
                time.sleep(self.options.retry)
        self.mail.close()
        return 0


def main():
    """Reads the command line and sends."""
    parser = argparse.ArgumentParser(description="Sends the letters of reminder.")
    parser.add_argument("--folder", required=True, help="where files go: HTML to be printed, and without --smtp emails")
    parser.add_argument("--smtp", metavar="HOST:PORT", help="an SMTP server for emails")
    parser.add_argument("--from", dest="from_address", default="noreply@localhost", help="the address emails come from")
    parser.add_argument("--dsn", default="", help="a connection string of libpq")
    parser.add_argument("--channel", action="append", choices=["email", "print"], help="only this one (both)")
    parser.add_argument("--creditor", type=int, help="only this one's letters (all)")
    parser.add_argument("--batch", type=int, default=100, help="letters claimed at a time (100)")
    parser.add_argument("--lease", type=float, default=300, help="seconds for which they are claimed (300)")
    parser.add_argument("--attempts", type=int, default=5, help="how often a letter is tried (5)")
    parser.add_argument("--retry", type=float, default=60, help="seconds before a letter is tried again, then twice as long (60)")
    parser.add_argument("--poll", type=float, default=30, help="seconds after which it looks without being woken (30)")
    parser.add_argument("--as-of", type=datetime.date.fromisoformat, help="the business date (today)")
    parser.add_argument("--once", action="store_true", help="end when nothing waits")
    options = parser.parse_args()
    options.channel = options.channel or ["email", "print"]
    sender = Sender(options)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: setattr(sender, "stopped", True))
    return sender.run()


if __name__ == "__main__":
    sys.exit(main())
