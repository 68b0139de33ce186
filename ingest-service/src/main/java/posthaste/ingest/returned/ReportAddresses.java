package posthaste.ingest.returned;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import posthaste.mail.address.EmailAddress;
import posthaste.mail.envelope.Envelope;
import posthaste.mail.status.Reply;
import posthaste.mail.verp.ReturnAddress;
import posthaste.mail.verp.VerpCodec;
import posthaste.service.verp.InboundProperties;
import posthaste.service.verp.ReturnAddresses;

/** Which recipients are reports to us, and which of them we take. */
public final class ReportAddresses {
    /** The mail's own instance may be ahead of us by this much. */
    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(5);

    private final ReturnAddresses returnAddresses;
    private final InboundProperties properties;
    private final InstantSource clock;
    private final Counter taken;
    private final Counter forged;
    private final Counter late;

    /** What an address is to us. */
    public enum Verdict {
        /** Mail for somebody else. */
        OTHER,
        /** A report, from whomever. */
        TAKEN,
        /** At the domain of return addresses, and none that we made. */
        FORGED,
        /** About a mail that was too long ago. */
        LATE
    }

    public ReportAddresses(
            ReturnAddresses returnAddresses,
            InboundProperties properties,
            InstantSource clock,
            MeterRegistry registry) {
        this.returnAddresses = returnAddresses;
        this.properties = properties;
        this.clock = clock;
        this.taken = counter(registry, "taken");
        this.forged = counter(registry, "forged");
        this.late = counter(registry, "late");
    }

    /** Judges an address. */
    public Verdict judge(EmailAddress address) {
        Optional<VerpCodec> codec = returnAddresses.codec();
        if (codec.isPresent() && codec.get().isAtDomain(address)) {
            Optional<ReturnAddress> read = codec.get().read(address);
            if (read.isPresent()) {
                return isTimely(read.get().mail().acceptedAt()) ? Verdict.TAKEN : Verdict.LATE;
            }
        }
        if (properties.takesComplaints(address) || properties.takesReports(address)) {
            return Verdict.TAKEN;
        }
        return codec.isPresent() && codec.get().isAtDomain(address)
                ? Verdict.FORGED
                : Verdict.OTHER;
    }

    /** The reply to such a recipient; empty when he is taken. */
    Optional<Reply> refusal(Verdict verdict) {
        return switch (verdict) {
            case OTHER -> Optional.empty();
            case TAKEN -> {
                taken.increment();
                yield Optional.empty();
            }
            case FORGED -> {
                forged.increment();
                yield Optional.of(new Reply(550, "5.1.1 no such address"));
            }
            case LATE -> {
                late.increment();
                yield Optional.of(new Reply(550, "5.7.1 the mail that this is about is too old"));
            }
        };
    }

    /** Whether a mail is for us to read. */
    boolean isReport(Envelope envelope) {
        return envelope.recipients().stream()
                .allMatch(recipient -> judge(recipient.address()) != Verdict.OTHER);
    }

    private boolean isTimely(Instant acceptedAt) {
        Instant now = clock.instant();
        return !acceptedAt.isBefore(now.minus(returnAddresses.maxAge()))
                && !acceptedAt.isAfter(now.plus(CLOCKS_DIFFER));
    }

    private static Counter counter(MeterRegistry registry, String verdict) {
        return Counter.builder("posthaste.ingest.report.recipients")
                .description("Recipients that were addresses for reports, by what was said to them")
                .tag("verdict", verdict)
                .register(registry);
    }
}
