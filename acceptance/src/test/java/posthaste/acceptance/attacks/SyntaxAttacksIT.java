package posthaste.acceptance.attacks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static posthaste.acceptance.attacks.AttackedRelay.octets;
import static posthaste.acceptance.attacks.AttackedRelay.utf8;

import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import posthaste.testing.SmtpDialogue;
import posthaste.testing.Transaction;

/** Attacks 58 to 63 and 65 to 80: commands, addresses, messages, and how much of them. */
class SyntaxAttacksIT extends AttackSuite {
    private static final String HEADER = "Subject: attack\r\n\r\n";
    private static final Duration SOON = Duration.ofSeconds(60);

    SyntaxAttacksIT(AttackedRelay relay) {
        super(relay);
    }

    @Attack({58, 59, 60, 61})
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SIZE=99999999999999|552 5.3.4",
                "SIZE=2000001|552 5.3.4",
                "SIZE=18446744073709551616|552 5.3.4",
                "SIZE=99999999999999999999|552 5.3.4",
                "SIZE=999999999999999999999|501 5.5.4",
                "SIZE=-1|501 5.5.4",
                "SIZE=+1|501 5.5.4",
                "SIZE=1x|501 5.5.4",
                "SIZE=1e9|501 5.5.4",
                "SIZE|501 5.5.4",
                "SIZE=|501 5.5.4",
                "SIZE=1 SIZE=99999999|501 5.5.4",
                "SIZE=99999999 BODY=8BITMIME|552 5.3.4",
                "BODY=8BITMIME SIZE=99999999|552 5.3.4",
                "BODY=7BIT RET=HDRS SIZE=99999999|552 5.3.4",
                "size=99999999|552 5.3.4",
                "BODY=9BIT|501 5.5.4",
                "BODY|501 5.5.4",
                "FOO=BAR|555 5.5.4",
                "FOO|555 5.5.4",
                "X-FOO=BAR SIZE=1|555 5.5.4",
                "SIZE=1 FOO=BAR|555 5.5.4",
                "NOTIFY=NEVER|555 5.5.4",
                "=BAR|501 5.5.4",
                "-FOO=BAR|501 5.5.4",
                "FOO==BAR|501 5.5.4",
                "SIZE =1|501 5.5.4",
                "SIZE= 1|501 5.5.4",
                "RET=ALL|501 5.5.4",
                "RET=|501 5.5.4",
                "RET=FULL RET=HDRS|501 5.5.4",
                "ENVID=|501 5.5.4",
                "ENVID=a+zzb|501 5.5.4",
                "ENVID=a+0D+0Ab|501 5.5.4",
                "ENVID=a+|501 5.5.4",
                "SMTPUTF8=YES|501 5.5.4",
                "SIZE=1\tBODY=8BITMIME|501 5.5.4"
            })
    void aSenderWithParametersThatCannotBeIsRefused(String parameters, String reply) {
        client.send(mark.mail() + " " + parameters);
        assertThat(client.reply().toString()).startsWith(reply);
        client.send(mark.rcpt()).expect(503);
        isInStep();
    }

    @Attack({60, 61})
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "FOO=BAR|555 5.5.4",
                "FOO|555 5.5.4",
                "SIZE=1|555 5.5.4",
                "NOTIFY=NEVER FOO=BAR|555 5.5.4",
                "NOTIFY=NEVER,FAILURE|501 5.5.4",
                "NOTIFY=ALWAYS|501 5.5.4",
                "NOTIFY=,|501 5.5.4",
                "NOTIFY|501 5.5.4",
                "NOTIFY=NEVER NOTIFY=SUCCESS|501 5.5.4",
                "ORCPT=rfc822|501 5.5.4",
                "ORCPT=;x|501 5.5.4",
                "ORCPT=rfc822;|501 5.5.4",
                "ORCPT=rfc822;a+0D+0AX-Evil:+20yes|501 5.5.4",
                "ORCPT=rfc822;a+ZZ|501 5.5.4",
                "ORCPT=rfc822;a+2b|501 5.5.4",
                "ORCPT=rf\u00e7822;a|501 5.5.4"
            })
    void aRecipientWithParametersThatCannotBeIsRefused(String parameters, String reply) {
        client.send(mark.mail()).expect(250);
        client.send(mark.rcpt() + " " + parameters);
        assertThat(client.reply().toString()).startsWith(reply);
        client.send("DATA").expect(554);
        isInStep();
    }

    @Attack(61)
    @Test
    void nobodyIsToldWhereNobodyIsToBeTold() {
        relay.sink().onRcpt(mark.recipient()).reply("550 5.1.1 no such user here");
        client.send(mark.mail() + " RET=HDRS ENVID=order+2B7").expect(250);
        client.send(mark.rcpt() + " NOTIFY=NEVER ORCPT=rfc822;o@x.example").expect(250);
        client.send("DATA").expect(354);
        String id = idIn(client.sendMessage(octets(HEADER + "secret\r\n")).expect(250, "queued"));
        await().atMost(SOON).until(() -> relay.finals(id).containsValue("bounced"));
        mark.nothingArrives();
    }

    @Attack(61)
    @Test
    void whoAsksToBeToldIsToldAsAsked() {
        relay.sink().onRcpt(mark.recipient()).reply("550 5.1.1 no such user here");
        client.send(mark.mail() + " RET=HDRS ENVID=order+2B7").expect(250);
        client.send(mark.rcpt() + " NOTIFY=FAILURE,DELAY ORCPT=rfc822;o+2Bx@x.example").expect(250);
        client.send("DATA").expect(354);
        client.sendMessage(octets(HEADER + "secret\r\n")).expect(250, "queued as");
        Transaction dsn = mark.arrives(1).getFirst();
        assertThat(dsn.reversePath()).isEmpty();
        assertThat(dsn.messageText())
                .contains("Original-Envelope-Id: order+7")
                .containsPattern("Original-Recipient: rfc822; ?o\\+x@x.example")
                .doesNotContain("secret");
    }

    @Attack(62)
    @ParameterizedTest
    @ValueSource(strings = {"", " BODY=8BITMIME", " BODY=7BIT", " BODY=8BITMIME SMTPUTF8"})
    void eightBitOctetsArriveAsTheyAre(String parameters) {
        StringBuilder all = new StringBuilder(HEADER);
        for (int i = 1; i < 256; i++) {
            all.append(i == '\r' || i == '\n' ? ' ' : (char) i);
        }
        client.send(mark.mail() + parameters).expect(250);
        client.send(mark.rcpt()).expect(250);
        client.send("DATA").expect(354);
        client.sendMessage(octets(all + "\r\n")).expect(250);
        mark.arrives(all + "\r\n");
    }

    @Attack(62)
    @Test
    void eightBitOctetsInAHeaderArriveAsTheyAre() {
        String message =
                "Subject: \u00e9\u00ff\u0080\r\nX-\u00e9: " + utf8("\u2603") + "\r\n\r\nx\r\n";
        beginMessage();
        client.sendMessage(octets(message)).expect(250);
        mark.arrives(message);
    }

    /** Octets of a path, and how its RCPT is refused. */
    static Stream<Arguments> badPaths() {
        return Stream.of(
                // 63: UTF-8 that was not announced.
                Arguments.of("<" + utf8("\u00fc") + "ser@d.example>", "553 5.6.7"),
                Arguments.of("<user@" + utf8("d\u00fc") + ".example>", "553 5.6.7"),
                // 65: what is no UTF-8 at all: a lone octet, overlong forms, surrogates, beyond
                // Unicode, cut off.
                Arguments.of("<\u00ff@d.example>", "501 5.5.2"),
                Arguments.of("<\u00c0\u00af@d.example>", "501 5.5.2"),
                Arguments.of("<\u00c0\u0080@d.example>", "501 5.5.2"),
                Arguments.of("<a\u00e0\u0080\u008d@d.example>", "501 5.5.2"),
                Arguments.of("<\u00ed\u00a0\u0080@d.example>", "501 5.5.2"),
                Arguments.of("<\u00f4\u0090\u0080\u0080@d.example>", "501 5.5.2"),
                Arguments.of("<\u00f8\u0088\u0080\u0080\u0080@d.example>", "501 5.5.2"),
                Arguments.of("<\u00e2\u0082@d.example>", "501 5.5.2"),
                Arguments.of("<a@d.example>\u00ff", "501 5.5.2"),
                // 72: what no address holds.
                Arguments.of("<a\0b@d.example>", "501 5.1.3"),
                Arguments.of("<a\tb@d.example>", "501 5.1.3"),
                Arguments.of("<a b@d.example>", "501 5.1.3"),
                Arguments.of("<ab@d .example>", "501 5.1.3"),
                Arguments.of("<ab@d\t.example>", "501 5.1.3"),
                Arguments.of("<ab@d\0.example>", "501 5.1.3"),
                Arguments.of("<\"a\0b\"@d.example>", "501 5.1.3"),
                Arguments.of("<\"a\tb\"@d.example>", "501 5.1.3"),
                Arguments.of("<a\u0007@d.example>", "501 5.1.3"),
                Arguments.of("<a\u007f@d.example>", "501 5.1.3"),
                Arguments.of("<a@d.example\u001b[31m>", "501 5.1.3"),
                // 73: what is no path.
                Arguments.of("<>", "501 5.1.3"),
                Arguments.of("<a@b@c.example>", "501 5.1.3"),
                Arguments.of("<<a@b.example>", "501 5.1.3"),
                Arguments.of("<<a@b.example>>", "501 5.1.3"),
                Arguments.of("<a@b.example>>", "501 5.1.3"),
                Arguments.of("<a@b.example", "501 5.1.3"),
                Arguments.of("a@b.example>", "501 5.1.3"),
                Arguments.of("a@b.example", "501 5.1.3"),
                Arguments.of("\"Name\" <a@b.example>", "501 5.1.3"),
                Arguments.of("<a@b.example> <c@d.example>", "501 5.5.4"),
                Arguments.of("<a@b.example>,<c@d.example>", "501 5.1.3"),
                Arguments.of("<a@b.example,c@d.example>", "501 5.1.3"),
                Arguments.of("<a@b.example>(comment)", "501 5.1.3"),
                Arguments.of("<a(comment)@b.example>", "501 5.1.3"),
                Arguments.of("<@b.example>", "501 5.1.3"),
                Arguments.of("<a@>", "501 5.1.3"),
                Arguments.of("<@>", "501 5.1.3"),
                Arguments.of("<@x.example:>", "501 5.1.3"),
                Arguments.of("<@:a@b.example>", "501 5.1.3"),
                Arguments.of("<@x.example,:a@b.example>", "501 5.1.3"),
                Arguments.of("<x.example:a@b.example>", "501 5.1.3"),
                Arguments.of("<.a@b.example>", "501 5.1.3"),
                Arguments.of("<a.@b.example>", "501 5.1.3"),
                Arguments.of("<a..b@c.example>", "501 5.1.3"),
                Arguments.of("<a@.b.example>", "501 5.1.3"),
                Arguments.of("<a@b..example>", "501 5.1.3"),
                Arguments.of("<a@b.example.>", "501 5.1.3"),
                Arguments.of("<a@-b.example>", "501 5.1.3"),
                Arguments.of("<a@b-.example>", "501 5.1.3"),
                Arguments.of("<a@b!c.example>", "501 5.1.3"),
                Arguments.of("<a@[127.0.0.1>", "501 5.1.3"),
                Arguments.of("<a@[256.0.0.1]>", "501 5.1.3"),
                Arguments.of("<a@[IPv6:zz]>", "501 5.1.3"),
                Arguments.of("<a@[IPv6:::1%lo]>", "501 5.1.3"),
                Arguments.of("<a@[x y]>", "501 5.1.3"),
                Arguments.of("<\"a@b.example>", "501 5.1.3"),
                Arguments.of("<\"a\"b@c.example>", "501 5.1.3"),
                Arguments.of("<\"a\\\"@c.example>", "501 5.1.3"),
                Arguments.of("<a\"b\"@c.example>", "501 5.1.3"),
                // 75: too long.
                Arguments.of("<" + "l".repeat(65) + "@d.example>", "501 5.1.3"),
                Arguments.of("<\"" + "l".repeat(63) + "\"@d.example>", "501 5.1.3"),
                Arguments.of("<" + utf8("\u00fc").repeat(33) + "@d.example>", "501 5.1.3"),
                Arguments.of("<a@" + "d".repeat(64) + ".example>", "501 5.1.3"),
                Arguments.of("<a@" + "d234567890.".repeat(23) + "ex>", "501 5.1.3"),
                Arguments.of("<a@" + ("d".repeat(60) + ".").repeat(5) + "example>", "501 5.1.3"));
    }

    @Attack({63, 65, 72, 73, 75})
    @Test
    void aPathThatIsNoneIsRefusedAndTheSessionStaysInStep() {
        for (Arguments path : badPaths().toList()) {
            try (SmtpDialogue other = relay.client()) {
                other.send(mark.mail()).expect(250);
                other.sendBytes(octets("RCPT TO:" + path.get()[0] + "\r\nNOOP\r\n"));
                assertThat(other.reply().toString())
                        .as(Octets.visible((String) path.get()[0]))
                        .startsWith((String) path.get()[1]);
                other.expect(250, "2.0.0");
                other.send("DATA").expect(554);
            }
        }
    }

    @Attack({65, 72, 73, 75})
    @Test
    void aSenderThatIsNoneIsRefusedLikewise() {
        for (Arguments path : badPaths().toList()) {
            if (path.get()[0].equals("<>")) {
                continue;
            }
            try (SmtpDialogue other = relay.client()) {
                other.sendBytes(octets("MAIL FROM:" + path.get()[0] + "\r\nNOOP\r\n"));
                assertThat(other.reply().code())
                        .as(Octets.visible((String) path.get()[0]))
                        .isIn(501, 553);
                other.expect(250, "2.0.0");
                other.send(mark.rcpt()).expect(503);
            }
        }
    }

    @Attack(66)
    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r", "\n\n", "\r\r\n", "\n\r\n", "\0\n"})
    void aLineEndThatIsNoneRunsNothing(String end) {
        send(mark.mail() + end + mark.rcpt() + "\r\nDATA\r\n" + HEADER + "x\r\n.\r\n");
        assertThat(client.reply().code()).isIn(500, 501);
        client.expectClosed();
        mark.nothingArrives();
    }

    @Attack(67)
    @Test
    void aLongCommandIsRefusedAndTheSessionStaysInStep() {
        client.send("NOOP " + "x".repeat(13_000)).expect(500, "5.5.2");
        client.send("MAIL FROM:<" + "a".repeat(13_000) + "@b.example>").expect(500, "5.5.2");
        client.send("EHLO " + "x".repeat(500)).expect(250);
        client.send("NOOP").expect(250);
    }

    @Attack(67)
    @Test
    void aLineWithoutEndIsNotAwaited() {
        client.sendBytes("x".repeat(100_000).getBytes(UTF_8));
        client.expect(500, "5.5.2");
        client.expectClosed();
    }

    @Attack(68)
    @ParameterizedTest
    @ValueSource(ints = {998, 999, 1000, 1001, 4096, 10_000, 65_536, 1_000_000})
    void longLinesArriveUnbroken(int octets) {
        String message = HEADER + "x".repeat(octets) + "\r\n." + "y".repeat(octets / 4) + "\r\n";
        beginMessage();
        client.sendMessage(octets(message)).expect(250);
        mark.arrives(message);
    }

    @Attack(69)
    @Test
    void aHeaderHasBounds() {
        String received = "Received: from a by b; Sun, 22 Nov 2026 08:30:00 +0000\r\n";
        refusesMessage("Subject: " + "x".repeat(1_000_000) + "\r\n\r\nx\r\n", "552 5.3.4");
        refusesMessage("X: " + "y".repeat(900) + "\r\n", 1200, "552 5.3.4");
        refusesMessage("X: y\r\n", 10_000, "552 5.3.4");
        refusesMessage("X:\r\n y\r\n", 10_000, "552 5.3.4");
        refusesMessage(received, 100, "554 5.4.6");
        refusesMessage("RECEIVED :x\r\n", 100, "554 5.4.6");
        refusesMessage("received:\r\n\tx\r\n", 100, "554 5.4.6");
        mark.nothingArrives();
    }

    @Attack(70)
    @ParameterizedTest
    @CsvSource({"100,100", "1000,1000", "1001,1000"})
    void recipientsBeyondTheLimitAreToldToComeBack(int asked, int taken) {
        sendsTo(asked, taken);
    }

    @Attack(70)
    @Tag("full")
    @Test
    void fiveThousandRecipientsAreAThousandNow() {
        sendsTo(5000, 1000);
    }

    @Attack(71)
    @Test
    void theSameRecipientGetsOneMail() {
        client.send(mark.mail()).expect(250);
        for (int i = 0; i < 100; i++) {
            String domain = i % 2 == 0 ? mark.domain() : mark.domain().toUpperCase(Locale.ROOT);
            client.send("RCPT TO:<rcpt@" + domain + ">").expect(250);
        }
        client.send("DATA").expect(354);
        client.sendMessage(octets(HEADER)).expect(250);
        assertThat(mark.arrives(HEADER).recipients()).containsExactly(mark.recipient());
    }

    @Attack(74)
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"a>b\"",
                "\"a b\"",
                "\"a@b\"",
                "\"<x>\"",
                "\"a\\\"b\"",
                "\"a\\\\b\"",
                "\"a\\>b\"",
                "\"> SIZE=1\"",
                "\"a,b:c;d\"",
                "!#$%&'*+-/=?^_`{|}~"
            })
    void anUnusualLocalPartArrivesExactly(String localPart) {
        String address = localPart + "@" + mark.domain();
        client.send("MAIL FROM:<" + address + ">").expect(250);
        client.send("RCPT TO:<" + address + "> NOTIFY=FAILURE").expect(250);
        client.send("DATA").expect(354);
        client.sendMessage(octets(HEADER)).expect(250);
        Transaction mail = mark.arrives(HEADER);
        assertThat(mail.mail()).startsWith("<" + address + ">");
        assertThat(mail.rcpts().getFirst()).startsWith("<" + address + ">");
    }

    @Attack(76)
    @ParameterizedTest
    @ValueSource(strings = {"\u560a\u560d", "\u0d0a", "\u010d\u010a", "\ud83d\udc0d\ud83d\udc0a"})
    void lineEndsHiddenInUnicodeStayCharacters(String text) {
        String address = "x" + text + "DATA@" + mark.domain();
        client.send("MAIL FROM:<sender@" + mark.domain() + "> SMTPUTF8").expect(250);
        client.send("RCPT TO:<" + address + ">").expect(250);
        client.send("DATA").expect(354);
        String message = utf8("Subject: " + text + "Bcc: x\r\n\r\n" + text + ".\r\n");
        client.sendMessage(octets(message)).expect(250);
        assertThat(mark.arrives(message).recipients()).containsExactly(address);
    }

    @Attack(76)
    @ParameterizedTest
    @ValueSource(strings = {"\u0085", "\u2028", "\u2029", "\u00a0", "\u200b", "\u202e", "\ufeff"})
    void whatAnAddressMustNotShowIsRefused(String text) {
        client.send("MAIL FROM:<sender@" + mark.domain() + "> SMTPUTF8").expect(250);
        client.send("RCPT TO:<x" + text + "y@" + mark.domain() + ">").expect(501, "5.1.3");
        client.send("RCPT TO:<x@y" + text + "." + mark.domain() + ">").expect(501, "5.1.3");
    }

    @Attack(77)
    @Test
    void whatOthersSayIsShownInert() throws Exception {
        String evil = "<script>alert(1)</script><b>\u001b[31m=cmd|'/c calc'!A1\u0007\u202e";
        relay.sink()
                .onRcpt(mark.recipient())
                .replyBytes(
                        octets(utf8("550-5.1.1 " + evil + "\r\n550 5.1.1 +x\t\0" + evil + "\r\n")));
        client.send("EHLO <script>x</script>" + evil).expect(250);
        client.send("MAIL FROM:<\"=<script>\"@" + mark.domain() + ">").expect(250);
        client.send(mark.rcpt() + " ORCPT=rfc822;<script>alert(2)</script>").expect(250);
        client.send("DATA").expect(354);
        client.sendMessage(
                octets(
                        utf8(
                                "Subject: "
                                        + evil
                                        + "\r\nMessage-ID: <<script>@x>\r\n\r\n"
                                        + evil
                                        + "\r\n")));
        String id = idIn(client.expect(250, "queued as"));

        Transaction dsn = mark.arrives(1).getFirst();
        String report =
                dsn.messageText()
                        .replaceFirst("(?s)Content-Type: (message/rfc822|text/rfc822).*", "");
        assertThat(report).doesNotContainPattern("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f]");
        assertThat(report.lines())
                .noneMatch(line -> line.startsWith("<script") || line.startsWith("=cmd"));
        await().atMost(SOON).until(() -> relay.finals(id).containsValue("bounced"));
        for (String page :
                List.of(
                        "/?recipient=" + URLEncoder.encode(mark.recipient(), UTF_8),
                        "/mail/" + id,
                        "/queue")) {
            HttpResponse<String> shown = relay.posthaste().rest().get(page);
            assertThat(shown.statusCode()).as(page).isEqualTo(200);
            String html = shown.body();
            assertThat(html)
                    .as(page)
                    .doesNotContain("<script>alert")
                    .doesNotContain("<script>x")
                    .doesNotContain("<b>")
                    .doesNotContainPattern("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f\\u202e]");
        }
        String json = relay.posthaste().rest().get("/api/v1/messages/" + id).body();
        assertThat(json).doesNotContainPattern("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f]");
    }

    @Attack(78)
    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /\r\n",
                "POST / HTTP/1.1\r\nContent-Length: 1000\r\n\r\n",
                "post / HTTP/1.1\r\n\r\n",
                "HEAD / HTTP/1.0\r\n\r\n",
                "OPTIONS * HTTP/1.1\r\n\r\n",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                "CONNECT mail:25 HTTP/1.1\r\n\r\n",
                "Host: x\r\n",
                "Content-Type: text/plain\r\n",
                "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003\n\r",
                "\u0016\u0003\u0001\r\n"
            })
    void whoSpeaksAnotherProtocolIsSentAway(String first) {
        for (boolean greeted : new boolean[] {true, false}) {
            try (SmtpDialogue other =
                    greeted ? relay.client() : SmtpDialogue.connect(relay.posthaste().smtpPort())) {
                other.sendBytes(octets(first + "EHLO c\r\n" + mark.smuggled()));
                if (!greeted) {
                    other.expect(220);
                }
                assertThat(other.repliesTo("NOOP")).as(Octets.visible(first)).hasSizeLessThan(2);
            }
        }
        mark.nothingArrives();
    }

    @Attack(79)
    @ParameterizedTest
    @ValueSource(strings = {"FOO", "NOOP", "RSET", "VRFY x", "EHLO again", "HELP", "EXPN x", ""})
    void whoMakesNoMailIsSentAway(String command) {
        int replies = 0;
        int code;
        do {
            code = client.send(command).reply().code();
            replies++;
        } while (code != 421 && replies < 1000);
        assertThat(replies).isBetween(15, 200);
        client.expectClosed();
    }

    @Attack(79)
    @Test
    void refusalsWithinTransactionsCountToo() {
        int replies = 0;
        int code;
        do {
            code = client.send("MAIL FROM:<bad").reply().code();
            replies++;
        } while (code != 421 && replies < 1000);
        assertThat(replies).isBetween(15, 200);
        client.expectClosed();
    }

    @Attack(80)
    @Test
    void nobodyLearnsWhoIsHere() {
        for (String user : List.of("root", "postmaster", "nobody-at-all", "<root@localhost>")) {
            assertThat(client.send("VRFY " + user).reply())
                    .isEqualTo(client.send("VRFY x").reply());
        }
        assertThat(client.send("VRFY root").reply().code()).isIn(252, 502);
        for (String command :
                List.of(
                        "EXPN staff",
                        "TURN",
                        "DEBUG",
                        "WIZ",
                        "SEND FROM:<a@b.c>",
                        "SAML FROM:<a@b.c>")) {
            assertThat(client.send(command).reply().code()).as(command).isIn(500, 502);
        }
        assertThat(client.send("HELP").reply().code()).isIn(211, 214, 502);
    }

    private void refusesMessage(String field, int times, String reply) {
        refusesMessage(field.repeat(times) + "\r\nx\r\n", reply);
    }

    private void refusesMessage(String message, String reply) {
        beginMessage();
        client.sendMessage(octets(message));
        assertThat(client.reply().toString()).startsWith(reply);
        client.send("NOOP").expect(250);
    }

    private void sendsTo(int asked, int taken) {
        client.send(mark.mail()).expect(250);
        StringBuilder batch = new StringBuilder();
        for (int i = 0; i < asked; i++) {
            batch.append("RCPT TO:<user%d@%s>\r\n".formatted(i, mark.domain()));
        }
        Thread writing = Thread.ofVirtual().start(() -> send(batch.toString()));
        for (int i = 0; i < asked; i++) {
            if (i < taken) {
                client.expect(250, "2.1.5");
            } else {
                client.expect(452, "4.5.3");
            }
        }
        assertThat(writing.isAlive()).isFalse();
        client.send("DATA").expect(354);
        client.sendMessage(octets(HEADER)).expect(250);
        await().atMost(SOON)
                .until(() ->
                        mark.arrived().stream().mapToInt(mail -> mail.recipients().size()).sum()
                                == taken);
        mark.arrives(mark.arrived().size());
        assertThat(mark.arrived().stream().flatMap(mail -> mail.recipients().stream()).distinct())
                .hasSize(taken);
    }

    private static String idIn(SmtpDialogue.Reply reply) {
        return reply.text().substring(reply.text().lastIndexOf(' ') + 1);
    }
}
