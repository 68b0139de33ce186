package posthaste.outbound.smtp;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.URLName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Consumer;
import org.eclipse.angus.mail.smtp.SMTPTransport;
import org.jspecify.annotations.Nullable;
import posthaste.body.StoredBody;
import posthaste.mail.status.Reply;
import posthaste.outbound.failure.Stage;
import posthaste.outbound.failure.Trouble;

/**
 * Angus's SMTP client with our own steps: every reply is read here, within its time and its size,
 * and kept; commands may be pipelined; what goes wrong is told as a {@link Trouble}.
 *
 * <p>Angus is left the protocol's letters: reading replies of several lines, EHLO and its
 * extensions, STARTTLS. The message goes past it, by {@link MessageStream}: Angus has flushed when
 * DATA was answered. Its methods are synchronised and, with assertions on, check that the lock is
 * held.
 */
final class RelayTransport extends SMTPTransport {
    /** Real replies have a few hundred octets, long EHLO replies a few thousand. */
    private static final long REPLY_LIMIT = 32 * 1024;

    /** A certificate chain comes along. */
    private static final long HANDSHAKE_LIMIT = 256 * 1024;

    /** RFC 5321 section 3.8. */
    private static final int CLOSING = 421;

    private final WireSocket wire;
    private final Watchdog.Watch watch;
    private final Deque<Owed> owed = new ArrayDeque<>();
    private StepTimes times;
    private Stage stage = Stage.GREETING;

    /** Of the attempt that uses this session; empty while nobody does. */
    private @Nullable Transcript transcript;

    private @Nullable Reply lastReply;
    private @Nullable Reply startTlsRefusal;

    /** A reply that a pipelined command is still to get. */
    private record Owed(Stage stage, Consumer<Reply> whenItComes) {}

    RelayTransport(
            Session session,
            WireSocket wire,
            Watchdog.Watch watch,
            String helo,
            StepTimes times,
            Transcript transcript) {
        super(session, new URLName("smtp", null, -1, null, null, null));
        this.wire = wire;
        this.watch = watch;
        this.times = times;
        this.transcript = transcript;
        setLocalHost(helo);
    }

    /** Greeting, EHLO and, if the session's properties say so and it is offered, TLS. */
    synchronized void open() throws TroubleException {
        try {
            connect(wire);
        } catch (MessagingException e) {
            throw told(e);
        }
    }

    /** The times of the attempt that uses this session from now on. */
    synchronized void use(StepTimes attemptTimes, Transcript attemptTranscript) {
        this.times = attemptTimes;
        this.transcript = attemptTranscript;
        // Writing can block too, long before the first reply is waited for.
        watch.until(attemptTimes.beforeDot());
    }

    /** Nothing of it is kept while the session is idle. */
    synchronized void used() {
        transcript = null;
    }

    synchronized Extensions extensions() {
        boolean size = supportsExtension("SIZE");
        return new Extensions(
                supportsExtension("PIPELINING"),
                size,
                size ? number(getExtensionParameter("SIZE")) : 0,
                supportsExtension("8BITMIME"),
                supportsExtension("SMTPUTF8"),
                supportsExtension("DSN"),
                supportsExtension("REQUIRETLS") && !wire.tls().isEmpty(),
                supportsExtension("DELIVERBY"),
                number(getExtensionParameter("DELIVERBY")));
    }

    /** Why the session is in clear, if TLS was asked for and the host refused to begin it. */
    synchronized Optional<Reply> startTlsRefusal() {
        return Optional.ofNullable(startTlsRefusal);
    }

    /** Writes a command whose reply is read later, in order, before that of the next step. */
    synchronized void pipeline(Stage at, String command, Consumer<Reply> whenItComes)
            throws TroubleException {
        owed.addLast(new Owed(at, whenItComes));
        send(at, command);
    }

