"""Logs in by each mechanism over STARTTLS and submits a mail; SCRAM-SHA-256 by RFC 5802, independent of our code."""
import base64
import hashlib
import hmac
import smtplib
import ssl
import sys

port, user, password = int(sys.argv[1]), sys.argv[2], sys.argv[3]
context = ssl._create_unverified_context()


def session():
    smtp = smtplib.SMTP("127.0.0.1", port, local_hostname="python.example", timeout=60)
    smtp.starttls(context=context)
    smtp.ehlo()
    return smtp


def submit(smtp, mechanism):
    smtp.sendmail("alice@example.org", ["x@example.com"],
                  "From: alice@example.org\r\nSubject: %s\r\n\r\nhello\r\n" % mechanism)
    smtp.quit()
    print("sent", mechanism)


def scram(smtp):
    mac = lambda key, text: hmac.new(key, text.encode(), hashlib.sha256).digest()
    first = "n=%s,r=%s" % (user, "abcdefghijkl")
    code, server = smtp.docmd("AUTH", "SCRAM-SHA-256 " + base64.b64encode(("n,," + first).encode()).decode())
    assert code == 334, code
    server = base64.b64decode(server).decode()
    fields = dict(part.split("=", 1) for part in server.split(","))
    assert fields["r"].startswith("abcdefghijkl")
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), base64.b64decode(fields["s"]), int(fields["i"]))
    client_key = mac(salted, "Client Key")
    without_proof = "c=biws,r=" + fields["r"]
    message = ",".join([first, server, without_proof])
    signature = mac(hashlib.sha256(client_key).digest(), message)
    proof = bytes(a ^ b for a, b in zip(client_key, signature))
    final = without_proof + ",p=" + base64.b64encode(proof).decode()
    code, verifier = smtp.docmd(base64.b64encode(final.encode()).decode())
    assert code == 334, code
    expected = base64.b64encode(mac(mac(salted, "Server Key"), message)).decode()
    assert base64.b64decode(verifier).decode() == "v=" + expected
    code, _ = smtp.docmd("")
    assert code == 235, code


for mechanism in ("PLAIN", "LOGIN"):
    smtp = session()
    smtp.esmtp_features["auth"] = mechanism
    smtp.login(user, password)
    submit(smtp, mechanism)
smtp = session()
scram(smtp)
submit(smtp, "SCRAM-SHA-256")
smtp = session()
try:
    smtp.login(user, "wrong")
except smtplib.SMTPAuthenticationError as error:
    print("refused", error.smtp_code)
