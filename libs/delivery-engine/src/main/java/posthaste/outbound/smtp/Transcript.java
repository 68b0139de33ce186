package posthaste.outbound.smtp;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import posthaste.mail.outcome.Conversation;
import posthaste.mail.outcome.Conversation.Line;
import posthaste.mail.outcome.Conversation.Side;
import posthaste.mail.text.VisibleText;

/**
 * Takes down what both sides say during an attempt. To take down is to keep references to texts
 * that are there anyway: only what is told afterwards is made readable. Never holds anything of the
 * message. Used by one thread at a time.
 */
public final class Transcript {
    /** A job of a hundred recipients at one host needs 210; of more the middle is let go. */
    private static final int MOST = 256;

    private static final int HEAD = 64;

    /** In octets; what is kept of a whole attempt is 4 KiB. */
    private static final int MOST_OF_A_REPLY = 1024;

    /** Of commands or replies that are alike, in a row. */
    private static final int ALIKE = 3;

    private static final int CODE = 3;

    private final long begunAt = System.nanoTime();
    private String[] texts = new String[16];
    private Side[] sides = new Side[16];
    private long[] times = new long[16];
    private int count;

    void sent(String command) {
        add(Side.WE, command);
    }

    /**
     * A whole reply, of one line or several: as much of it as is shown, and no peer's megabytes.
     */
    void received(String reply) {
        add(
                Side.THEY,
                reply.length() > MOST_OF_A_REPLY ? reply.substring(0, MOST_OF_A_REPLY) : reply);
    }

    /** What happened otherwise. */
    public void note(String remark) {
        add(Side.NOTE, remark);
    }

    private void add(Side side, String text) {
        if (count == MOST) {
            int kept = MOST - HEAD;
            int from = MOST - kept / 2;
            System.arraycopy(texts, from, texts, HEAD, kept / 2);
            System.arraycopy(sides, from, sides, HEAD, kept / 2);
            System.arraycopy(times, from, times, HEAD, kept / 2);
            count = HEAD + kept / 2;
        } else if (count == texts.length) {
            texts = Arrays.copyOf(texts, 2 * count);
            sides = Arrays.copyOf(sides, 2 * count);
            times = Arrays.copyOf(times, 2 * count);
        }
        texts[count] = text;
        sides[count] = side;
        times[count++] = System.nanoTime();
    }

    /** What is to be kept of it. */
    public Conversation conversation() {
        List<Line> lines = new ArrayList<>();
        int alike = 0;
        boolean secret = false;
        for (int i = 0; i < count; i++) {
            String text = texts[i];
            alike =
                    i > 0 && sides[i] == sides[i - 1] && isAlike(text, texts[i - 1])
                            ? alike + 1
                            : 0;
            boolean goesOn =
                    i + 1 < count && sides[i] == sides[i + 1] && isAlike(text, texts[i + 1]);
            if (alike < ALIKE || (alike == ALIKE && !goesOn)) {
                if (sides[i] == Side.WE && (secret || isLogin(text))) {
                    lines.add(
                            new Line(
                                    millis(i),
                                    Side.WE,
                                    isLogin(text) ? "AUTH (not shown)" : "(not shown)"));
                } else {
                    split(i, text, lines);
                }
            } else if (!goesOn) {
                lines.add(
                        new Line(
                                millis(i),
                                sides[i],
                                "(" + (alike - ALIKE + 1) + " more like these)"));
            }
            // A challenge (RFC 4954 section 4), to which the answer is a secret.
            secret = sides[i] == Side.WE ? secret && !isLogin(text) : text.startsWith("334");
        }
        return lines.isEmpty() ? Conversation.NONE : Conversation.bounded(lines);
    }

    private void split(int index, String text, List<Line> lines) {
        for (String line : text.strip().split("\r?\n", -1)) {
            lines.add(new Line(millis(index), sides[index], VisibleText.of(decode(line))));
        }
    }

    private long millis(int index) {
        return Math.max(0, (times[index] - begunAt) / 1_000_000);
    }

    /** Recipients, and replies of one line with the same code. */
    private static boolean isAlike(String one, String other) {
        return one.startsWith("RCPT ")
                ? other.startsWith("RCPT ")
                : isReply(one) && isReply(other) && one.regionMatches(0, other, 0, CODE);
    }

    private static boolean isReply(String text) {
        return text.length() > CODE
                && Character.isDigit(text.charAt(0))
                && text.charAt(CODE) == ' ';
    }

    private static boolean isLogin(String command) {
        return command.toUpperCase(Locale.ROOT).startsWith("AUTH");
    }

    /** Of characters that each stand for an octet: as UTF-8 if it is. */
    private static String decode(String octets) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(octets.getBytes(StandardCharsets.ISO_8859_1)))
                    .toString();
        } catch (CharacterCodingException e) {
            return octets;
        }
    }
}
