package posthaste.outbound.smtp;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import posthaste.body.StoredBody;
import posthaste.mail.envelope.Envelope;
import posthaste.mail.envelope.Recipient;
import posthaste.mail.status.Reply;
import posthaste.outbound.failure.Stage;
import posthaste.outbound.failure.Trouble;
import posthaste.outbound.routing.HostAddress;

/**
 * An open session with one host, for one mail after the other; used by one thread at a time.
 *
 * <p>MAIL, all RCPT and DATA leave in one write where the host offers PIPELINING (RFC 2920 section
 * 3.1), the message and its final dot in as few as possible.
 */
public final class SmtpConnection {
    /** RFC 5321 section 3.8. */
    private static final int CLOSING = 421;

    private final HostAddress host;
    private final String sourceAddress;
    private final RelayTransport transport;
    private final WireSocket wire;
    private final Watchdog.Watch watch;
    private final boolean verified;
    private final Extensions extensions;
    private final long openedAt = System.nanoTime();
    private long lastUsed = openedAt;
    private int mails;
    private boolean usable = true;
    private boolean resetDue;

    SmtpConnection(
            HostAddress host,
            RelayTransport transport,
            WireSocket wire,
            Watchdog.Watch watch,
            boolean verified) {
        this.host = host;
        this.sourceAddress = wire.getLocalAddress().getHostAddress();
        this.transport = transport;
        this.wire = wire;
        this.watch = watch;
        this.verified = verified;
        this.extensions = transport.extensions();
    }

    /**
     * Sends one mail.
     *
     * @param to some of the envelope's recipients
     * @param finalDot asked before it is sent
     * @param now by the clock that deadlines of mails are kept by
     * @param transcript takes down what is said
     * @return a fate for each of them, in their order
     * @throws IOException when the body cannot be read: the session is broken off without the final
     *     dot
     * @throws InterruptedException before the final dot
     */
    public List<Fate> send(
            Envelope envelope,
            List<Recipient> to,
            StoredBody body,
            StepTimes times,
            FinalDot finalDot,
            Instant now,
            Transcript transcript)
            throws IOException, InterruptedException {
        if (mails > 0) {
            transcript.note("goes on, with a connection that carried a mail before");
        }
        mails++;
        usable = false;
        Transaction transaction =
                new Transaction(
                        new MailCommands(envelope, body.length(), extensions, now), to, transcript);
        transport.use(times, transcript);
        try {
            transaction.run(body, finalDot);
            usable = !transaction.wasSentAway();
        } catch (TroubleException e) {
            transaction.concern(e.trouble());
            if (!transaction.dotSent && Thread.interrupted()) {
                throw new InterruptedException("before the final dot");
            }
        } finally {
            lastUsed = System.nanoTime();
            watch.noDeadline();
            transport.used();
            if (!usable) {
                abort();
            }
        }
        return transaction.fates();
    }

    /**
     * Whether the host had closed a reused session before it saw anything of the mail: a fresh one
     * is then in order, and no failure of the host.
     */
    public boolean wasStale(List<Fate> fates) {
        return mails > 1 && fates.stream().allMatch(SmtpConnection::endedBeforeMail);
    }

    private static boolean endedBeforeMail(Fate fate) {
        return fate instanceof Fate.Not(Trouble trouble)
                && trouble.stage() == Stage.MAIL
                && switch (trouble) {
                    case Trouble.Lost _ -> true;
                    case Trouble.Refused(_, Reply reply) -> reply.code() == CLOSING;
                    default -> false;
                };
    }

    /** Whether it may take another mail. */
    public boolean isUsable() {
        return usable;
    }

    public HostAddress host() {
        return host;
    }

    /** Our IP address. */
    public String sourceAddress() {
        return sourceAddress;
    }

    /** Protocol and cipher suite; empty in clear. */
    public String tls() {
        return wire.tls();
    }

    /** Whether the host has shown a certificate that is its own. */
    public boolean isVerified() {
        return verified;
    }

    /** Mails sent so far, or tried. */
    public int mails() {
        return mails;
    }

    /** Of {@link System#nanoTime}. */
    public long openedAt() {
        return openedAt;
    }

    /** Of {@link System#nanoTime}. */
    public long lastUsed() {
        return lastUsed;
    }

    /** Takes leave and closes, without waiting. */
    public void quit() {
        watch.end();
        transport.quit();
    }

    /** Closes at once. */
    public void abort() {
        watch.end();
        transport.abort();
    }

    /** One mail's way through the session. */
    private final class Transaction {
        private final MailCommands commands;
        private final List<Recipient> to;
        private final @Nullable Fate[] fates;
        private final boolean[] accepted;
        private final Transcript transcript;
        private boolean dotSent;

        Transaction(MailCommands commands, List<Recipient> to, Transcript transcript) {
            this.commands = commands;
            this.to = to;
            this.fates = new Fate[to.size()];
            this.accepted = new boolean[to.size()];
            this.transcript = transcript;
        }

