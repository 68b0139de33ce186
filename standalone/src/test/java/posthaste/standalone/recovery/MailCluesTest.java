package posthaste.standalone.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import posthaste.bounce.deliverylog.LogRecovery.Standings;
import posthaste.mail.address.EmailAddress;
import posthaste.mail.address.ReversePath;
import posthaste.mail.envelope.BodyType;
import posthaste.mail.envelope.Client;
import posthaste.mail.envelope.Envelope;
import posthaste.mail.envelope.MailId;
import posthaste.mail.envelope.Recipient;
import posthaste.mail.envelope.Ret;
import posthaste.mail.envelope.Stream;
import posthaste.mail.record.BodyRef;
import posthaste.mail.record.EncodedEnvelope;
import posthaste.standalone.recovery.MailClues.Verdict;

class MailCluesTest {
    private static final String ID = "01kb0000000000000000000000";
    private static final String ADA = "ada@one.example";
    private static final String BOB = "bob@two.example";
    private static final String EVE = "eve@two.example";

    private static final BodyRef ACCEPTED =
            new BodyRef("primary/20261122T110000/a-1.f1", 100, 10, 1);
    private static final BodyRef DEFERRED =
            new BodyRef("deferred/20261122T120000/b-1.f1", 100, 10, 1);

    private final MailClues clues = new MailClues(ID);

    @Test
    void whoHasAnEndIsSkippedAndWhoIsOpenIsQueued() {
        clues.add(entry(ACCEPTED, true, ADA, BOB));

        Verdict verdict = clues.judge(log(Map.of(ADA, true, BOB, false)));

        assertThat(recipients(verdict)).containsExactly(List.of(BOB));
        assertThat(verdict.settled()).isEqualTo(1);
        assertThat(verdict.open()).isEqualTo(1);
        assertThat(verdict.unknown()).isZero();
    }

    @Test
    void whomTheLogDoesNotKnowIsQueuedAndCountedApart() {
        clues.add(entry(ACCEPTED, true, ADA));

        Verdict verdict = clues.judge(Standings.none());

        assertThat(recipients(verdict)).containsExactly(List.of(ADA));
        assertThat(verdict.unknown()).isEqualTo(1);
        assertThat(verdict.open()).isZero();
    }

    @Test
    void ofSeveralBodiesTheYoungestIsTakenOnceForEachRecipient() {
        clues.add(entry(DEFERRED, true, BOB, EVE));
        clues.add(entry(ACCEPTED, true, ADA, BOB, EVE));

        Verdict verdict = clues.judge(Standings.none());

        assertThat(verdict.parts())
                .extracting(MailClues.Part::body)
                .containsExactly(ACCEPTED, DEFERRED);
        assertThat(recipients(verdict)).containsExactly(List.of(ADA), List.of(BOB, EVE));
    }

    @Test
    void aDamagedCopyIsPassedOverForAnIntactOne() {
        clues.add(entry(ACCEPTED, true, ADA));
        clues.add(entry(DEFERRED, false, ADA));

        Verdict verdict = clues.judge(Standings.none());

        assertThat(verdict.parts()).extracting(MailClues.Part::body).containsExactly(ACCEPTED);
        assertThat(verdict.lost()).isEmpty();
    }

    @Test
    void whoIsOpenWithoutAnIntactBodyIsLost() {
        clues.add(entry(ACCEPTED, false, ADA));
        clues.add(new Clue.Open(BOB));

        Verdict verdict = clues.judge(log(Map.of(ADA, false, BOB, false)));

        assertThat(verdict.parts()).isEmpty();
        assertThat(verdict.lost()).containsExactly(ADA, BOB);
    }

    @Test
    void whoStandsInAQueueIsNotQueuedAgain() {
        clues.add(entry(ACCEPTED, true, ADA, BOB));
        clues.add(new Clue.Queued(BOB));

        Verdict verdict = clues.judge(Standings.none());

        assertThat(recipients(verdict)).containsExactly(List.of(ADA));
        assertThat(verdict.queued()).isEqualTo(1);
    }

    @Test
    void cluesSurviveTheirBucket() {
        Clue.Entry entry = entry(DEFERRED, false, ADA, EVE);
        Clue.Entry read = (Clue.Entry) Clue.decode(entry.encode());

        assertThat(read.body()).isEqualTo(DEFERRED);
        assertThat(read.isIntact()).isFalse();
        assertThat(read.envelope()).isEqualTo(entry.envelope());
        assertThat(Clue.decode(new Clue.Open(ADA).encode())).isEqualTo(new Clue.Open(ADA));
        assertThat(Clue.decode(new Clue.Queued(ADA).encode())).isEqualTo(new Clue.Queued(ADA));
    }

    private static List<List<String>> recipients(Verdict verdict) {
        return verdict.parts().stream()
                .map(part -> part.envelope().envelope().recipients())
                .map(some -> some.stream().map(one -> one.address().toString()).toList())
                .toList();
    }

    private static Standings log(Map<String, Boolean> ends) {
        return new Standings(Map.of(ID, ends));
    }

    private static Clue.Entry entry(BodyRef body, boolean isIntact, String... recipients) {
        Envelope envelope =
                new Envelope(
                        new MailId(ID),
                        new Stream("bulk"),
                        ReversePath.NULL,
                        Arrays.stream(recipients)
                                .map(address -> new Recipient(EmailAddress.of(address)))
                                .toList(),
                        Ret.NOT_GIVEN,
                        Optional.empty(),
                        BodyType.SEVEN_BIT,
                        false,
                        Client.LOCAL,
                        Optional.empty());
        return new Clue.Entry(
                body, ByteBuffer.wrap(EncodedEnvelope.of(envelope).toByteArray()), isIntact);
    }
}
