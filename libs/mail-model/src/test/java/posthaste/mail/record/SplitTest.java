package posthaste.mail.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import posthaste.mail.envelope.Envelope;
import posthaste.mail.envelope.Recipient;

class SplitTest {

    @Test
    void recipientsOfOneDomainNeedNoSplit() {
        assertThat(Split.isNeededFor(Mails.to("a@remote.example", "b@REMOTE.example"))).isFalse();
        assertThat(Split.isNeededFor(Mails.to("a@rémote.example", "b@xn--rmote-bsa.example")))
                .as("two spellings of one domain")
                .isFalse();
    }

    @Test
    void recipientsOfTwoDomainsNeedOne() {
        assertThat(Split.isNeededFor(Mails.to("a@remote.example", "b@other.example"))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"100,1", "101,2", "200,2", "1000,10"})
    void manyRecipientsOfADomainAreSeveralJobs(int recipients, int jobs) {
        Envelope envelope =
                Mails.to(Mails.many(recipients, "remote.example").toArray(String[]::new));
        assertThat(Split.isNeededFor(envelope)).isEqualTo(jobs > 1);
        assertThat(split(envelope).jobs())
                .hasSize(jobs)
                .allSatisfy(job ->
                        assertThat(job.pending()).hasSizeLessThanOrEqualTo(Job.RECIPIENT_LIMIT));
    }

    @Test
    void everyRecipientIsInExactlyOneJob() {
        Envelope envelope =
                Mails.to(
                        Stream.concat(
                                        Mails.many(250, "remote.example"),
                                        Stream.concat(
                                                Mails.many(3, "other.example"),
                                                Stream.of("late@remote.example")))
                                .toArray(String[]::new));
        List<Job> jobs = split(envelope).jobs();
        assertThat(jobs.stream().flatMap(job -> job.pendingRecipients().stream()).toList())
                .containsExactlyInAnyOrderElementsOf(envelope.recipients());
        assertThat(jobs)
                .allSatisfy(job ->
                        assertThat(job.pendingRecipients())
                                .extracting(r -> r.address().asciiDomain())
                                .containsOnly(job.domain()));
    }

    @Test
    void brokenTwiceItGivesTheSameJobs() {
        Split split = split(Mails.to("a@one.example", "b@two.example", "c@one.example"));
        assertThat(split.jobs()).isEqualTo(split.jobs());
        assertThat(split.jobs())
                .extracting(Job::id)
                .containsExactly(Mails.ID + ".0", Mails.ID + ".1");
    }

    @Test
    void itsJobsAreDerivedAndKeepWhatWasAskedFor() {
        List<Job> jobs = split(Mails.outspoken()).jobs();
        assertThat(jobs).hasSize(2).allMatch(Job::derived);
        Envelope first = jobs.getFirst().envelope().envelope();
        assertThat(first).isEqualTo(Mails.outspoken().to(first.recipients()));
        assertThat(first.recipients())
                .extracting(Recipient::notification)
                .containsExactly(Mails.outspoken().recipients().getFirst().notification());
    }

    private static Split split(Envelope envelope) {
        return new Split(EncodedEnvelope.of(envelope), Mails.BODY);
    }
}
