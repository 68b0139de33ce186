package posthaste.bounce.dsn;

import static org.assertj.core.api.Assertions.assertThat;
import static posthaste.bounce.dsn.Notices.MESSAGE;
import static posthaste.bounce.dsn.Notices.asking;
import static posthaste.bounce.dsn.Notices.entry;
import static posthaste.bounce.dsn.Notices.envelope;
import static posthaste.bounce.dsn.Notices.failed;
import static posthaste.bounce.dsn.Notices.international;
import static posthaste.bounce.dsn.Notices.notice;
import static posthaste.bounce.dsn.Notices.recipient;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import posthaste.mail.envelope.Envelope;
import posthaste.mail.envelope.Ret;
import posthaste.mail.record.Notice;
import posthaste.mail.status.EnhancedStatusCode;
import posthaste.mail.status.Reply;

/**
 * Holds the octets of notifications to the grammar of RFC 3464 section 2 and RFC 6533 section 3,
 * written down anew from the ABNF: nothing of ours is used to read them.
 */
class FieldRulesTest {
    private static final String ATOM = "[!#$%&'*+\\-/0-9=?A-Z^_`a-z{|}~]+";
    private static final String DATE =
            "(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?\\d{1,2}"
                    + " (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \\d{4}"
                    + " \\d\\d:\\d\\d(?::\\d\\d)? [+-]\\d{4}";
    private static final String DOMAIN = "[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?";
    private static final String MTA =
            "dns; (?:" + DOMAIN + "|\\[\\d+\\.\\d+\\.\\d+\\.\\d+]|\\[IPv6:[0-9A-Fa-f:.]+])";
    private static final String TEXT = "[\\x20-\\x7e]+";
    private static final String UTF8_TEXT = "[\\x20-\\x7e\\x{80}-\\x{10ffff}]+";

    /** RFC 3461 section 4.2 has the form; quoted local parts keep their spaces. */
    private static final String MAILBOX = "(?:[\\x21-\\x7e]+|\"[\\x20-\\x7e]+\")@[\\x21-\\x7e]+";

    /** RFC 6533 section 3: {@code utf-8-addr-xtext}. */
    private static final String EMBEDDED =
            "(?:[\\x21-\\x2a\\x2c-\\x3c\\x3e-\\x5b\\x5d-\\x7e]|\\\\x\\{[0-9A-F]{2,6}})+";

    private static final String ADDRESS =
            "(?:rfc822; "
                    + MAILBOX
                    + "|utf-8; "
                    + EMBEDDED
                    + "|(?!rfc822|utf-8)"
                    + ATOM
                    + "; "
                    + TEXT
                    + ")";
    private static final String UTF8_ADDRESS =
            "(?:rfc822; "
                    + MAILBOX
                    + "|utf-8; \\S+@\\S+|(?!rfc822|utf-8)"
                    + ATOM
                    + "; "
                    + UTF8_TEXT
                    + ")";

    private static final Set<String> OF_MESSAGE =
            Set.of(
                    "original-envelope-id",
                    "reporting-mta",
                    "dsn-gateway",
                    "received-from-mta",
                    "arrival-date");

    static Stream<Notice> notices() {
        List<Notice> notices = new ArrayList<>();
        for (Notice.Action action : Notice.Action.values()) {
            for (Envelope envelope : envelopes()) {
                Notice.Entry[] entries =
                        java.util.stream.IntStream.range(0, envelope.recipients().size())
                                .mapToObj(i -> entry(i, action))
                                .toArray(Notice.Entry[]::new);
                notices.add(notice(envelope, entries));
            }
        }
        for (String host : List.of("192.0.2.7", "2001:db8::7", "", "mx.remote.example")) {
            Notice.Entry like = failed(0, new Reply(550, "5.1.1 \u00fcn\u00efcode \u2028 x"));
            notices.add(
                    notice(
                            envelope(recipient("bob@remote.example")),
                            new Notice.Entry(
                                    0,
                                    like.action(),
                                    new EnhancedStatusCode(5, 1, 1),
                                    like.reply(),
                                    like.reason(),
                                    host,
                                    like.willRetryUntil())));
        }
        return notices.stream();
    }

    private static List<Envelope> envelopes() {
        String all = "SUCCESS,FAILURE,DELAY";
        Envelope plain = envelope(recipient("bob@remote.example", all, ""));
        Envelope several =
                envelope(
                        recipient("bob@remote.example", all, "rfc822;bob+list@origin.example"),
                        recipient("\"q u\"@remote.example", all, "x400;/S=bob/ C=de"));
        Envelope embedded =
                envelope(
                        recipient(
                                "bob@remote.example",
                                all,
                                "utf-8;b\\x{F6}b\\x{5C}@r\\x{E9}mote.example"));
        Envelope foreign =
                international(
                        envelope(
                                recipient("b\u00f6b@r\u00e9mote.example", all, ""),
                                recipient(
                                        "bob@remote.example", all, "utf-8;\u7528@\u4f8b.example")));
        return List.of(
                plain,
                several,
                embedded,
                foreign,
                asking(several, Ret.FULL, "order=4711+\r\n x"),
                asking(foreign, Ret.HDRS, "\u00fc"));
    }

