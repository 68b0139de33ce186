package posthaste.mail.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import posthaste.mail.envelope.Envelope;
import posthaste.mail.envelope.Recipient;

class JobTest {
    private static final Envelope THREE =
            Mails.to("a@remote.example", "b@remote.example", "c@Remote.Example");

    private final Job job = Job.first(THREE, Mails.BODY, 2, false);

    @Test
    void aFirstJobHasEverybodyPendingAndNothingTried() {
        assertThat(job.id()).isEqualTo(Mails.ID + ".2");
        assertThat(job.mailId()).isEqualTo(Mails.ID);
        assertThat(job.pending()).containsExactly(0, 1, 2);
        assertThat(job.attempts()).isZero();
        assertThat(job.tier()).isZero();
        assertThat(job.derived()).isFalse();
        assertThat(job.delayWarned()).isFalse();
        assertThat(job.domain()).isEqualTo("remote.example");
    }

    @Test
    void madeTwiceItIsTheSame() {
        assertThat(Job.first(THREE, Mails.BODY, 2, false)).isEqualTo(job);
    }

    @Test
    void aDeferredJobKeepsItsIdItsEnvelopeAndItsBody() {
        Job deferred = job.deferred(List.of(0, 2), 1, 1, true);
        assertThat(deferred.id()).isEqualTo(job.id());
        assertThat(deferred.envelope()).isSameAs(job.envelope());
        assertThat(deferred.body()).isEqualTo(job.body());
        assertThat(deferred.pendingRecipients())
                .extracting(Recipient::address)
                .extracting(Object::toString)
                .containsExactly("a@remote.example", "c@Remote.Example");
        assertThat(deferred.attempts()).isOne();
        assertThat(deferred.tier()).isOne();
        assertThat(deferred.delayWarned()).isTrue();
    }

    @Test
    void aDeferredJobAcceptsNoMailASecondTime() {
        assertThat(job.deferred(List.of(0), 1, 1, false).derived()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 3})
    void whoIsPendingIsARecipient(int pending) {
        assertThatThrownBy(() -> job.deferred(List.of(pending), 1, 1, false))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aJobWithoutPendingRecipientsIsNone() {
        assertThatThrownBy(() -> job.deferred(List.of(), 1, 1, false))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