    /** Writes a command and reads its reply. */
    synchronized Reply command(Stage at, String command) throws TroubleException {
        send(at, command);
        return read(at);
    }

    /**
     * DATA, after which the message is due.
     *
     * @return the stream for the message, or the refusal
     */
    synchronized DataReply beginData() throws TroubleException {
        stage = Stage.DATA;
        lastReply = null;
        try {
            data();
            return new DataReply.GoOn(new MessageStream(wire.message()));
        } catch (IOException e) {
            throw broken(Stage.DATA, e);
        } catch (MessagingException e) {
            Trouble trouble = told(e).trouble();
            if (trouble instanceof Trouble.Refused(_, Reply reply) && reply.code() != CLOSING) {
                return new DataReply.No(reply);
            }
            throw new TroubleException(trouble);
        }
    }

    /** What came of DATA. */
    sealed interface DataReply {
        record GoOn(MessageStream message) implements DataReply {}

        record No(Reply reply) implements DataReply {}
    }

    /**
     * The message, up to but without the final dot.
     *
     * @throws TroubleException when the peer breaks off or takes too long
     * @throws IOException when the body cannot be read
     */
    synchronized void write(StoredBody body, MessageStream message)
            throws TroubleException, IOException {
        stage = Stage.MESSAGE;
        watch.until(times.beforeDot());
        note("(the message)");
        try {
            body.writeTo(message);
            message.end();
        } catch (MessageStream.PeerGoneException e) {
            throw broken(Stage.MESSAGE, e);
        }
    }

    /** The final dot, and the reply to it. */
    synchronized Reply finish() throws TroubleException {
        stage = Stage.DOT;
        lastReply = null;
        try {
            finishData();
        } catch (IOException e) {
            throw broken(Stage.DOT, e);
        } catch (MessagingException e) {
            Trouble trouble = told(e).trouble();
            if (trouble instanceof Trouble.Refused(_, Reply reply)) {
                return reply;
            }
            throw new TroubleException(trouble);
        }
        return received();
    }

    /** Ends a message that nobody is to get: its reply decides nothing and gets a step's time. */
    synchronized void finishEmpty() throws TroubleException {
        times = times.withoutWaitAfterDot();
        finish();
    }

    /** QUIT without waiting for its reply, then close. */
    synchronized void quit() {
        try {
            send(Stage.DOT, "QUIT");
            wire.closeAfterFlush();
        } catch (TroubleException | IOException e) {
            abort();
        }
    }

    /** Closes without a word. */
    void abort() {
        try {
            wire.close();
        } catch (IOException e) {
            // Closed is what it was to be.
            return;
        }
    }

    @Override
    protected boolean ehlo(String name) throws MessagingException {
        stage = Stage.EHLO;
        return super.ehlo(name);
    }

    @Override
    protected void helo(String name) throws MessagingException {
        stage = Stage.EHLO;
        super.helo(name);
    }

    @Override
    protected void startTLS() throws MessagingException {
        stage = Stage.STARTTLS;
        lastReply = null;
        try {
            super.startTLS();
            note("TLS begins");
        } catch (TroubleException e) {
            throw e;
        } catch (MessagingException e) {
            Reply reply = lastReply;
            if (reply == null || reply.code() / 100 == 2) {
                throw new TroubleException(new Trouble.HandshakeFailed(reason(e)));
            }
            // Offered and refused: opportunistic TLS goes on in clear.
            startTlsRefusal = reply;
        }
    }

    /**
     * Without the RSET that Angus sends after a refusal: its reply would take the refusal's place,
     * and it can go along with the next mail.
     */
    @Override
    public synchronized void issueCommand(String command, int expected) throws MessagingException {
        if (!command.equals("RSET")) {
            super.issueCommand(command, expected);
        }
    }

