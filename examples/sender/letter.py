"""Writes a claimed letter as plain text, as HTML to be printed, and as an email."""

import email.message
import email.policy
import email.utils
import html
import mimetypes
from email.headerregistry import Address

from texts import money, texts

PAGE = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<title>{title}</title>
<style>
@page {{ size: A4; margin: 20mm 25mm; }}
body {{ font: 11pt/1.4 sans-serif; }}
.address {{ margin: 25mm 0 20mm; white-space: pre-line; }}
table {{ border-collapse: collapse; margin: 6mm 0; }}
td {{ padding: 0.5mm 8mm 0.5mm 0; vertical-align: top; }}
.total td {{ border-top: 0.3mm solid; font-weight: bold; }}
</style>
</head>
<body>
<div>{sender}</div>
<div class="address">{address}</div>
<h1>{title}</h1>
<p>{greeting}</p>
<p>{body}</p>
<table>
{rows}
</table>
</body>
</html>
"""


def as_letter(invoice):
    """Gives an original invoice, as claim_invoices() gave it, the shape of a letter."""
    return dict(invoice, stage="invoice", letter_date=invoice["invoice_date"], deadline=invoice["due_date"], email=invoice["sent_to"], lines=None,
                principal=invoice["invoice_amount"], interest=0, interest_until=None, fees=0, total=invoice["to_pay"])


def kind(letter):
    """Tells letters from original invoices, as the functions of reminder do in their names."""
    return "invoices" if letter["stage"] == "invoice" else "letters"


def lines(letter):
    """Gives the invoices of a letter, each as what the letter says of it: most letters are of one."""
    return letter["lines"] or [letter]


def claim(line, say, amount):
    """Gives what the letter lists of one invoice."""
    yield say["invoice"], line["invoice_no"]
    yield say["invoice_date"], line["invoice_date"]
    yield say["due_date"], line["due_date"]
    yield say["claim"], line["claim_description"]
    yield say["principal"], amount(line["principal"])
    if line["interest"]:
        yield say["interest"], amount(line["interest"])
    for period in line["periods"]:
        yield "", say["interest_line"].format(**dict(period, capital=amount(period["capital"])))
    if line["fees"]:
        yield say["fees"], amount(line["fees"])
    if line["to_pay"] != line["total"]:
        yield say["rounding"], amount(line["to_pay"] - line["total"])


def rows(letter):
    """Gives what the letter lists, as pairs of a name and a value, the total among them as "total"."""
    say = texts(letter["language"])

    def amount(value):
        return money(value, letter["currency"], letter["language"])

    yield say["letter_date"], letter["letter_date"]
    yield say["creditor"], letter["creditor_name"]
    for line in lines(letter):
        yield from claim(line, say, amount)
        if letter["lines"]:
            yield say["part"], amount(line["to_pay"])
            yield say["reference"], line["reference"]
    yield "total", amount(letter["to_pay"])
    yield say["deadline"], letter["deadline"]
    yield say["reference"], letter["reference"]
    for number in ("bankgiro", "plusgiro", "iban"):
        yield number.upper() if number == "iban" else number.capitalize(), letter[number]
    yield say["contact"], letter["contact_address"]


def body(letter):
    """Gives what the letter says before it lists."""
    say = texts(letter["language"])
    if not letter["lines"]:
        return say["bodies"][letter["stage"]].format(**letter)
    return f"{say['bodies_for_several'][letter['stage']].format(**letter)} {say['each']}"


def as_text(letter):
    """Writes a letter as plain text."""
    say = texts(letter["language"])
    written = [say["greeting"].format(**letter), "", body(letter), ""]
    written += [f"{say['total'] if name == 'total' else name:<24} {value}" for name, value in rows(letter) if value]
    return "\n".join(written + ["", letter["sender_name"], ""])


def as_html(letter):
    """Writes a letter as HTML, one A4 page that any browser prints or turns into a PDF."""
    say = texts(letter["language"])

    def row(name, value):
        name, mark = (say["total"], ' class="total"') if name == "total" else (name, "")
        return f"<tr{mark}><td>{html.escape(str(name))}</td><td>{html.escape(str(value))}</td></tr>"

    def safe(text):
        return html.escape(str(text or ""))

    return PAGE.format(
        language=safe((letter["language"] or "en")[:2]),
        title=safe(say["titles"][letter["stage"]]),
        sender=safe(" · ".join(part for part in (letter["sender_name"], letter["sender_address"]) if part)),
        address=safe("\n".join(part for part in (letter["customer_name"], letter["address"], letter["country"]) if part)),
        greeting=safe(say["greeting"].format(**letter)),
        body=safe(body(letter)),
        rows="\n".join(row(name, value) for name, value in rows(letter) if value))


def as_file(letter):
    """Gives the name and content of the file to be printed: the document of an original invoice where there is one, else HTML."""
    if letter.get("content"):
        return letter["dedupe_key"] + (mimetypes.guess_extension(letter["media_type"]) or ""), bytes(letter["content"])
    return f"{letter['dedupe_key']}.html", as_html(letter).encode()


def one_line(text):
    """Makes a text fit for a header."""
    return " ".join(text.split())


def as_email(letter, from_address):
    """Writes a letter as an email whose Message-ID is the dedupe key. Raises ValueError for no email address."""
    say = texts(letter["language"])
    message = email.message.EmailMessage(policy=email.policy.SMTP)
    message["Message-ID"] = f"<{letter['dedupe_key']}@{from_address.rpartition('@')[2]}>"
    message["Date"] = email.utils.localtime()
    message["From"] = Address(one_line(letter["sender_name"]), addr_spec=from_address)
    try:
        message["To"] = Address(one_line(letter["customer_name"]), addr_spec=letter["email"] or "")
    except Exception as error:  # whatever the parser of the library meets
        raise ValueError(f"{letter['email'] or 'nothing'} is no email address") from error
    numbers = [line["invoice_no"] for line in lines(letter)]
    message["Subject"] = one_line(f"{say['titles'][letter['stage']]} {', '.join(numbers[:3])}{' …' if len(numbers) > 3 else ''}")
    message.set_content(as_text(letter))
    message.add_alternative(as_html(letter), subtype="html")
    if letter.get("content"):
        maintype, _, subtype = letter["media_type"].partition("/")
        message.add_attachment(bytes(letter["content"]), maintype=maintype, subtype=subtype,
                               filename=letter["invoice_no"] + (mimetypes.guess_extension(letter["media_type"]) or ""))
    return message
