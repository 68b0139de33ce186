package posthaste.acceptance;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import posthaste.testing.Transaction;

/**
 * What was said to the clients, against what became of it: the count that every fault has to pass.
 *
 * <p>Each mail has one recipient of its own, by which it is known again wherever it turns up.
 */
final class Ledger {
    /** What the client was told of a mail. */
    enum Said {
        /** {@code 250} to the final dot. */
        OK,
        /** A {@code 4yz} or {@code 5yz}. */
        FAIL,
        /** The connection was lost: it may have been accepted or not. */
        INFO
    }

    /**
     * The count.
     *
     * @param loss accepted, and neither at the next hop nor told to the sender
     * @param phantom refused, and yet delivered
     * @param corrupt delivered with other bytes in its body
     * @param duplicates deliveries and notifications beyond the first of each mail
     */
    record Count(
            int ok,
            int fail,
            int info,
            List<String> loss,
            List<String> phantom,
            List<String> corrupt,
            int duplicates) {}

    private final Map<String, Said> said = new ConcurrentHashMap<>();

    /** The message that belongs to a recipient. */
    static byte[] message(String recipient) {
        return ("Subject: ledger\r\nX-Recipient: "
                        + recipient
                        + "\r\n\r\n"
                        + (recipient + " .\r\n").repeat(100))
                .getBytes(US_ASCII);
    }

    void note(String recipient, Said what) {
        said.put(recipient, what);
    }

    long ok() {
        return said.values().stream().filter(Said.OK::equals).count();
    }

    /** Those whose mail was accepted for certain. */
    Set<String> accepted() {
        Set<String> accepted = new HashSet<>();
        said.forEach((recipient, what) -> {
            if (what == Said.OK) {
                accepted.add(recipient);
            }
        });
        return accepted;
    }

    /** Those accepted that have not come to an end in what the next hop took. */
    Set<String> open(List<Transaction> taken) {
        Set<String> open = new HashSet<>();
        said.forEach((recipient, what) -> {
            if (what == Said.OK) {
                open.add(recipient);
            }
        });
        for (Transaction mail : taken) {
            open.removeAll(mail.recipients());
            open.removeAll(reportedIn(mail));
        }
        return open;
    }

    /** Counts, once all has drained. */
    Count count(List<Transaction> taken) {
        Map<String, Integer> ends = new HashMap<>();
        List<String> corrupt = new ArrayList<>();
        List<String> phantom = new ArrayList<>();
        for (Transaction mail : taken) {
            for (String recipient : mail.recipients()) {
                if (!said.containsKey(recipient)) {
                    continue;
                }
                ends.merge(recipient, 1, Integer::sum);
                if (!body(mail.message()).equals(body(message(recipient)))) {
                    corrupt.add(recipient);
                }
                if (said.get(recipient) == Said.FAIL) {
                    phantom.add(recipient);
                }
            }
            reportedIn(mail).forEach(recipient -> ends.merge(recipient, 1, Integer::sum));
        }
        return new Count(
                (int) ok(),
                (int) said.values().stream().filter(Said.FAIL::equals).count(),
                (int) said.values().stream().filter(Said.INFO::equals).count(),
                List.copyOf(open(taken)),
                phantom,
                corrupt,
                ends.values().stream().mapToInt(times -> times - 1).sum());
    }

    /** The recipients of ours that a DSN speaks of. */
    private List<String> reportedIn(Transaction mail) {
        if (!mail.reversePath().isEmpty()) {
            return List.of();
        }
        return mail.messageText()
                .lines()
                .filter(line -> line.startsWith("Final-Recipient:"))
                .map(line -> line.substring(line.indexOf(';') + 1).strip())
                .filter(said::containsKey)
                .toList();
    }

    private static String body(byte[] message) {
        String text = new String(message, US_ASCII);
        return text.substring(text.indexOf("\r\n\r\n"));
    }
}
