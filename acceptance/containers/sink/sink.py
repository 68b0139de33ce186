"""What Mailpit promises, as far as tests ask: SMTP on 1025, and GET /api/v1/messages on 8025."""

import email
import email.policy
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock
from urllib.parse import parse_qs, urlsplit

from aiosmtpd.controller import Controller

taken = []
lock = Lock()


class Taker:
    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        with lock:
            taken.append(
                {
                    "ID": str(len(taken)),
                    "MessageID": str(message["message-id"] or "").strip("<>"),
                    "From": {"Address": envelope.mail_from},
                    "To": [{"Address": to} for to in envelope.rcpt_tos],
                    "Subject": str(message["subject"] or ""),
                    "Size": len(envelope.content),
                }
            )
        return "250 2.0.0 Ok"


class Answers(BaseHTTPRequestHandler):
    def do_GET(self):
        asked = urlsplit(self.path)
        if asked.path != "/api/v1/messages":
            self.send_error(404)
            return
        query = parse_qs(asked.query)
        start, limit = int(query.get("start", ["0"])[0]), int(query.get("limit", ["50"])[0])
        with lock:
            newest_first = taken[::-1]
        answer = json.dumps(
            {"total": len(newest_first), "messages": newest_first[start : start + limit]}
        ).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *arguments):
        pass


Controller(Taker(), hostname="0.0.0.0", port=1025, data_size_limit=200_000_000).start()
ThreadingHTTPServer(("0.0.0.0", 8025), Answers).serve_forever()
