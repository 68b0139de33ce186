package posthaste.mail.record;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import posthaste.mail.envelope.Envelope;
import posthaste.mail.envelope.MailId;
import posthaste.mail.envelope.Recipient;

/** One mail for several destinations, accepted by one record; delivery-service makes jobs of it. */
public record Split(EncodedEnvelope envelope, BodyRef body) implements MailRecord {

    /** Whether the recipients need more than one job. */
    public static boolean isNeededFor(Envelope envelope) {
        return groups(envelope).size() > 1;
    }

    @Override
    public MailId mailId() {
        return envelope.envelope().id();
    }

    /**
     * One job for each domain, or more where a domain has many recipients; always the same ones.
     */
    public List<Job> jobs() {
        List<Job> jobs = new ArrayList<>();
        for (List<Recipient> group : groups(envelope.envelope())) {
            jobs.add(Job.first(envelope.envelope().to(group), body, jobs.size(), true));
        }
        return jobs;
    }

    private static List<List<Recipient>> groups(Envelope envelope) {
        Map<String, List<Recipient>> byDomain = new LinkedHashMap<>();
        for (Recipient recipient : envelope.recipients()) {
            byDomain.computeIfAbsent(recipient.address().asciiDomain(), d -> new ArrayList<>())
                    .add(recipient);
        }
        List<List<Recipient>> groups = new ArrayList<>();
        for (List<Recipient> domain : byDomain.values()) {
            for (int from = 0; from < domain.size(); from += Job.RECIPIENT_LIMIT) {
                groups.add(
                        domain.subList(from, Math.min(domain.size(), from + Job.RECIPIENT_LIMIT)));
            }
        }
        return groups;
    }
}
