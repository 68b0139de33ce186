package posthaste.bounce.returned;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import posthaste.body.BodyStore;
import posthaste.body.CorruptBodyException;
import posthaste.body.CorruptBodyIOException;
import posthaste.body.MissingBodyException;
import posthaste.body.StoreUnavailableException;
import posthaste.body.StoredBody;
import posthaste.bounce.inbound.ReportReader;
import posthaste.bounce.inbound.rules.BounceClassifier;
import posthaste.mail.record.Event;
import posthaste.mail.record.Job;
import posthaste.mail.record.Notice;
import posthaste.mail.record.QuarantineOrder;
import posthaste.mail.record.Split;
import posthaste.queue.PartUnavailableException;
import posthaste.queue.QueuedRecord;
import posthaste.service.flow.PoisonException;
import posthaste.service.verp.ReturnAddresses;

/** Step 1: takes the report from the store and reads it, as far as reports are read. */
final class ReadReport {
    private static final Pattern DELAYED =
            Pattern.compile("(?im)^action:[ \\t]*delayed[ \\t]*\\r?$");
    private static final Pattern OTHERWISE =
            Pattern.compile("(?im)^action:[ \\t]*(?:failed|delivered|relayed|expanded)");

    private final BodyStore store;
    private final Supplier<BounceClassifier> classifier;
    private final ReturnAddresses returnAddresses;

    ReadReport(
            BodyStore store,
            Supplier<BounceClassifier> classifier,
            ReturnAddresses returnAddresses) {
        this.store = store;
        this.classifier = classifier;
        this.returnAddresses = returnAddresses;
    }

    /**
     * Reads.
     *
     * @throws PoisonException when the report is confirmed missing or damaged, or is none
     * @throws PartUnavailableException when the store is away
     */
    Report read(QueuedRecord record)
            throws PoisonException, PartUnavailableException, InterruptedException {
        Job job = jobOf(record);
        byte[] octets = octets(job);
        String text = new String(octets, StandardCharsets.ISO_8859_1);
        return new Report(
                job,
                new ReportReader(classifier.get()).read(octets),
                DELAYED.matcher(text).find() && !OTHERWISE.matcher(text).find(),
                Traces.in(octets, returnAddresses.codec(), job.mailId()));
    }

    private static Job jobOf(QueuedRecord record) throws PoisonException {
        return switch (record.content()) {
            case Job job -> job;
            case Notice _, Split _, Event _, QuarantineOrder _ ->
                    throw new PoisonException("what stands here is no report");
        };
    }

    private byte[] octets(Job job)
            throws PoisonException, PartUnavailableException, InterruptedException {
        Beginning beginning = new Beginning(ReportReader.MOST);
        try (StoredBody body = store.open(job.body())) {
            body.writeTo(beginning);
            return beginning.toByteArray();
        } catch (MissingBodyException | CorruptBodyException | CorruptBodyIOException e) {
            throw new PoisonException(e);
        } catch (StoreUnavailableException | IOException e) {
            throw new PartUnavailableException("a report cannot be read now", e);
        }
    }

    /** Keeps what comes first, and lets the rest pass. */
    private static final class Beginning extends OutputStream {
        private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
        private final int most;

        Beginning(int most) {
            this.most = most;
        }

        @Override
        public void write(int b) {
            if (kept.size() < most) {
                kept.write(b);
            }
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            kept.write(bytes, offset, Math.min(length, most - kept.size()));
        }

        byte[] toByteArray() {
            return kept.toByteArray();
        }
    }
}
