package posthaste.mail.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import posthaste.mail.envelope.DeliverBy;
import posthaste.mail.envelope.Envelope;
import posthaste.mail.envelope.FirstStop;
import posthaste.mail.envelope.Handling;
import posthaste.mail.envelope.MailId;
import posthaste.mail.outcome.AttemptDetails;
import posthaste.mail.outcome.Conversation;
import posthaste.mail.status.EnhancedStatusCode;
import posthaste.mail.status.Reply;

class RecordCodecTest {
    private static final Reply REPLY = new Reply(550, "5.1.1 无此人");

    static Stream<MailRecord> records() {
        return Stream.of(
                Job.first(Mails.to("a@remote.example"), Mails.BODY, 0, false),
                Job.first(Mails.outspoken(), Mails.BODY, 3, true).deferred(List.of(1), 12, 5, true),
                new Split(EncodedEnvelope.of(Mails.outspoken()), Mails.BODY),
                notice(Notice.Action.DELAYED),
                event(Event.Kind.DEFERRED),
                new Event(Mails.ID, Mails.ACCEPTED, Optional.empty(), List.of()));
    }

    @ParameterizedTest
    @MethodSource("records")
    void whatIsWrittenIsReadAgain(MailRecord record) throws Exception {
        assertThat(RecordCodec.decode(RecordCodec.encode(record))).isEqualTo(record);
    }

    @ParameterizedTest
    @EnumSource
    void everyActionHasAPlaceOnTheWire(Notice.Action action) throws Exception {
        assertThat(RecordCodec.decode(RecordCodec.encode(notice(action))))
                .isEqualTo(notice(action));
    }

    @ParameterizedTest
    @EnumSource
    void everyKindHasAPlaceOnTheWire(Event.Kind kind) throws Exception {
        assertThat(RecordCodec.decode(RecordCodec.encode(event(kind)))).isEqualTo(event(kind));
    }

    static Stream<Handling> handlings() {
        Instant soon = Mails.ACCEPTED.plusSeconds(60);
        return Stream.of(
                Handling.ORDINARY,
                Handling.ORDINARY.stoppingAt(new FirstStop.Fallback()),
                Handling.ORDINARY.stoppingAt(new FirstStop.Hold(soon)),
                Handling.ORDINARY.stoppingAt(new FirstStop.Quarantine("")),
                Handling.ORDINARY.stoppingAt(new FirstStop.Quarantine("Eicar found")),
                new Handling(new FirstStop.Attempt(), true, Optional.empty()),
                new Handling(
                        new FirstStop.Attempt(),
                        false,
                        Optional.of(new DeliverBy(soon, DeliverBy.Mode.NOTIFY, false))));
    }

    @ParameterizedTest
    @MethodSource("handlings")
    void onlyAMailThatIsHandledOtherwiseKeepsOlderReadersAway(Handling handling) throws Exception {
        Envelope envelope = Mails.to("a@remote.example").handled(handling);
        int expected = handling.equals(Handling.ORDINARY) ? 1 : 2;

        assertThat(major(Job.first(envelope, Mails.BODY, 0, false))).isEqualTo(expected);
        assertThat(major(new Split(EncodedEnvelope.of(envelope), Mails.BODY))).isEqualTo(expected);
    }

    @Test
    void fieldsThatWereAddedKeepOlderReadersAway() throws Exception {
        Envelope envelope =
                Mails.to("a@remote.example").withMessage(Optional.empty(), "Date: today\r\n");

        assertThat(major(Job.first(envelope, Mails.BODY, 0, false))).isEqualTo(2);
        assertThat(major(event(Event.Kind.DEFERRED))).isEqualTo(1);
    }

    /** They would take its kind for damage, and dead-letter it. */
    @ParameterizedTest
    @EnumSource
    void whatCameBackKeepsReadersAwayThatDoNotKnowOfIt(Event.Kind kind) throws Exception {
        assertThat(major(event(kind))).isEqualTo(kind.cameBack() ? 3 : 1);
        assertThat(kind.cameBack() && kind.isFinal()).isFalse();
    }

    private static int major(MailRecord record) throws Exception {
        return Wire.Record.parseFrom(RecordCodec.encode(record)).getMajor();
    }

