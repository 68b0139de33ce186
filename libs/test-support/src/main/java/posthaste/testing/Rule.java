package posthaste.testing;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * One line of a {@link ScriptedSmtpPeer}'s script: conditions, then what happens.
 *
 * <p>It holds from the call of a method that says what happens ({@link #reply} and its sisters).
 * Among the rules that fit, the first one made decides; one that was used up leaves the next.
 */
public final class Rule {
    /** What follows the reply. */
    enum Ending {
        GO_ON,
        CLOSE,
        /** Reads on, says nothing more. */
        SILENCE,
        /** Reads no more: the sender's writes fill the buffers and block. */
        STOP_READING
    }

    private final Step step;
    private final Consumer<Rule> activate;
    private Predicate<String> argument = any -> true;
    private int connection;
    private int occurrence;
    private final AtomicInteger usesLeft = new AtomicInteger(Integer.MAX_VALUE);
    private Duration delay = Duration.ZERO;
    private Duration perByte = Duration.ZERO;
    private Optional<byte[]> reply = Optional.empty();
    private boolean usualReply;
    private Ending ending = Ending.GO_ON;

    Rule(Step step, Consumer<Rule> activate) {
        this.step = step;
        this.activate = activate;
    }

    /** Only for arguments that fit: a path without its brackets, or what follows the verb. */
    Rule where(Predicate<String> fits) {
        this.argument = fits;
        return this;
    }

    /** Only in the n-th connection, counted from 1. */
    public Rule inConnection(int n) {
        this.connection = n;
        return this;
    }

    /** Only the n-th time that this step comes in its connection, counted from 1. */
    public Rule whenNumber(int n) {
        this.occurrence = n;
        return this;
    }

    /** Only the first n times that the other conditions hold. */
    public Rule times(int n) {
        usesLeft.set(n);
        return this;
    }

    /** Only the first time that the other conditions hold. */
    public Rule once() {
        return times(1);
    }

    /** Waits before the reply. */
    public Rule after(Duration wait) {
        this.delay = wait;
        return this;
    }

    /** Sends the reply byte by byte, each after this pause. */
    public Rule dribbling(Duration pauseBeforeEachByte) {
        this.perByte = pauseBeforeEachByte;
        return this;
    }

    /** Answers with these lines, as {@code "550 5.1.1 no such user"}. */
    public void reply(String... lines) {
        replyBytes((String.join("\r\n", lines) + "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Answers with exactly these bytes. */
    public void replyBytes(byte[] bytes) {
        this.reply = Optional.of(bytes.clone());
        activate.accept(this);
    }

    /** Answers as it would without a rule, for rules that only wait or dribble. */
    public void replyAsUsual() {
        this.usualReply = true;
        activate.accept(this);
    }

    /** Answers with this line and closes the connection. */
    public void replyThenClose(String line) {
        this.ending = Ending.CLOSE;
        reply(line);
    }

    /** Answers with this line, then leaves all that comes unread. */
    public void replyThenStopReading(String line) {
        this.ending = Ending.STOP_READING;
        reply(line);
    }

    /** Says nothing, now and later, until the other side closes. */
    public void neverReply() {
        this.ending = Ending.SILENCE;
        activate.accept(this);
    }

    /** Closes the connection without a word. */
    public void close() {
        this.ending = Ending.CLOSE;
        activate.accept(this);
    }

    /** Whether it decides here; counts as used if so. */
    boolean takes(Step at, int inConnection, int number, String withArgument) {
        return at == step
                && (connection == 0 || connection == inConnection)
                && (occurrence == 0 || occurrence == number)
                && argument.test(withArgument)
                && usesLeft.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
    }

    Duration delay() {
        return delay;
    }

    Duration perByte() {
        return perByte;
    }

    Ending ending() {
        return ending;
    }

    /** What to send: empty for nothing at all. */
    byte[] answer(byte[] usual) {
        return usualReply ? usual : reply.orElse(new byte[0]);
    }

    @Override
    public String toString() {
        return Objects.toString(step) + " " + ending;
    }
}
