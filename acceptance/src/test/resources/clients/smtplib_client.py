"""Sends a file by smtplib: HOST PORT TRANSPORT CERTIFICATE USER PASSWORD FROM FILE RECIPIENT..."""
import smtplib
import ssl
import sys

host, port, transport, certificate, user, password, sender, file, *recipients = sys.argv[1:]
context = ssl.create_default_context(cafile=certificate) if transport != "PLAIN" else None
if transport == "IMPLICIT":
    smtp = smtplib.SMTP_SSL(host, int(port), timeout=60, context=context)
else:
    smtp = smtplib.SMTP(host, int(port), timeout=60)
with smtp:
    if transport == "STARTTLS":
        smtp.starttls(context=context)
    smtp.ehlo()
    if user:
        smtp.login(user, password)
    options = ["BODY=8BITMIME"]
    if not (sender + "".join(recipients)).isascii():
        options.append("SMTPUTF8")
    with open(file, "rb") as message:
        refused = smtp.sendmail(sender, recipients, message.read(), mail_options=options)
    assert not refused, refused