    @ParameterizedTest
    @MethodSource("notices")
    void everyFieldIsAsTheGrammarHasIt(Notice notice) {
        String mail = new String(Composed.of(notice, MESSAGE).octets(), StandardCharsets.UTF_8);
        assertThat(mail.lines()).allMatch(line -> line.length() <= 998);
        assertThat(mail.replace("\r\n", "")).doesNotContain("\r").doesNotContain("\n");
        boolean global = mail.contains("report-type=global-delivery-status");
        List<Map<String, String>> groups = groups(statusPart(mail, global));

        Map<String, String> ofMessage = groups.getFirst();
        assertThat(ofMessage.get("reporting-mta")).matches(MTA);
        assertThat(ofMessage.get("arrival-date")).matches(DATE);
        matchesIfThere(ofMessage, "original-envelope-id", global ? UTF8_TEXT : TEXT);
        assertThat(OF_MESSAGE).containsAll(ofMessage.keySet());

        assertThat(groups).hasSize(notice.entries().size() + 1);
        for (int i = 1; i < groups.size(); i++) {
            Map<String, String> one = groups.get(i);
            Notice.Action action = notice.entries().get(i - 1).action();
            String address = global ? UTF8_ADDRESS : ADDRESS;
            matchesIfThere(one, "original-recipient", address);
            assertThat(one.get("final-recipient")).matches(address);
            assertThat(one.get("action")).matches("failed|delayed|delivered|relayed|expanded");
            assertThat(one.get("status")).matches("[245]\\.\\d{1,3}\\.\\d{1,3}");
            matchesIfThere(one, "remote-mta", MTA);
            matchesIfThere(one, "diagnostic-code", ATOM + "; " + (global ? UTF8_TEXT : TEXT));
            assertThat(one.get("last-attempt-date")).matches(DATE);
            matchesIfThere(one, "will-retry-until", DATE);
            // RFC 3464 sections 2.3.3 and 2.3.9.
            assertThat(one.containsKey("will-retry-until"))
                    .isEqualTo(action == Notice.Action.DELAYED);
            assertThat(one.get("status").charAt(0))
                    .isIn(
                            switch (action) {
                                case RELAYED -> List.of('2');
                                case DELAYED -> List.of('4');
                                case FAILED, EXPIRED -> List.of('4', '5');
                            });
            assertThat(one.keySet())
                    .isSubsetOf(
                            "original-recipient",
                            "final-recipient",
                            "action",
                            "status",
                            "remote-mta",
                            "diagnostic-code",
                            "last-attempt-date",
                            "final-log-id",
                            "will-retry-until");
        }
    }

    private static void matchesIfThere(Map<String, String> fields, String name, String form) {
        if (fields.containsKey(name)) {
            assertThat(fields.get(name)).as(name).matches(form);
        }
    }

    /** Decoded, if need be, by the few lines of RFC 2045 section 6.7. */
    private static String statusPart(String mail, boolean global) {
        String type = global ? "message/global-delivery-status" : "message/delivery-status";
        Matcher boundary = Pattern.compile("boundary=\"([^\"]+)\"").matcher(mail);
        assertThat(boundary.find()).isTrue();
        String delimiter = "\r\n--" + boundary.group(1);
        List<String> parts = Arrays.asList(mail.split(Pattern.quote(delimiter)));
        // RFC 6522 section 3: the second of two or three.
        String part = parts.get(2);
        assertThat(part).contains("Content-Type: " + type + "\r\n");
        int end = part.indexOf("\r\n\r\n");
        String content = part.substring(end + 4);
        return part.substring(0, end).contains("quoted-printable") ? decoded(content) : content;
    }

    private static String decoded(String quotedPrintable) {
        String joined = quotedPrintable.replaceAll("=[ \\t]*\\r\\n", "");
        java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
        for (int i = 0; i < joined.length(); i++) {
            if (joined.charAt(i) == '=') {
                out.write(Integer.parseInt(joined.substring(i + 1, i + 3), 16));
                i += 2;
            } else {
                out.write(joined.charAt(i));
            }
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private static List<Map<String, String>> groups(String content) {
        List<Map<String, String>> groups = new ArrayList<>();
        for (String group : content.strip().split("\r\n\r\n", -1)) {
            Map<String, String> fields = new TreeMap<>();
            for (String field : group.replaceAll("\r\n(?=[ \t])", "").split("\r\n", -1)) {
                Matcher m = Pattern.compile("([!-9;-~]+):[ \t]*(.*)").matcher(field);
                assertThat(m.matches()).as(field).isTrue();
                assertThat(fields.put(m.group(1).toLowerCase(java.util.Locale.ROOT), m.group(2)))
                        .as("RFC 3464 section 2.1: once")
                        .isNull();
            }
            groups.add(fields);
        }
        return groups;
    }
}