    /**
     * Reads the reply to the current step, and before it those that are owed to pipelined commands.
     */
    @Override
    protected int readServerResponse() throws MessagingException {
        while (!owed.isEmpty()) {
            Owed next = owed.removeFirst();
            next.whenItComes().accept(read(next.stage()));
        }
        return read(stage).code();
    }

    @Override
    protected void sendCommand(String command) throws MessagingException {
        Transcript at = transcript;
        if (at != null) {
            at.sent(command);
        }
        super.sendCommand(command);
    }

    private void note(String remark) {
        Transcript at = transcript;
        if (at != null) {
            at.note(remark);
        }
    }

    private Reply read(Stage at) throws TroubleException {
        watch.until(
                switch (at) {
                    case DOT -> times.endOfWaitAfterDot();
                    case STARTTLS -> times.endOfHalfStep();
                    default -> times.endOfStep();
                });
        wire.allow(at == Stage.STARTTLS ? HANDSHAKE_LIMIT : REPLY_LIMIT);
        int code;
        try {
            code = super.readServerResponse();
        } catch (MessagingException e) {
            throw broken(at, e);
        }
        String lines = getLastServerResponse();
        Transcript taken = transcript;
        if (taken != null && lines != null && !lines.startsWith("[EOF]")) {
            taken.received(lines);
        }
        Optional<Reply> reply = RemoteReply.parse(lines);
        // Angus tells the end of the connection as -1 too, also in the middle of a good reply.
        if (code == -1 && (lines.startsWith("[EOF]") || reply.isPresent())) {
            throw broken(at, new IOException("it closed the connection"));
        }
        if (reply.isEmpty()) {
            throw new TroubleException(new Trouble.Nonsense(at, "its reply is none of SMTP"));
        }
        lastReply = reply.get();
        if (lastReply.code() == CLOSING && at != Stage.DOT) {
            throw new TroubleException(new Trouble.Refused(at, lastReply));
        }
        return lastReply;
    }

    private void send(Stage at, String command) throws TroubleException {
        stage = at;
        lastReply = null;
        try {
            sendCommand(octets(command));
        } catch (MessagingException e) {
            throw broken(at, e);
        }
    }

    /**
     * What an exception of Angus means: the reply that it had not expected, or a broken session.
     */
    private TroubleException told(MessagingException e) {
        if (e instanceof TroubleException known) {
            return known;
        }
        Reply reply = lastReply;
        if (reply == null) {
            return broken(stage, e);
        }
        return new TroubleException(
                reply.code() >= 400
                        ? new Trouble.Refused(stage, reply)
                        : new Trouble.Nonsense(stage, "it replied " + reply));
    }

    private TroubleException broken(Stage at, Exception cause) {
        if (watch.expired()) {
            return new TroubleException(new Trouble.TimedOut(at, watch.waited()));
        }
        for (Throwable t = cause; t != null; t = t.getCause()) {
            if (t instanceof WireSocket.ReplyTooLongException
                    || t instanceof WireSocket.NoReplyException) {
                return new TroubleException(new Trouble.Nonsense(at, reason(cause)));
            }
        }
        return new TroubleException(new Trouble.Lost(at, reason(cause)));
    }

    private Reply received() {
        Reply reply = lastReply;
        if (reply == null) {
            throw new IllegalStateException("a step ended without a reply");
        }
        return reply;
    }

    /** The innermost message: the outer ones are Angus's own words. */
    private static String reason(Throwable e) {
        Throwable innermost = e;
        for (Throwable t = e.getCause(); t != null; t = t.getCause()) {
            innermost = t;
        }
        String message = innermost.getMessage();
        return message == null ? innermost.getClass().getSimpleName() : message;
    }

    /**
     * Angus sends the low eight bits of each character: so UTF-8 is handed to it octet by octet.
     */
    private static String octets(String command) {
        return new String(command.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private static long number(@Nullable String parameter) {
        return parameter != null && parameter.matches("[0-9]{1,18}")
                ? Long.parseLong(parameter)
                : 0;
    }
}
