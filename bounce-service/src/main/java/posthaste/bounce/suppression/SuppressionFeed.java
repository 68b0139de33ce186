package posthaste.bounce.suppression;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import posthaste.bounce.inbound.rules.BounceClass;
import posthaste.bounce.inbound.rules.Classification;
import posthaste.bounce.inbound.rules.RuleBook;
import posthaste.mail.address.EmailAddress;
import posthaste.mail.envelope.Stream;
import posthaste.mail.record.Notice;
import posthaste.mail.status.Reply;
import posthaste.service.suppression.Suppression;
import posthaste.service.suppression.SuppressionClass;
import posthaste.service.suppression.SuppressionCodec.Said;
import posthaste.service.suppression.SuppressionKey;
import posthaste.service.suppression.SuppressionList;
import posthaste.service.suppression.SuppressionProperties;
import posthaste.service.suppression.SuppressionRule;
import posthaste.service.suppression.SuppressionTopic;

/**
 * Puts addresses on the list by themselves: whoever cannot be delivered to, and whoever complains.
 * What says nothing about the address (a block list, a rate, a message that is refused) counts
 * nothing; what is handled again counts once.
 */
public final class SuppressionFeed {
    /** Final soft failures that are the mailbox's own. */
    private static final Set<BounceClass> SOFT =
            Set.of(
                    BounceClass.MAILBOX_FULL,
                    BounceClass.INACTIVE,
                    BounceClass.TRANSIENT,
                    BounceClass.UNSPECIFIC);

    /** Of our own finding: no such domain, or one that takes no mail (RFC 3463, RFC 7505). */
    private static final Set<String> NO_SUCH_DOMAIN = Set.of("5.1.2", "5.1.10");

    /** Counted, and not in force: forgotten after this time where the rule has no window. */
    private static final Duration COUNTED = Duration.ofDays(365);

    private static final String DELIVERY = "delivery";

    private final SuppressionProperties properties;
    private final SuppressionList list;
    private final SuppressionTopic topic;
    private final RuleBook rules;
    private final CountedAlready counted = new CountedAlready();

    /** Hears what the topic tells; so it has to be made before that is read. */
    public SuppressionFeed(
            SuppressionProperties properties,
            SuppressionList list,
            SuppressionTopic topic,
            RuleBook rules) {
        this.properties = properties;
        this.list = list;
        this.topic = topic;
        this.rules = rules;
        topic.listen(counted);
    }

    /** Takes note of what the sender is about to be told of. Never waits. */
    public void noted(Notice notice) {
        Stream stream = notice.envelope().envelope().stream();
        for (Notice.Entry entry : notice.entries()) {
            EmailAddress address =
                    notice.envelope().envelope().recipients().get(entry.recipient()).address();
            classOf(entry)
                    .ifPresent(found ->
                            happened(
                                    stream,
                                    address,
                                    found,
                                    notice.causedAt(),
                                    entry.reply().map(Reply::toString).orElse(entry.reason()),
                                    DELIVERY));
        }
    }

    /**
     * Takes note of a bounce or a complaint that came back as a mail.
     *
     * @param stream of the mail that it is about
     * @param reason the words that came back
     */
    public void reported(
            Stream stream,
            EmailAddress recipient,
            Classification classification,
            Instant at,
            String reason) {
        classOf(classification)
                .ifPresent(found -> happened(stream, recipient, found, at, reason, "inbound"));
    }

    private Optional<SuppressionClass> classOf(Notice.Entry entry) {
        if (entry.action() != Notice.Action.FAILED && entry.action() != Notice.Action.EXPIRED) {
            return Optional.empty();
        }
        if (entry.reply().isPresent()) {
            return classOf(rules.current().classify(entry.status(), entry.reply().get()));
        }
        return NO_SUCH_DOMAIN.contains(entry.status().toString())
                ? Optional.of(SuppressionClass.HARD_BOUNCE)
                : Optional.empty();
    }

    private static Optional<SuppressionClass> classOf(Classification classification) {
        if (classification.bounceClass() == BounceClass.COMPLAINT) {
            return Optional.of(SuppressionClass.COMPLAINT);
        }
        if (classification.hard()) {
            return Optional.of(SuppressionClass.HARD_BOUNCE);
        }
        return SOFT.contains(classification.bounceClass())
                ? Optional.of(SuppressionClass.SOFT_BOUNCE)
                : Optional.empty();
    }

    private void happened(
            Stream stream,
            EmailAddress address,
            SuppressionClass what,
            Instant at,
            String reason,
            String source) {
        Optional<SuppressionRule> rule = properties.rule(stream, what);
        if (rule.isEmpty()) {
            return;
        }
        SuppressionKey key =
                SuppressionKey.of(
                        rule.get().everywhere() ? Optional.empty() : Optional.of(stream), address);
        Optional<SuppressionList.Tally> known = list.tally(key);
        if (known.filter(SuppressionList.Tally::inForce).isPresent()) {
            return;
        }
        if (!counted.add(key, at)) {
            return;
        }
        Optional<SuppressionList.Tally> same =
                known.filter(tally -> tally.suppressionClass() == what)
                        .filter(tally -> isWithin(rule.get(), tally.since(), at));
        int count = same.map(tally -> tally.count() + 1).orElse(1);
        topic.tell(
                new Said.Listed(
                        entry(
                                key,
                                what,
                                rule.get(),
                                count,
                                same.map(SuppressionList.Tally::since).orElse(at),
                                at,
                                reason,
                                source)));
    }

    private static Suppression entry(
            SuppressionKey key,
            SuppressionClass what,
            SuppressionRule rule,
            int count,
            Instant since,
            Instant at,
            String reason,
            String source) {
        boolean inForce = count >= rule.after();
        Duration counted = rule.within().isZero() ? COUNTED : rule.within();
        Optional<Instant> expires =
                inForce
                        ? Optional.of(rule.expires())
                                .filter(length -> !length.isZero())
                                .map(at::plus)
                        : Optional.of(since.plus(counted));
        return new Suppression(
                key, what, inForce, count, reason, source, inForce ? at : since, at, expires);
    }

    private static boolean isWithin(SuppressionRule rule, Instant since, Instant at) {
        return rule.within().isZero() || at.isBefore(since.plus(rule.within()));
    }
}
