package posthaste.testing;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** One mail as {@link ScriptedSmtpPeer} took it: recorded when its final dot has arrived. */
public final class Transaction {
    private final int connection;
    private final boolean tls;
    private final String mail;
    private final List<String> rcpts;
    private final byte[] message;
    private final long length;
    private final String sha256;
    private final String headerSection;
    private final String bodySha256;
    private volatile String reply = "";

    Transaction(
            int connection,
            boolean tls,
            String mail,
            List<String> rcpts,
            byte[] message,
            long length,
            String sha256,
            String headerSection,
            String bodySha256) {
        this.connection = connection;
        this.tls = tls;
        this.mail = mail;
        this.rcpts = List.copyOf(rcpts);
        this.message = message;
        this.length = length;
        this.sha256 = sha256;
        this.headerSection = headerSection;
        this.bodySha256 = bodySha256;
    }

    /** The number of the connection that it came on, counted from 1. */
    public int connection() {
        return connection;
    }

    /** Whether it came through TLS. */
    public boolean tls() {
        return tls;
    }

    /** What stood behind {@code MAIL FROM:}, as {@code <a@b.c> SIZE=10}. */
    public String mail() {
        return mail;
    }

    /** What stood behind {@code RCPT TO:}, of those recipients that the peer accepted. */
    public List<String> rcpts() {
        return rcpts;
    }

    /** The reverse-path without its brackets; empty for the null reverse-path. */
    public String reversePath() {
        return path(mail);
    }

    /** The parameters of MAIL as they were sent. */
    public List<String> mailParameters() {
        return parameters(mail);
    }

    /** The accepted forward-paths without their brackets. */
    public List<String> recipients() {
        return rcpts.stream().map(Transaction::path).toList();
    }

    /** The parameters of one accepted RCPT as they were sent. */
    public List<String> parametersOf(String recipient) {
        return rcpts.stream()
                .filter(rcpt -> path(rcpt).equals(recipient))
                .findFirst()
                .map(Transaction::parameters)
                .orElseThrow(() -> new AssertionError("no " + recipient + " among " + rcpts));
    }

    /** The message exactly, dot-stuffing taken off; empty when the peer keeps digests only. */
    public byte[] message() {
        return message.clone();
    }

    /** The message, one character an octet. */
    public String messageText() {
        return new String(message, StandardCharsets.ISO_8859_1);
    }

    /** The message's length in octets. */
    public long length() {
        return length;
    }

    /** The message's SHA-256 in hexadecimal. */
    public String sha256() {
        return sha256;
    }

    /**
     * The header section with the empty line that ends it, one character an octet; kept even where
     * digests only are.
     */
    public String headerSection() {
        return headerSection;
    }

    /** The SHA-256 in hexadecimal of what follows the header section, which relays add to. */
    public String bodySha256() {
        return bodySha256;
    }

    /** What the peer answered to the final dot; empty when it did not, or not yet. */
    public String reply() {
        return reply;
    }

    /** Whether the peer answered that it takes the mail. */
    public boolean accepted() {
        return reply.startsWith("2");
    }

    void answered(String text) {
        this.reply = text;
    }

    @Override
    public String toString() {
        return "MAIL " + mail + " RCPT " + rcpts + " " + length + " octets: " + reply;
    }

    /** The SHA-256 that a message of these bytes has. */
    public static String sha256(byte[] message) {
        return HexFormat.of().formatHex(digest().digest(message));
    }

    static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static String path(String argument) {
        int end = endOfPath(argument);
        String path = argument.substring(0, end);
        return path.startsWith("<") && path.endsWith(">")
                ? path.substring(1, path.length() - 1)
                : path;
    }

    private static List<String> parameters(String argument) {
        String rest = argument.substring(endOfPath(argument)).strip();
        return rest.isEmpty() ? List.of() : List.of(rest.split(" +"));
    }

    private static int endOfPath(String argument) {
        int close = argument.lastIndexOf("> ");
        return close >= 0 ? close + 1 : argument.length();
    }
}
