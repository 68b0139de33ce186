package posthaste.queue.kafka;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import posthaste.mail.record.OutgoingRecord;
import posthaste.queue.OutcomeUnknownException;
import posthaste.queue.Publisher;
import posthaste.queue.QueueUnavailableException;
import posthaste.queue.pace.Company;

/**
 * Publishes through the process's shared producers. What cannot have been written and what may have
 * been are kept apart: the producer's own time-out does not tell, so nothing is handed to it while
 * there is no broker to send to.
 */
final class KafkaPublisher implements Publisher {
    private static final Duration LOOK = Duration.ofMillis(20);

    private final RecordSender prompt;
    private final RecordSender gathering;
    private final Company company;
    private final String bootstrapServers;

    /**
     * Publishes through one of two senders.
     *
     * @param prompt while few publish
     * @param gathering while so many do that they wait for each other to good effect
     */
    KafkaPublisher(
            RecordSender prompt, RecordSender gathering, Company company, String bootstrapServers) {
        this.prompt = prompt;
        this.gathering = gathering;
        this.company = company;
        this.bootstrapServers = bootstrapServers;
    }

    @Override
    public void publish(List<OutgoingRecord> records, Duration deadline)
            throws QueueUnavailableException, OutcomeUnknownException, InterruptedException {
        write(company.comes() ? gathering : prompt, EncodedRecord.of(records), deadline);
    }

    /**
     * As {@link #publish}, by the one sender that all facts go by: of a key the last one holds,
     * also after one of which nobody knows whether it was written.
     */
    void writeFacts(List<EncodedRecord> facts, Duration deadline)
            throws QueueUnavailableException, OutcomeUnknownException, InterruptedException {
        write(prompt, facts, deadline);
    }

    private void write(RecordSender sender, List<EncodedRecord> encoded, Duration deadline)
            throws QueueUnavailableException, OutcomeUnknownException, InterruptedException {
        if (encoded.isEmpty()) {
            return;
        }
        long until = System.nanoTime() + deadline.toNanos();
        while (true) {
            awaitBroker(sender, encoded, until);
            CountDownLatch done = new CountDownLatch(1);
            RecordSender.Sending[] result = new RecordSender.Sending[1];
            sender.send(
                    encoded,
                    sending -> {
                        result[0] = sending;
                        done.countDown();
                    });
            if (!done.await(until - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                throw new OutcomeUnknownException(
                        "no acknowledgement of %d records for %s within %s"
                                .formatted(encoded.size(), encoded.getFirst().topic(), deadline));
            }
            Exception error = result[0].error();
            if (error == null) {
                return;
            }
            boolean untouched = !result[0].wasHandedOver();
            if (untouched && error instanceof TimeoutException && hasTimeFor(until)) {
                // No memory for it: others wait before us.
                continue;
            }
            if (untouched || (encoded.size() == 1 && isRefusal(error))) {
                throw new QueueUnavailableException(
                        "the broker at %s takes no record for %s: %s"
                                .formatted(
                                        bootstrapServers,
                                        encoded.getFirst().topic(),
                                        error.getMessage()),
                        error);
            }
            throw new OutcomeUnknownException(
                    "it is not known whether %d records for %s were written: %s"
                            .formatted(
                                    encoded.size(), encoded.getFirst().topic(), error.getMessage()),
                    error);
        }
    }

    private void awaitBroker(RecordSender sender, List<EncodedRecord> records, long until)
            throws QueueUnavailableException, InterruptedException {
        KafkaException cause = null;
        do {
            try {
                for (EncodedRecord record : records) {
                    sender.locate(record.topic());
                }
                if (sender.isConnected()) {
                    return;
                }
                Thread.sleep(LOOK);
            } catch (InterruptException e) {
                throw interrupted(e);
            } catch (TimeoutException e) {
                cause = e;
            } catch (KafkaException e) {
                throw unavailable(e);
            }
        } while (hasTimeFor(until));
        throw unavailable(cause);
    }

    private QueueUnavailableException unavailable(@Nullable KafkaException cause) {
        String where = "the broker at " + bootstrapServers + " is away";
        return cause == null
                ? new QueueUnavailableException(where)
                : new QueueUnavailableException(where + ": " + cause.getMessage(), cause);
    }

    private static InterruptedException interrupted(InterruptException cause) {
        // Kafka has set the flag again; an InterruptedException goes with it cleared.
        boolean _ = Thread.interrupted();
        InterruptedException interrupted = new InterruptedException(cause.getMessage());
        interrupted.initCause(cause);
        return interrupted;
    }

    private static boolean hasTimeFor(long until) {
        return until - System.nanoTime() > Clients.SEND_WAIT.toNanos();
    }

    /** Answers by which a broker says that it did not write. */
    private static boolean isRefusal(Exception error) {
        return error instanceof RecordTooLargeException
                || error instanceof AuthorizationException
                || error instanceof InvalidTopicException;
    }
}
