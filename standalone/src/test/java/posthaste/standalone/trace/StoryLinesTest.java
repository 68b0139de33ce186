package posthaste.standalone.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import posthaste.bounce.deliverylog.LoggedEvent;
import posthaste.bounce.deliverylog.LoggedEvent.LoggedAttempt;
import posthaste.bounce.deliverylog.LoggedMail;
import posthaste.bounce.deliverylog.LoggedMail.LoggedEnvelope;
import posthaste.bounce.deliverylog.MailStory;
import posthaste.bounce.deliverylog.RecipientStanding;
import posthaste.mail.outcome.Conversation;
import posthaste.standalone.terminal.Ink;

class StoryLinesTest {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final String ID = "01m81j18g0xmjpxxym83p49rgd";

    @Test
    void aStoryIsToldALineAnEventWithWhoSaidWhatAndWhatComesNext() {
        assertThat(
                        new StoryLines(new Ink(false), NOON.plusSeconds(15), false)
                                .of(story("451 4.7.1 later")))
                .containsExactly(
                        ID
                                + "  accepted 2026-11-22 12:00:00 UTC from <app@example.com> by"
                                + " 192.0.2.9, 1,234 bytes, stream transactional",
                        "  ann@example.org  deferred, tried again 2026-11-22 12:01:00 UTC",
                        "      The receiving system's policy does not allow this mail. It may pass,"
                                + " so the mail is tried again.",
                        "      It is tried again in 45 s.",
                        "      +0.25 s  deferred    mx.example.org: 451 4.7.1 later; tried again"
                                + " 2026-11-22 12:01:00 UTC");
    }

    @Test
    void onATerminalStatesHaveColours() {
        assertThat(
                        new StoryLines(new Ink(true), NOON.plusSeconds(15), false)
                                .of(story("451 4.7.1 later"))
                                .get(1))
                .contains("\033[33mdeferred\033[0m");
    }

    @Test
    void whatARemoteServerSaysCannotSteerTheTerminal() {
        List<String> lines =
                new StoryLines(new Ink(false), NOON.plusSeconds(15), false)
                        .of(story("451 \033[2J\007\u202eevil\nsecond"));
        assertThat(lines).hasSize(5);
        assertThat(lines.getLast()).contains("evil").doesNotContain("\033", "\007", "\u202e", "\n");
    }

    @Test
    void whatWasSaidIsToldOnDemandAndHarmless() {
        List<String> lines =
                new StoryLines(new Ink(false), NOON.plusSeconds(15), true)
                        .of(story("451 \033[2J later"));
        assertThat(lines.subList(lines.size() - 3, lines.size()))
                .map(String::strip)
                .containsExactly("0 ms * connects", "7 ms > DATA", "12 ms < 451 \ufffd[2J later");
    }

    @Test
    void howARecipientStandsSaysWhatHappensNext() {
        Instant now = NOON.plusSeconds(15);
        assertThat(Outlook.next(standing("queued", Optional.empty(), Optional.empty()), now))
                .isEqualTo("It waits for its first attempt.");
        assertThat(Outlook.next(standing("deferred", Optional.of(NOON), Optional.empty()), now))
                .isEqualTo("It is due, and tried again any moment.");
        assertThat(Outlook.next(standing("bounced", Optional.empty(), Optional.of(ID)), now))
                .isEqualTo("It will not be tried again. The sender was told by mail " + ID + ".");
        assertThat(Outlook.next(standing("expired", Optional.empty(), Optional.empty()), now))
                .isEqualTo("It will not be tried again. The sender was not told.");
        assertThat(
                        Outlook.next(
                                standing(
                                        "quarantined",
                                        Optional.of(NOON.plusSeconds(30 * 86_400)),
                                        Optional.empty()),
                                now))
                .isEqualTo("It waits for an operator to look at it, 29 days at most.");
        assertThat(Outlook.next(standing("delivered", Optional.empty(), Optional.empty()), now))
                .startsWith("The receiving server has it");
        assertThat(Outlook.meaning(standing("bounced", Optional.empty(), Optional.empty())))
                .as("nobody said anything")
                .isEmpty();
    }

    private static RecipientStanding standing(
            String state, Optional<Instant> next, Optional<String> dsn) {
        return new RecipientStanding(
                "ann@example.org",
                state,
                NOON,
                0,
                0,
                Optional.of("5.1.1"),
                Optional.empty(),
                "",
                next,
                dsn);
    }

    private static MailStory story(String reply) {
        return new MailStory(
                new LoggedMail(
                        ID,
                        NOON,
                        Optional.of(
                                new LoggedEnvelope(
                                        "app@example.com",
                                        "transactional",
                                        "192.0.2.9",
                                        "app.example.com",
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.empty(),
                                        1234)),
                        1,
                        List.of(
                                new RecipientStanding(
                                        "ann@example.org",
                                        "deferred",
                                        NOON,
                                        1,
                                        0,
                                        Optional.of("4.7.1"),
                                        Optional.of(reply),
                                        "",
                                        Optional.of(NOON.plusSeconds(60)),
                                        Optional.empty()))),
                List.of(
                        new LoggedEvent(
                                NOON.plusMillis(250),
                                "deferred",
                                "ann@example.org",
                                "4.7.1",
                                Optional.of(reply),
                                "",
                                Optional.of(NOON.plusSeconds(60)),
                                false,
                                Optional.empty(),
                                Optional.of(
                                        new LoggedAttempt(
                                                1,
                                                ID + ".0",
                                                "relay-1",
                                                "example.org",
                                                "192.0.2.7",
                                                "mx.example.org",
                                                "192.0.2.1:25",
                                                "",
                                                NOON,
                                                250,
                                                List.of(
                                                        new Conversation.Line(
                                                                0,
                                                                Conversation.Side.NOTE,
                                                                "connects"),
                                                        new Conversation.Line(
                                                                7, Conversation.Side.WE, "DATA"),
                                                        new Conversation.Line(
                                                                12,
                                                                Conversation.Side.THEY,
                                                                reply)))))),
                false);
    }
}
