package posthaste.ingest.smtp;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import posthaste.ingest.accept.Acceptor;
import posthaste.ingest.accept.IncomingMail;
import posthaste.ingest.accept.MessageSource;
import posthaste.ingest.smtp.Connection.When;
import posthaste.ingest.smtp.ListenerSettings.TlsMode;
import posthaste.ingest.smtp.SessionMetrics.End;
import posthaste.ingest.tls.ServerTls;
import posthaste.mail.envelope.Envelope;
import posthaste.mail.envelope.FirstStop;
import posthaste.mail.envelope.Handling;
import posthaste.mail.envelope.MailId;
import posthaste.mail.status.Reply;

/**
 * One client's session, on a virtual thread of its own: reads lines, does what the {@link
 * Conversation} answers. Other threads may only {@link #end} or {@link #abort} it.
 */
final class SmtpSession {
    private static final Logger LOG = LoggerFactory.getLogger(SmtpSession.class);

    private final ListenerSettings settings;
    private final Optional<ServerTls> tls;
    private final Connection connection;
    private final SessionGate.Place place;
    private final InetAddress peer;
    private final Conversation conversation;
    private final Acceptor acceptor;
    private final InstantSource clock;
    private final SessionMetrics metrics;

    private volatile boolean noFurtherMail;
    private volatile @Nullable End ending;

    SmtpSession(
            ListenerSettings settings,
            Optional<ServerTls> tls,
            Connection connection,
            SessionGate.Place place,
            InetAddress peer,
            Conversation conversation,
            Surroundings surroundings) {
        this.settings = settings;
        this.tls = tls;
        this.connection = connection;
        this.place = place;
        this.peer = peer;
        this.conversation = conversation;
        this.acceptor = surroundings.acceptor();
        this.clock = surroundings.clock();
        this.metrics = surroundings.metrics();
    }

    /** Talks with the client until one of both has enough. */
    End run() {
        End how;
        try {
            how = converse();
        } catch (IOException e) {
            LOG.debug("session lost: {}", e.toString());
            how = End.CLOSED;
        }
        End why = ending;
        return why == null ? how : why;
    }

    /** How long the client keeps us waiting. */
    Patience patience() {
        return connection.patience();
    }

    /** Whether the client keeps us waiting too long; under pressure it has less time. */
    Patience.Verdict verdict(long now) {
        return patience().verdict(now, conversation.haste());
    }

    /** After the mail that is under way there is to be no other. */
    void endAfterThisMail() {
        noFurtherMail = true;
        if (patience().isBetweenMails()) {
            end(End.SHUT_DOWN);
        }
    }

    /** From another thread: hear no more, say why, close. */
    void end(End why) {
        ending = why;
        try {
            connection.endInput();
        } catch (IOException e) {
            LOG.debug("already closed: {}", e.toString());
        }
    }

    /** From another thread: close at once. */
    void abort(End why) {
        ending = why;
        try {
            connection.close();
        } catch (IOException e) {
            LOG.debug("already closed: {}", e.toString());
        }
    }

    private End converse() throws IOException {
        Answer answer = open();
        while (true) {
            switch (answer) {
                case Answer.Say(String reply) -> say(reply);
                case Answer.RefuseMessage(String reply) -> {
                    say(reply);
                    if (connection.hasMore()) {
                        connection.hangUp();
                        return End.DISMISSED;
                    }
                }
                case Answer.StartTls() -> {
                    if (connection.hasMore()) {
                        // Whoever put it there, it must not be heard as if it came by TLS.
                        return sayGoodBye("554 5.5.1 nothing may follow STARTTLS");
                    }
                    say("220 2.0.0 ready to start TLS");
                    secure();
                }
                case Answer.SpeakFor(Xclient client) -> {
                    answer = speakFor(client);
                    continue;
                }
                case Answer.SayGoodBye(String reply) -> {
                    return sayGoodBye(reply);
                }
                case Answer.Leave() -> {
                    return leave();
                }
                case Answer.ReceiveMessage(Transaction mail) -> {
                    answer = receive(mail);
                    continue;
                }
                case Answer.ReceiveChunk chunk -> {
                    answer = receiveChunks(chunk);
                    continue;
                }
                case Answer.SkipChunk(long octets, String reply) -> {
                    answer = skipChunk(octets, reply);
                    continue;
                }
            }
            answer = next();
        }
    }

    /** What comes before the first command. */
    private Answer open() throws IOException {
        boolean isEncrypted = settings.tls().mode() == TlsMode.IMPLICIT;
        if (settings.proxies().stream().anyMatch(network -> network.contains(peer))) {
            conversation.connectedFrom(connection.readProxyHeader().orElse(peer));
        }
        if (!place.isFor(conversation.submitter().address())) {
            if (isEncrypted) {
                // A handshake would cost what the limit is to save.
                ending = End.TOO_MANY;
                throw new IOException("too many sessions of one address");
            }
            return farewell(End.TOO_MANY);
        }
        if (isEncrypted) {
            secure();
        }
        return noFurtherMail ? farewell(End.SHUT_DOWN) : conversation.greeting();
    }

    private Answer speakFor(Xclient client) {
        return client.address().isPresent() && !place.isFor(client.address().get())
                ? farewell(End.TOO_MANY)
                : conversation.speakingFor(client);
    }

    private void secure() throws IOException {
        ServerTls ours = tls.orElseThrow();
        SSLEngine engine = ours.newEngine();
        try {
            connection.secure(engine);
        } catch (IOException e) {
            if (ending == null) {
                ending = End.TLS_FAILED;
            }
            throw e;
        }
        conversation.secured(ours.facts(engine));
    }

