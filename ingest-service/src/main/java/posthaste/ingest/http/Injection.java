package posthaste.ingest.http;

import static posthaste.ingest.http.JsonMail.list;
import static posthaste.ingest.http.JsonMail.map;
import static posthaste.ingest.http.JsonMail.text;

import jakarta.mail.internet.InternetAddress;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import posthaste.body.MemoryBudget;
import posthaste.ingest.accept.Acceptor;
import posthaste.ingest.accept.IncomingMail;
import posthaste.ingest.accept.MessageSource;
import posthaste.ingest.accept.Protocol;
import posthaste.ingest.accept.Refusal;
import posthaste.ingest.accept.StorageRoom;
import posthaste.ingest.policy.StreamChoice;
import posthaste.ingest.policy.Submission;
import posthaste.ingest.policy.SubmissionPolicy;
import posthaste.ingest.submitter.Submitter;
import posthaste.mail.address.EmailAddress;
import posthaste.mail.address.InvalidAddressException;
import posthaste.mail.address.ReversePath;
import posthaste.mail.envelope.BodyType;
import posthaste.mail.envelope.Envelope;
import posthaste.mail.envelope.MailId;
import posthaste.mail.envelope.Recipient;
import posthaste.mail.envelope.Ret;
import posthaste.mail.envelope.Stream;
import posthaste.mail.status.Reply;

/** Makes incoming mails of requests, asked about and accepted as SMTP's are. */
public final class Injection {
    private final SubmissionPolicy policy;
    private final StreamChoice streams;
    private final Acceptor acceptor;
    private final StorageRoom room;
    private final MemoryBudget memory;
    private final InstantSource clock;
    private final Limits limits;

    /**
     * How much a request may hold.
     *
     * @param message octets of a message
     * @param header octets of its header
     * @param json octets of a mail as JSON
     * @param recipients of a request
     * @param memoryWait how long a request waits for memory
     * @param patience with its body
     * @param stream of mail that names none
     */
    public record Limits(
            long message,
            long header,
            long json,
            int recipients,
            Duration memoryWait,
            BodyPatience patience,
            Stream stream) {}

    public Injection(
            SubmissionPolicy policy,
            StreamChoice streams,
            Acceptor acceptor,
            StorageRoom room,
            MemoryBudget memory,
            InstantSource clock,
            Limits limits) {
        this.policy = policy;
        this.streams = streams;
        this.acceptor = acceptor;
        this.room = room;
        this.memory = memory;
        this.clock = clock;
        this.limits = limits;
    }

    /** The same for one request, as for a session of SMTP; ended by {@link #ended}. */
    Injection request() {
        return new Injection(policy.session(), streams, acceptor, room, memory, clock, limits);
    }

    /** The request is over. */
    void ended() {
        policy.ended();
    }

    /** The client has shown its key, and not said more yet. */
    void admit(Submitter submitter, long declaredOctets) {
        if (!room.isLeft()) {
            throw HttpProblem.of(Refusal.noSpace().reply());
        }
        if (declaredOctets > Math.max(limits.message(), limits.json())) {
            throw HttpProblem.of(413, "A message may have " + limits.message() + " octets.");
        }
        policy.client(submitter).ifPresent(Injection::refuse);
    }

    /** What the client sends, as long as it keeps sending. */
    InputStream body(Submitter submitter, InputStream in) {
        return new TimedBody(
                in, limits.patience(), () -> policy.haste(submitter), System::nanoTime);
    }

    /**
     * A message as it is.
     *
     * @param from the reverse-path; empty: taken from the header, as are the recipients
     */
    Accepted raw(
            Submitter submitter,
            Optional<String> from,
            List<String> to,
            Optional<String> stream,
            InputStream message)
            throws IOException {
        InputStream content = message;
        String sender;
        List<EmailAddress> recipients = new ArrayList<>();
        if (from.isEmpty() && to.isEmpty()) {
            HeaderAhead ahead = HeaderAhead.read(message, limits.header());
            content = ahead.message();
            sender = ahead.sender().toString();
            recipients.addAll(ahead.recipients());
        } else {
            sender = from.orElseThrow(() -> HttpProblem.of(422, "from is missing."));
            to.forEach(one -> recipients.add(address("to", one)));
        }
        Outgoing outgoing = outgoing(submitter, sender, stream);
        return new Batch(outgoing)
                .send(recipients, new RawMessage(content, limits.message()), true)
                .accepted();
    }

    /** A mail as JSON, read into memory by the caller. */
    Accepted composed(Submitter submitter, JsonMail mail) throws IOException {
        String from = Composer.address("from", text(mail.from())).getAddress();
        String envelopeFrom = text(mail.envelopeFrom());
        Outgoing outgoing =
                outgoing(
                        submitter,
                        envelopeFrom.isEmpty() ? from : envelopeFrom,
                        Optional.of(text(mail.stream())).filter(name -> !name.isEmpty()));
        Composer composer = new Composer(mail, limits.message());
        List<JsonMail.Personal> personal = list(mail.recipients());
        Batch batch = new Batch(outgoing);
        if (personal.isEmpty()) {
            List<EmailAddress> recipients = new ArrayList<>();
            for (List<String> field : List.of(list(mail.to()), list(mail.cc()), list(mail.bcc()))) {
                field.forEach(one -> recipients.add(ofHeader("to, cc and bcc", one)));
            }
            MessageSource message =
                    composer.message(
                            list(mail.to()),
                            list(mail.cc()),
                            new Personalized(Map.of(), limits.json()));
            return batch.send(recipients, message, false).accepted();
        }
        if (!list(mail.to()).isEmpty()
                || !list(mail.cc()).isEmpty()
                || !list(mail.bcc()).isEmpty()) {
            throw HttpProblem.of(422, "Give either recipients, or to, cc and bcc.");
        }
        if (personal.size() > limits.recipients()) {
            throw tooMany();
        }
        // All are made once before any is sent: what is wrong with one is found in time.
        for (JsonMail.Personal one : personal) {
            ofHeader("to", text(one.to()));
            composer.message(List.of(text(one.to())), List.of(), values(one));
        }
        for (JsonMail.Personal one : personal) {
            batch.send(
                    List.of(ofHeader("to", text(one.to()))),
                    composer.message(List.of(text(one.to())), List.of(), values(one)),
                    false);
        }
        return batch.accepted();
    }

