package posthaste.acceptance.chaos;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import posthaste.testing.Transaction;

/**
 * A mail of the load, wholly given by seed and number: so a ledger need only name it.
 *
 * @param sender the reverse-path, of this mail alone; empty for the null reverse-path
 * @param recipients of this mail alone
 * @param notifyOn the value of NOTIFY, or empty for none
 * @param size of the message, about
 */
record PlannedMail(
        long seed, long number, String sender, List<String> recipients, String notifyOn, int size) {
    private static final String ID_FIELD = "X-Chaos-Id: ";
    private static final Pattern ID = Pattern.compile("(?m)^" + ID_FIELD + "(-?\\d+)-(\\d+)\r\n");
    private static final int KIB = 1024;

    static PlannedMail of(long seed, long number) {
        Random random = new Random(seed * 31 + number);
        // Neighbouring seeds begin alike.
        random.nextLong();
        int count = random.nextInt(100) < 70 ? 1 : 1 + random.nextInt(6);
        List<String> recipients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Behaviour behaviour = Behaviour.drawn(random.nextInt(100));
            String[] domains = behaviour.nextHop().domains();
            String domain = domains[random.nextInt(domains.length)];
            recipients.add(behaviour.prefix() + "-" + number + "-" + i + "@" + domain);
        }
        String sender = random.nextInt(10) == 0 ? "" : "from-" + number + "@sender.example";
        String notify =
                switch (random.nextInt(10)) {
                    case 0 -> "NEVER";
                    case 1 -> "SUCCESS,FAILURE";
                    case 2 -> "FAILURE,DELAY";
                    default -> "";
                };
        return new PlannedMail(
                seed, number, sender, List.copyOf(recipients), notify, drawSize(random));
    }

    private static int drawSize(Random random) {
        int kind = random.nextInt(100);
        if (kind < 70) {
            return KIB + random.nextInt(4 * KIB);
        }
        if (kind < 93) {
            return 4 * KIB + random.nextInt(60 * KIB);
        }
        return kind < 99
                ? 64 * KIB + random.nextInt(448 * KIB)
                : KIB * KIB + random.nextInt(KIB * KIB);
    }

    String id() {
        return seed + "-" + number;
    }

    /** Whether a refusal of it may be told to nobody. */
    boolean endsQuietly() {
        return sender.isEmpty() || notifyOn.equals("NEVER");
    }

    /** Its bytes: lines that differ, some with a dot in front. */
    byte[] message() {
        ByteArrayOutputStream out = new ByteArrayOutputStream(size + 256);
        String header =
                ID_FIELD + id() + "\r\nMessage-ID: <" + messageId() + ">\r\nSubject: chaos\r\n\r\n";
        out.writeBytes(header.getBytes(US_ASCII));
        byte[] rest = (" of " + id() + " " + "x".repeat(40) + "\r\n").getBytes(US_ASCII);
        for (int line = 0; out.size() < size; line++) {
            out.writeBytes(((line % 9 == 0 ? "." : "") + line).getBytes(US_ASCII));
            out.writeBytes(rest);
        }
        return out.toByteArray();
    }

    String messageId() {
        return "chaos-" + id() + "@client.example";
    }

    String digest() {
        return Transaction.sha256(message());
    }

    /** The number in one of our Message-IDs; -1 for others'. */
    static long numberIn(long seed, String messageId) {
        Matcher matcher =
                Pattern.compile("<?chaos-" + seed + "-(\\d+)@client\\.example>?")
                        .matcher(messageId);
        return matcher.matches() ? Long.parseLong(matcher.group(1)) : -1;
    }

    /**
     * What a message that was relayed holds of ours.
     *
     * @param number of the mail; -1 when it is none of ours
     * @param digest of all from our first field on, so without what relays added on top
     */
    record Found(long number, String digest) {
        static Found in(byte[] message) {
            String text = new String(message, 0, Math.min(message.length, 8 * KIB), US_ASCII);
            Matcher matcher = ID.matcher(text);
            if (!matcher.find()) {
                return new Found(-1, "");
            }
            byte[] ours = Arrays.copyOfRange(message, matcher.start(), message.length);
            return new Found(Long.parseLong(matcher.group(2)), Transaction.sha256(ours));
        }
    }
}
