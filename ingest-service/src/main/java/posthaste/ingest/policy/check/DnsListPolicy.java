package posthaste.ingest.policy.check;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Name;
import org.xbill.DNS.NameTooLongException;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;
import posthaste.ingest.policy.Submission;
import posthaste.ingest.policy.SubmissionPolicy;
import posthaste.ingest.policy.dns.Answer;
import posthaste.ingest.policy.dns.PolicyDns;
import posthaste.ingest.submitter.Submitter;
import posthaste.mail.address.EmailAddress;
import posthaste.mail.address.ReversePath;
import posthaste.mail.status.Reply;

/**
 * Asks lists of bad and of good clients about a stranger: at its first recipient that may be
 * mailed, once a session. A list that does not answer does not count, and after some failures in a
 * row is left alone for a while, so that a dead list costs nobody its deadline.
 */
public final class DnsListPolicy implements SubmissionPolicy {
    private static final Logger LOG = LoggerFactory.getLogger(DnsListPolicy.class);
    private static final int FAILURES = 3;
    private static final Duration LEFT_ALONE = Duration.ofSeconds(30);

    private final Supplier<DnsLists> lists;
    private final Supplier<SenderChecks> senders;
    private final Predicate<Submitter> trusted;
    private final PolicyDns dns;
    private final Health health;

    private record Judged(InetAddress client, Optional<Reply> verdict) {}

    private volatile @Nullable Judged judged;

    /**
     * Takes lists that may change.
     *
     * @param senders whose allowed ones are not asked about
     * @param nanos {@link System#nanoTime} or a test's time
     */
    public DnsListPolicy(
            Supplier<DnsLists> lists,
            Supplier<SenderChecks> senders,
            Predicate<Submitter> trusted,
            PolicyDns dns,
            LongSupplier nanos) {
        this(lists, senders, trusted, dns, new Health(nanos));
    }

    private DnsListPolicy(
            Supplier<DnsLists> lists,
            Supplier<SenderChecks> senders,
            Predicate<Submitter> trusted,
            PolicyDns dns,
            Health health) {
        this.lists = lists;
        this.senders = senders;
        this.trusted = trusted;
        this.dns = dns;
        this.health = health;
    }

    @Override
    public SubmissionPolicy session() {
        return new DnsListPolicy(lists, senders, trusted, dns, health);
    }

    @Override
    public Optional<Reply> recipient(Submission mail, EmailAddress recipient) {
        DnsLists now = lists.get();
        if (now.lists().isEmpty()
                || trusted.test(mail.submitter())
                || (mail.reversePath() instanceof ReversePath.From(EmailAddress sender)
                        && ListPolicy.matches(senders.get().allow(), sender))) {
            return Optional.empty();
        }
        InetAddress client = mail.submitter().address();
        Judged before = judged;
        if (before != null && before.client().equals(client)) {
            return before.verdict();
        }
        Optional<Reply> verdict = judge(now, client);
        judged = new Judged(client, verdict);
        return verdict;
    }

    private record Asked(DnsList list, CompletableFuture<Answer> answer) {}

    private Optional<Reply> judge(DnsLists now, InetAddress client) {
        List<Asked> asked = new ArrayList<>();
        for (DnsList list : now.lists()) {
            if (health.mayBeAsked(list.zone())) {
                try {
                    asked.add(new Asked(list, dns.lookUp(list.question(client), Type.A)));
                } catch (NameTooLongException e) {
                    LOG.warn("no address can be asked for below {}", list.zone());
                }
            }
        }
        long began = System.nanoTime();
        int score = 0;
        List<DnsList> listed = new ArrayList<>();
        for (Asked each : asked) {
            Duration left = now.timeout().minusNanos(System.nanoTime() - began);
            Answer answer = PolicyDns.await(each.answer(), left);
            health.told(each.list().zone(), answer);
            if (answer instanceof Answer.Found(List<Record> records)
                    && each.list().lists(records)) {
                score += each.list().score();
                listed.add(each.list());
            }
        }
        return score >= now.refuseAt()
                ? listed.stream()
                        .filter(list -> list.score() > 0)
                        .findFirst()
                        .map(worst -> refusal(worst, client))
                : Optional.empty();
    }

    private static Reply refusal(DnsList list, InetAddress client) {
        String text =
                list.text().isEmpty()
                        ? "ask there to be taken off"
                        : list.text().replace("{ip}", client.getHostAddress());
        return new Reply(
                554,
                "5.7.1 "
                        + client.getHostAddress()
                        + " is listed by "
                        + list.zone().toString(true)
                        + ": "
                        + text);
    }

    /** Which lists answer. */
    private static final class Health {
        private final LongSupplier nanos;
        private final Map<Name, Integer> failures = new ConcurrentHashMap<>();
        private final Map<Name, Long> leftAloneUntil = new ConcurrentHashMap<>();

        Health(LongSupplier nanos) {
            this.nanos = nanos;
        }

        boolean mayBeAsked(Name zone) {
            Long until = leftAloneUntil.get(zone);
            return until == null || nanos.getAsLong() - until >= 0;
        }

        void told(Name zone, Answer answer) {
            if (!(answer instanceof Answer.Unanswered(String why))) {
                failures.remove(zone);
                leftAloneUntil.remove(zone);
                return;
            }
            if (failures.merge(zone, 1, Integer::sum) >= FAILURES) {
                failures.remove(zone);
                leftAloneUntil.put(zone, nanos.getAsLong() + LEFT_ALONE.toNanos());
                LOG.warn(
                        "the list {} does not answer and is not asked for {} s: {}",
                        zone.toString(true),
                        LEFT_ALONE.toSeconds(),
                        why);
            }
        }
    }
}
