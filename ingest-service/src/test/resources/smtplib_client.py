"""Submits mails with Python's smtplib, as an application would; prints one line a reply."""

import smtplib
import sys
from email.message import EmailMessage

port = int(sys.argv[1])
with smtplib.SMTP("127.0.0.1", port, local_hostname="python.example") as client:
    client.ehlo()
    print("features", " ".join(sorted(client.esmtp_features)))

    message = EmailMessage()
    message["Subject"] = "from smtplib"
    message["From"] = "sender@example.org"
    message["To"] = "one@example.org, two@example.net"
    message["Message-ID"] = "<smtplib@python.example>"
    message.set_content("Lines\n.with a dot\n..with two\n.\n")
    refused = client.send_message(
        message, mail_options=["BODY=8BITMIME"], rcpt_options=["NOTIFY=FAILURE"]
    )
    print("refused", refused)

    try:
        client.sendmail("sender@example.org", ["nobody"], "x")
    except smtplib.SMTPRecipientsRefused as error:
        print("refused", error.recipients["nobody"][0])

    client.send_message(message, to_addrs=["three@example.org"])
    print("noop", client.noop()[0])
