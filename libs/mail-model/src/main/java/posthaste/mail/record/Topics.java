package posthaste.mail.record;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import posthaste.mail.envelope.Stream;

/** The names of the topics and of the groups that read them. */
public final class Topics {
    public static final String OUTBOUND_PREFIX = "mail.outbound.";
    public static final String DEFERRED_PREFIX = "mail.deferred.";
    public static final String BOUNCE = "mail.bounce";
    public static final String EVENTS = "mail.events";
    public static final String DEAD_LETTER = "mail.dead-letter";

    /** What is set aside, until an operator orders otherwise, or its time is over. */
    public static final String QUARANTINE = "mail.quarantine";

    /** What is ordered about it; kept for as long as what it is about may stand there. */
    public static final String QUARANTINE_ORDERS = "mail.quarantine-orders";

    /** What came back to us: bounces, complaints, answers by programs. */
    public static final String INBOUND = "mail.inbound";

    /** Small facts that every process is to know; compacted, names no bodies. */
    public static final String CONTROL = "mail.control";

    /** Addresses that get no mail; compacted, names no bodies. */
    public static final String SUPPRESSION = "mail.suppression";

    /** delivery-service: settles {@code mail.outbound.*}. */
    public static final String DELIVERY_GROUP = "posthaste-delivery";

    /** fallback-service: settles {@code mail.deferred.*}. */
    public static final String FALLBACK_GROUP = "posthaste-fallback";

    /** bounce-service: settles {@code mail.bounce}. */
    public static final String BOUNCE_GROUP = "posthaste-bounce";

    /** bounce-service: writes {@code mail.events} to the delivery log. */
    public static final String LOG_GROUP = "posthaste-delivery-log";

    /**
     * bounce-service: writes acceptances, as {@code mail.outbound.*} has them, to the delivery log.
     */
    public static final String ACCEPTANCE_GROUP = "posthaste-acceptance";

    /** Of an operator who puts dead letters back: what it has not settled still stands there. */
    public static final String DEAD_LETTER_GROUP = "posthaste-dead-letter";

    /** bounce-service: ends what has stood in {@code mail.quarantine} for long enough. */
    public static final String QUARANTINE_GROUP = "posthaste-quarantine";

    /** bounce-service: settles {@code mail.quarantine-orders}. */
    public static final String QUARANTINE_ORDERS_GROUP = "posthaste-quarantine-orders";

    /** bounce-service: settles {@code mail.inbound}. */
    public static final String INBOUND_GROUP = "posthaste-inbound";

    /** All groups of the house. */
    public static final List<String> GROUPS =
            List.of(
                    DELIVERY_GROUP,
                    FALLBACK_GROUP,
                    BOUNCE_GROUP,
                    LOG_GROUP,
                    ACCEPTANCE_GROUP,
                    DEAD_LETTER_GROUP,
                    QUARANTINE_GROUP,
                    QUARANTINE_ORDERS_GROUP,
                    INBOUND_GROUP);

    private Topics() {}

    public static String outbound(Stream stream) {
        return OUTBOUND_PREFIX + stream.name();
    }

    /** Where the one record stands that accepts a mail of this stream. */
    public static String accepting(Stream stream) {
        return stream.equals(Stream.INBOUND) ? INBOUND : outbound(stream);
    }

    /**
     * Each stream has tiers of its own, so that no job that is due stands behind those of another
     * stream. Those of {@link Stream#TRANSACTIONAL} bear no stream's name: they are the ones that
     * all streams shared once, and what stands there from then is still read.
     */
    public static String deferred(Stream stream, Tier tier) {
        return stream.equals(Stream.TRANSACTIONAL)
                ? deferred(tier)
                : DEFERRED_PREFIX + stream.name() + "." + tier.name();
    }

    /** Of ordinary mail. */
    public static String deferred(Tier tier) {
        return DEFERRED_PREFIX + tier.name();
    }

    /** The streams that have tiers when these are configured: the unnamed tiers always exist. */
    public static List<Stream> deferringStreams(List<Stream> configured) {
        SequencedSet<Stream> all = new LinkedHashSet<>(List.of(Stream.TRANSACTIONAL));
        all.addAll(configured);
        return List.copyOf(all);
    }

    /** The tier that a topic's name, as {@link #deferred} gives it, speaks of. */
    public static Optional<Tier> tierOf(String topic) {
        if (!topic.startsWith(DEFERRED_PREFIX)) {
            return Optional.empty();
        }
        String rest = topic.substring(DEFERRED_PREFIX.length());
        int dot = rest.lastIndexOf('.');
        return dot < 0 || Stream.isName(rest.substring(0, dot))
                ? Tier.parse(rest.substring(dot + 1))
                : Optional.empty();
    }
}