    /** Between two mails it may be time for a good-bye; else the client has the word. */
    private Answer next() throws IOException {
        if (!conversation.inTransaction()) {
            if (noFurtherMail) {
                return farewell(End.SHUT_DOWN);
            }
            if (patience().sessionIsOver(System.nanoTime())) {
                return farewell(End.TIMED_OUT);
            }
        }
        return conversation.answer(
                connection.readLine(
                        conversation.inTransaction() ? When.IN_TRANSACTION : When.BETWEEN_MAILS,
                        conversation.lineLimit()));
    }

    private Answer farewell(End why) {
        ending = why;
        return new Answer.SayGoodBye(reason(why));
    }

    private Answer receive(Transaction mail) throws IOException {
        connection.say("354 end with <CRLF>.<CRLF>");
        DataReader message = new DataReader(connection, settings.limits());
        Reply reply;
        try {
            reply = acceptor.accept(incoming(mail, message));
        } catch (EOFException e) {
            return new Answer.Leave();
        } catch (DrainLimitException e) {
            return new Answer.SayGoodBye("421 4.7.0 too much was sent after a refusal");
        }
        if (!message.isAtEnd()) {
            // An error of ours before the end: what comes next are no commands.
            return new Answer.SayGoodBye("421 4.3.0 internal error, try again later");
        }
        return conversation.messageEnded(reply);
    }

    private Answer receiveChunks(Answer.ReceiveChunk first) throws IOException {
        ChunkReader message =
                new ChunkReader(connection, settings.limits(), first, this::betweenChunks);
        Reply reply;
        try {
            reply = acceptor.accept(incoming(first.transaction(), message));
        } catch (ChunksAbandonedException e) {
            return e.answer();
        } catch (EOFException e) {
            return new Answer.Leave();
        } catch (DrainLimitException e) {
            return new Answer.SayGoodBye(e.refusal().reply().toString());
        }
        if (!message.isInStep()) {
            // An error of ours within a chunk: what comes next are no commands.
            return new Answer.SayGoodBye("421 4.3.0 internal error, try again later");
        }
        return conversation.messageEnded(reply);
    }

    private Answer skipChunk(long octets, String reply) throws IOException {
        try {
            ChunkReader.skip(connection, octets);
        } catch (EOFException e) {
            return new Answer.Leave();
        }
        return new Answer.Say(reply);
    }

    /** The message stays open while the client says things that change nothing. */
    private Answer.ReceiveChunk betweenChunks(Answer.ReceiveChunk taken) throws IOException {
        say("250 2.0.0 " + taken.octets() + " octets taken");
        while (true) {
            Answer answer =
                    conversation.answer(
                            connection.readLine(When.BETWEEN_CHUNKS, conversation.lineLimit()));
            switch (answer) {
                case Answer.ReceiveChunk next -> {
                    return next;
                }
                case Answer.Say(String reply) when conversation.inTransaction() -> say(reply);
                case Answer.RefuseMessage(String reply) when !connection.hasMore() -> say(reply);
                case Answer.Say _,
                        Answer.RefuseMessage _,
                        Answer.StartTls _,
                        Answer.SpeakFor _,
                        Answer.SayGoodBye _,
                        Answer.Leave _,
                        Answer.ReceiveMessage _,
                        Answer.SkipChunk _ ->
                        throw new ChunksAbandonedException(answer);
            }
        }
    }

    private IncomingMail incoming(Transaction mail, MessageSource message) {
        return new IncomingMail(
                envelope(mail),
                conversation.submitter(),
                conversation.protocol(mail),
                settings.profile() == ListenerSettings.Profile.SUBMISSION,
                message);
    }

    private Envelope envelope(Transaction mail) {
        MailParameters parameters = mail.parameters();
        Envelope envelope =
                new Envelope(
                        MailId.next(clock),
                        settings.stream(),
                        mail.reversePath(),
                        mail.recipients(),
                        parameters.ret(),
                        parameters.envid(),
                        parameters.bodyType(),
                        parameters.smtpUtf8(),
                        conversation.submitter().client(),
                        Optional.empty());
        Handling asked = parameters.handling();
        return envelope.handled(
                asked.firstStop() instanceof FirstStop.Attempt
                        ? asked.stoppingAt(settings.profile().firstStop())
                        : asked);
    }

    private void say(String reply) throws IOException {
        metrics.replied(reply);
        connection.say(reply);
    }

    private End sayGoodBye(String reply) throws IOException {
        say(reply);
        if (reply.startsWith("221")) {
            connection.sayNoMore();
            return End.CLOSED;
        }
        connection.hangUp();
        return End.DISMISSED;
    }

    /** The input has ended, by the client or by {@link #end}. */
    private End leave() throws IOException {
        End why = ending;
        if (why == null) {
            connection.sayNoMore();
            return End.CLOSED;
        }
        connection.say(reason(why));
        connection.hangUp();
        return why;
    }

    private static String reason(End end) {
        return switch (end) {
            case TIMED_OUT -> "421 4.4.2 timeout";
            case SHUT_DOWN -> "421 4.3.2 shutting down, try again later";
            case TOO_MANY -> "421 4.7.0 too many sessions, try again later";
            case CLOSED, TLS_FAILED, DISMISSED, FAILED -> "421 4.3.0 closing";
        };
    }
}
