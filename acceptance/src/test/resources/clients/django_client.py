"""Sends by Django with settings from a file: SETTINGS CERTIFICATE FROM SUBJECT TEXT RECIPIENT...; prints what it sent."""
import runpy
import sys

settings_file, certificate, sender, subject, text, *recipients = sys.argv[1:]

from django.conf import settings

settings.configure(**{k: v for k, v in runpy.run_path(settings_file).items() if k.isupper()})

from django.core.mail import EmailMessage

mail = EmailMessage(subject, text, sender, recipients, headers={"X-Kept": "as it is"})
assert mail.send() == 1
sys.stdout.buffer.write(mail.message().as_bytes(linesep="\r\n"))