    @ParameterizedTest
    @MethodSource("handlings")
    void everyHandlingHasAPlaceOnTheWire(Handling handling) throws Exception {
        Envelope envelope = Mails.to("a@remote.example").handled(handling);
        Job job = Job.first(envelope, Mails.BODY, 0, false);
        assertThat(RecordCodec.decode(RecordCodec.encode(job))).isEqualTo(job);
        assertThat(((Job) RecordCodec.decode(RecordCodec.encode(job))).envelope().envelope())
                .isEqualTo(envelope);
    }

    @Test
    void anEnvelopeIsCopiedNotEncodedAnew() throws Exception {
        Job job = Job.first(Mails.outspoken(), Mails.BODY, 0, false);
        Job read = (Job) RecordCodec.decode(RecordCodec.encode(job));
        assertThat(read.envelope().toByteArray()).isEqualTo(job.envelope().toByteArray());
    }

    @Test
    void aNewerMajorVersionIsNotGuessedAt() {
        byte[] newer =
                Wire.Record.newBuilder().setMajor(RecordCodec.MAJOR + 1).build().toByteArray();
        assertThatThrownBy(() -> RecordCodec.decode(newer))
                .isInstanceOf(NewerRecordException.class);
    }

    @Test
    void whatIsNoRecordIsUnreadable() {
        byte[] text = "no record".getBytes(StandardCharsets.US_ASCII);
        assertThatThrownBy(() -> RecordCodec.decode(text))
                .isInstanceOf(UnreadableRecordException.class);
        assertThatThrownBy(() -> RecordCodec.decode(new byte[0]))
                .isInstanceOf(UnreadableRecordException.class);
    }

    /** Nothing but these two may come out, or a damaged record would stop its partition. */
    @Test
    void aDamagedRecordIsUnreadableOrAnotherRecordButNothingElse() {
        byte[] whole = RecordCodec.encode(notice(Notice.Action.FAILED));
        for (int length = 0; length < whole.length; length++) {
            assertOnlyOurs(Arrays.copyOf(whole, length));
        }
        for (int i = 0; i < whole.length; i++) {
            byte[] flipped = whole.clone();
            flipped[i] ^= (byte) 0x55;
            assertOnlyOurs(flipped);
        }
    }

    private static void assertOnlyOurs(byte[] value) {
        try {
            RecordCodec.decode(value);
        } catch (UnreadableRecordException | NewerRecordException e) {
            assertThat(e).hasMessageNotContaining("null");
        }
    }

    private static Notice notice(Notice.Action action) {
        return new Notice(
                Mails.ID + ".0/" + action,
                EncodedEnvelope.of(Mails.outspoken()),
                Mails.BODY,
                Mails.ACCEPTED.plusMillis(1),
                List.of(
                        new Notice.Entry(
                                1,
                                action,
                                new EnhancedStatusCode(4, 2, 2),
                                Optional.of(REPLY),
                                "put off",
                                "mx.remote.example",
                                Optional.of(Mails.ACCEPTED.plus(Duration.ofDays(5))))));
    }

    private static Event event(Event.Kind kind) {
        return new Event(
                Mails.ID,
                Mails.ACCEPTED.plusMillis(7),
                Optional.of(
                        new Event.Attempt(
                                3,
                                Mails.ID + ".0",
                                "host-1",
                                new AttemptDetails(
                                        "remote.example",
                                        "192.0.2.9",
                                        "mx.remote.example",
                                        "192.0.2.1:25",
                                        "TLSv1.3 TLS_AES_256_GCM_SHA384",
                                        Mails.ACCEPTED,
                                        Duration.ofMillis(1234),
                                        new Conversation(
                                                List.of(
                                                        new Conversation.Line(
                                                                12, Conversation.Side.WE, "DATA"),
                                                        new Conversation.Line(
                                                                34,
                                                                Conversation.Side.THEY,
                                                                "451 4.4.1 > later")))))),
                List.of(
                        new Event.Entry(
                                "a@remote.example",
                                kind,
                                new EnhancedStatusCode(4, 4, 1),
                                Optional.of(REPLY),
                                "put off",
                                Optional.of(Mails.ACCEPTED.plusSeconds(60)),
                                true,
                                Optional.of(MailId.derived(Mails.ACCEPTED, "dsn")))),
                Optional.of(posthaste.mail.envelope.Stream.TRANSACTIONAL));
    }
}