    private Personalized values(JsonMail.Personal one) {
        return new Personalized(map(one.substitutions()), limits.json());
    }

    MemoryBudget memory() {
        return memory;
    }

    Limits limits() {
        return limits;
    }

    private Outgoing outgoing(Submitter submitter, String sender, Optional<String> stream) {
        ReversePath reversePath;
        try {
            reversePath = ReversePath.parse(sender);
        } catch (InvalidAddressException e) {
            throw HttpProblem.of(422, "from is no address: " + e.getMessage() + ".");
        }
        policy.sender(new Submission(submitter, reversePath, 0, List.of()))
                .ifPresent(Injection::refuse);
        return switch (streams.of(submitter, limits.stream(), stream.stream().toList())) {
            case StreamChoice.Choice.Into(Stream into) ->
                    new Outgoing(submitter, reversePath, into);
            case StreamChoice.Choice.Refused(Reply reply) -> throw HttpProblem.of(reply);
        };
    }

    private static EmailAddress ofHeader(String field, String given) {
        InternetAddress parsed = Composer.address(field, given);
        return address(field, parsed.getAddress());
    }

    private static EmailAddress address(String field, String given) {
        try {
            return EmailAddress.parse(given);
        } catch (InvalidAddressException e) {
            throw HttpProblem.of(422, field + " holds what is no address: " + e.getMessage() + ".");
        }
    }

    private HttpProblem tooMany() {
        return HttpProblem.of(422, "A request may have " + limits.recipients() + " recipients.");
    }

    private static void refuse(Reply reply) {
        throw HttpProblem.of(reply);
    }

    /** What the mails of a request share. */
    private record Outgoing(Submitter submitter, ReversePath reversePath, Stream stream) {}

    /** The mails of a request, one after another. */
    private final class Batch {
        private final Outgoing outgoing;
        private final List<Accepted.Mail> mails = new ArrayList<>();
        private final List<Accepted.Rejected> rejected = new ArrayList<>();
        private Reply lastRefusal = new Reply(550, "5.5.4 no recipients were given");

        Batch(Outgoing outgoing) {
            this.outgoing = outgoing;
        }

        Batch send(List<EmailAddress> addresses, MessageSource message, boolean eightBit)
                throws IOException {
            List<Recipient> recipients = allowed(addresses);
            if (recipients.isEmpty()) {
                return this;
            }
            Envelope envelope = envelope(recipients, eightBit);
            Reply reply =
                    acceptor.accept(
                            new IncomingMail(
                                    envelope, outgoing.submitter(), Protocol.HTTP, true, message));
            List<String> names = recipients.stream().map(one -> one.address().toString()).toList();
            if (reply.code() / 100 == 2) {
                mails.add(new Accepted.Mail(envelope.id().value(), names));
            } else {
                lastRefusal = reply;
                names.forEach(name -> rejected.add(new Accepted.Rejected(name, reply.toString())));
            }
            return this;
        }

        /** Some of it was accepted, or none, and then why. */
        Accepted accepted() {
            if (mails.isEmpty()) {
                throw HttpProblem.of(lastRefusal);
            }
            return new Accepted(List.copyOf(mails), List.copyOf(rejected));
        }

        private List<Recipient> allowed(List<EmailAddress> addresses) {
            Map<EmailAddress, Recipient> allowed = new LinkedHashMap<>();
            for (EmailAddress address : addresses) {
                Optional<Reply> refusal =
                        policy.recipient(
                                new Submission(
                                        outgoing.submitter(),
                                        outgoing.reversePath(),
                                        0,
                                        List.copyOf(allowed.values())),
                                address);
                if (refusal.isPresent()) {
                    lastRefusal = refusal.get();
                    rejected.add(new Accepted.Rejected(address.toString(), lastRefusal.toString()));
                } else {
                    allowed.putIfAbsent(address, new Recipient(address));
                }
                if (allowed.size() > limits.recipients()) {
                    throw tooMany();
                }
            }
            return List.copyOf(allowed.values());
        }

        private Envelope envelope(List<Recipient> recipients, boolean eightBit) {
            boolean utf8 =
                    recipients.stream().anyMatch(one -> one.address().needsSmtpUtf8())
                            || (outgoing.reversePath() instanceof ReversePath.From(var address)
                                    && address.needsSmtpUtf8());
            return new Envelope(
                    MailId.next(clock),
                    outgoing.stream(),
                    outgoing.reversePath(),
                    recipients,
                    Ret.NOT_GIVEN,
                    Optional.empty(),
                    eightBit ? BodyType.EIGHT_BIT_MIME : BodyType.SEVEN_BIT,
                    utf8,
                    outgoing.submitter().client(),
                    Optional.empty());
        }
    }
}
