package posthaste.ingest.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import posthaste.ingest.policy.StreamChoice.Choice;
import posthaste.ingest.submitter.Login;
import posthaste.ingest.submitter.Submitter;
import posthaste.mail.envelope.Stream;

class StreamChoiceTest {
    private static final Stream BULK = new Stream("bulk");
    private static final Stream ALERTS = new Stream("alerts");
    private static final InetAddress INSIDE = InetAddress.ofLiteral("10.0.0.1");
    private static final Submitter TRUSTED = Submitter.connected("submission", INSIDE);
    private static final Submitter STRANGER =
            Submitter.connected("submission", InetAddress.ofLiteral("192.0.2.1"));

    private final StreamChoice choice =
            new StreamChoice(
                    List.of(Stream.TRANSACTIONAL, BULK, ALERTS, Stream.DSN),
                    submitter -> submitter.address().equals(INSIDE));

    @Test
    void withoutMoreItIsTheListeners() {
        assertThat(of(STRANGER)).isEqualTo(into(Stream.TRANSACTIONAL));
        assertThat(of(STRANGER.as(login(null)))).isEqualTo(into(Stream.TRANSACTIONAL));
    }

    @Test
    void aLoginsStreamComesBeforeTheListeners() {
        assertThat(of(STRANGER.as(login(ALERTS)))).isEqualTo(into(ALERTS));
    }

    @Test
    void whatTheMailSaysComesBeforeAll() {
        assertThat(of(STRANGER.as(login(ALERTS)), "bulk")).isEqualTo(into(BULK));
        assertThat(of(TRUSTED, " bulk ")).isEqualTo(into(BULK));
        assertThat(of(TRUSTED, "bulk", "bulk")).isEqualTo(into(BULK));
    }

    @Test
    void whatAStrangersMailSaysIsNothing() {
        assertThat(of(STRANGER, "bulk")).isEqualTo(into(Stream.TRANSACTIONAL));
        assertThat(of(STRANGER, "no such")).isEqualTo(into(Stream.TRANSACTIONAL));
    }

    @ParameterizedTest
    @ValueSource(strings = {"news", "BULK", "", "dsn", "bulk; q=1", "bulk\r\nX: y"})
    void aStreamThatDoesNotExistIsRefusedWithThoseThatDo(String name) {
        assertThat(of(TRUSTED, name))
                .hasToString(
                        refusal(
                                "there is no such stream for this mail; there are: transactional, bulk, alerts"));
    }

    @Test
    void twoStreamsAreNone() {
        assertThat(of(TRUSTED, "bulk", "alerts"))
                .hasToString(refusal("the mail names more than one stream"));
    }

    @Test
    void aRestrictedLoginKeepsToItsStreams() {
        Submitter campaigner =
                STRANGER.as(new Login("news", List.of("*"), Optional.empty(), List.of(BULK)));
        assertThat(of(campaigner)).isEqualTo(into(BULK));
        assertThat(of(campaigner, "bulk")).isEqualTo(into(BULK));
        assertThat(of(campaigner, "transactional"))
                .hasToString(refusal("there is no such stream for this mail; there are: bulk"));
    }

    @Test
    void aRestrictedLoginAlsoKeepsToThemOnATrustedNetwork() {
        Submitter campaigner =
                TRUSTED.as(new Login("news", List.of("*"), Optional.of(BULK), List.of(BULK)));
        assertThat(of(campaigner, "alerts")).isInstanceOf(Choice.Refused.class);
    }

    private Choice of(Submitter submitter, String... named) {
        return choice.of(submitter, Stream.TRANSACTIONAL, List.of(named));
    }

    private static Choice into(Stream stream) {
        return new Choice.Into(stream);
    }

    private static String refusal(String text) {
        return new Choice.Refused(new posthaste.mail.status.Reply(550, "5.7.1 " + text)).toString();
    }

    private static Login login(@org.jspecify.annotations.Nullable Stream stream) {
        return new Login("app", List.of("*"), Optional.ofNullable(stream));
    }
}
