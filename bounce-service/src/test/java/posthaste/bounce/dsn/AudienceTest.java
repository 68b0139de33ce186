package posthaste.bounce.dsn;

import static org.assertj.core.api.Assertions.assertThat;
import static posthaste.bounce.dsn.Notices.entry;
import static posthaste.bounce.dsn.Notices.envelope;
import static posthaste.bounce.dsn.Notices.notice;
import static posthaste.bounce.dsn.Notices.recipient;
import static posthaste.bounce.dsn.Notices.sentBy;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import posthaste.bounce.dsn.Audience.Silence;
import posthaste.bounce.dsn.Audience.Untold;
import posthaste.mail.address.ReversePath;
import posthaste.mail.envelope.DeliverBy;
import posthaste.mail.envelope.Envelope;
import posthaste.mail.envelope.FirstStop;
import posthaste.mail.envelope.Handling;
import posthaste.mail.record.Notice;

class AudienceTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    # NOTIFY            | FAILED        | EXPIRED       | DELAYED       | RELAYED
                    ''                  | told          | told          | told          | NOT_ASKED_FOR
                    NEVER               | NOTIFY_NEVER  | NOTIFY_NEVER  | NOTIFY_NEVER  | NOTIFY_NEVER
                    SUCCESS             | NOT_ASKED_FOR | NOT_ASKED_FOR | NOT_ASKED_FOR | told
                    FAILURE             | told          | told          | NOT_ASKED_FOR | NOT_ASKED_FOR
                    DELAY               | NOT_ASKED_FOR | NOT_ASKED_FOR | told          | NOT_ASKED_FOR
                    SUCCESS,FAILURE     | told          | told          | NOT_ASKED_FOR | told
                    FAILURE,DELAY       | told          | told          | told          | NOT_ASKED_FOR
                    SUCCESS,DELAY       | NOT_ASKED_FOR | NOT_ASKED_FOR | told          | told
                    SUCCESS,FAILURE,DELAY | told        | told          | told          | told
                    """)
    void theSenderIsToldOfWhatNotifyAsksFor(
            String notify, String failed, String expired, String delayed, String relayed) {
        assertThat(verdict(notify, Notice.Action.FAILED)).isEqualTo(failed);
        assertThat(verdict(notify, Notice.Action.EXPIRED)).isEqualTo(expired);
        assertThat(verdict(notify, Notice.Action.DELAYED)).isEqualTo(delayed);
        assertThat(verdict(notify, Notice.Action.RELAYED)).isEqualTo(relayed);
    }

    private static String verdict(String notify, Notice.Action action) {
        return verdict(envelope(recipient("bob@remote.example", notify, "")), action);
    }

    private static String verdict(Envelope envelope, Notice.Action action) {
        Audience audience = Audience.of(notice(envelope, entry(0, action)));
        assertThat(audience.told().size() + audience.untold().size()).isEqualTo(1);
        return audience.untold().isEmpty() ? "told" : audience.untold().getFirst().silence().name();
    }

    @ParameterizedTest
    @CsvSource({"'', told", "FAILURE, told", "SUCCESS, told", "NEVER, NOTIFY_NEVER"})
    void theRelayOfAMailThatIsDueIsToldUnlessNothingIsToBe(String notify, String verdict) {
        Envelope due =
                envelope(recipient("bob@remote.example", notify, ""))
                        .handled(
                                new Handling(
                                        new FirstStop.Attempt(),
                                        false,
                                        Optional.of(
                                                new DeliverBy(
                                                        Instant.EPOCH,
                                                        DeliverBy.Mode.NOTIFY,
                                                        true))));
        assertThat(verdict(due, Notice.Action.RELAYED)).isEqualTo(verdict);
    }

    @ParameterizedTest
    @EnumSource(Notice.Action.class)
    void aNullReversePathIsNeverToldAnything(Notice.Action action) {
        for (String notify : List.of("", "NEVER", "SUCCESS,FAILURE,DELAY")) {
            Envelope envelope =
                    sentBy(envelope(recipient("bob@remote.example", notify, "")), ReversePath.NULL);
            Audience audience = Audience.of(notice(envelope, entry(0, action)));
            assertThat(audience.told()).isEmpty();
            assertThat(audience.untold())
                    .extracting(Untold::silence)
                    .containsExactly(Silence.NULL_REVERSE_PATH);
        }
    }

    @Test
    void recipientsOfOneNoticeAreDecidedEachForItself() {
        Envelope envelope =
                envelope(
                        recipient("a@remote.example"),
                        recipient("b@remote.example", "NEVER", ""),
                        recipient("c@remote.example", "FAILURE", ""));
        Audience audience =
                Audience.of(
                        notice(
                                envelope,
                                entry(0, Notice.Action.FAILED),
                                entry(1, Notice.Action.FAILED),
                                entry(2, Notice.Action.EXPIRED)));
        assertThat(audience.told()).extracting(Notice.Entry::recipient).containsExactly(0, 2);
        assertThat(audience.untold())
                .extracting(untold -> untold.entry().recipient())
                .containsExactly(1);
    }
}