        void run(StoredBody body, FinalDot finalDot)
                throws TroubleException, IOException, InterruptedException {
            Optional<Trouble> unfit = commands.unfitHost().or(commands::unfit);
            if (unfit.isPresent()) {
                concern(unfit.get());
                return;
            }
            for (int i = 0; i < to.size(); i++) {
                Optional<Trouble> unfitRecipient = commands.unfit(to.get(i));
                if (unfitRecipient.isPresent()) {
                    fates[i] = new Fate.Not(unfitRecipient.get());
                }
            }
            if (isDecided()) {
                return;
            }
            if (commands.needsAsciiHeader() && !AsciiHeader.isIn(body)) {
                concern(MailCommands.internationalHeader());
                return;
            }
            if (extensions.pipelining()) {
                pipelineEnvelope();
            } else if (!tellEnvelope()) {
                resetDue = true;
                return;
            }
            sendMessage(body, finalDot);
        }

        /** The fates, once the session has ended well or {@link #concern} was told why not. */
        List<Fate> fates() {
            List<Fate> all = new ArrayList<>(fates.length);
            for (Fate fate : fates) {
                if (fate == null) {
                    throw new IllegalStateException("a recipient was left without a fate");
                }
                all.add(fate);
            }
            return all;
        }

        /** It decides all who have no fate yet. */
        void concern(Trouble trouble) {
            trouble.remark().ifPresent(transcript::note);
            for (int i = 0; i < fates.length; i++) {
                if (fates[i] == null) {
                    fates[i] = new Fate.Not(trouble);
                }
            }
        }

        private boolean isDecided() {
            for (Fate fate : fates) {
                if (fate == null) {
                    return false;
                }
            }
            return true;
        }

        private void pipelineEnvelope() throws TroubleException {
            if (resetDue) {
                transport.pipeline(Stage.MAIL, "RSET", reply -> {});
                resetDue = false;
            }
            transport.pipeline(Stage.MAIL, commands.mail(undecided()), this::mailAnswered);
            for (int i = 0; i < to.size(); i++) {
                int index = i;
                if (fates[i] == null) {
                    transport.pipeline(
                            Stage.RCPT,
                            commands.rcpt(to.get(i)),
                            reply -> rcptAnswered(index, reply));
                }
            }
        }

        /** One command at a time; false when nobody is left to send to. */
        private boolean tellEnvelope() throws TroubleException {
            if (resetDue) {
                transport.command(Stage.MAIL, "RSET");
                resetDue = false;
            }
            mailAnswered(transport.command(Stage.MAIL, commands.mail(undecided())));
            for (int i = 0; i < to.size(); i++) {
                if (fates[i] == null) {
                    rcptAnswered(i, transport.command(Stage.RCPT, commands.rcpt(to.get(i))));
                }
            }
            return !isDecided();
        }

        private void sendMessage(StoredBody body, FinalDot finalDot)
                throws TroubleException, IOException, InterruptedException {
            switch (transport.beginData()) {
                case RelayTransport.DataReply.No(Reply reply) -> {
                    concern(new Trouble.Refused(Stage.DATA, reply));
                    resetDue = true;
                }
                case RelayTransport.DataReply.GoOn(MessageStream message) -> {
                    if (isDecided()) {
                        // Pipelined DATA got its go-ahead although nobody was accepted: RFC 2920
                        // section 3.1 has us end an empty message.
                        transport.finishEmpty();
                        return;
                    }
                    transport.write(body, message);
                    finalDot.pass();
                    dotSent = true;
                    dotAnswered(transport.finish());
                }
            }
        }

        private void mailAnswered(Reply reply) {
            if (!isPositive(reply)) {
                concern(refusedOrNonsense(Stage.MAIL, reply));
            }
        }

        private void rcptAnswered(int index, Reply reply) {
            if (fates[index] != null) {
                return;
            }
            if (isPositive(reply)) {
                accepted[index] = true;
            } else {
                fates[index] = new Fate.Not(refusedOrNonsense(Stage.RCPT, reply));
            }
        }

        private void dotAnswered(Reply reply) {
            if (!isPositive(reply)) {
                concern(refusedOrNonsense(Stage.DOT, reply));
                return;
            }
            for (int i = 0; i < fates.length; i++) {
                if (fates[i] == null && accepted[i]) {
                    fates[i] =
                            new Fate.Taken(
                                    reply, commands.passesDsnOn(), commands.passesDeliverByOn());
                }
            }
        }

        /** With 421 to the final dot: it closes the connection (RFC 5321 section 3.8). */
        private boolean wasSentAway() {
            return Arrays.stream(fates)
                    .anyMatch(fate ->
                            fate instanceof Fate.Not(Trouble.Refused(_, Reply reply))
                                    && reply.code() == CLOSING);
        }

        private List<Recipient> undecided() {
            List<Recipient> left = new ArrayList<>(to.size());
            for (int i = 0; i < fates.length; i++) {
                if (fates[i] == null) {
                    left.add(to.get(i));
                }
            }
            return left;
        }

        private static boolean isPositive(Reply reply) {
            return reply.code() / 100 == 2;
        }

        private static Trouble refusedOrNonsense(Stage stage, Reply reply) {
            return reply.code() >= 400
                    ? new Trouble.Refused(stage, reply)
                    : new Trouble.Nonsense(stage, "it replied " + reply);
        }
    }
}
