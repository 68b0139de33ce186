package posthaste.ingest.policy;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import posthaste.ingest.message.MessageHeader;
import posthaste.ingest.submitter.Login;
import posthaste.ingest.submitter.Submitter;
import posthaste.mail.address.EmailAddress;
import posthaste.mail.status.Reply;
import posthaste.mail.text.VisibleText;

/** Counts what a policy answers, and tells each refusal in one line of the log. */
public final class ToldPolicy implements SubmissionPolicy {
    private static final Logger LOG = LoggerFactory.getLogger(ToldPolicy.class);
    private static final String NOTHING = "-";

    private final String name;
    private final SubmissionPolicy policy;
    private final Counter passed;
    private final Counter refusedForNow;
    private final Counter refused;

    /**
     * Takes the policy that decides.
     *
     * @param name in logs and metrics, as {@code dns-lists}
     */
    public ToldPolicy(String name, SubmissionPolicy policy, MeterRegistry registry) {
        this(
                name,
                policy,
                counter(registry, name, "passed"),
                counter(registry, name, "refused-4xx"),
                counter(registry, name, "refused-5xx"));
    }

    private ToldPolicy(
            String name,
            SubmissionPolicy policy,
            Counter passed,
            Counter refusedForNow,
            Counter refused) {
        this.name = name;
        this.policy = policy;
        this.passed = passed;
        this.refusedForNow = refusedForNow;
        this.refused = refused;
    }

    @Override
    public SubmissionPolicy session() {
        return new ToldPolicy(name, policy.session(), passed, refusedForNow, refused);
    }

    @Override
    public void ended() {
        policy.ended();
    }

    @Override
    public Optional<Haste> haste(Submitter submitter) {
        return policy.haste(submitter);
    }

    @Override
    public Optional<Reply> client(Submitter submitter) {
        return told(policy.client(submitter), submitter, NOTHING, NOTHING);
    }

    @Override
    public Optional<Reply> sender(Submission mail) {
        return told(policy.sender(mail), mail.submitter(), "<" + mail.reversePath() + ">", NOTHING);
    }

    @Override
    public Optional<Reply> recipient(Submission mail, EmailAddress recipient) {
        return told(
                policy.recipient(mail, recipient),
                mail.submitter(),
                "<" + mail.reversePath() + ">",
                "<" + recipient + ">");
    }

    @Override
    public Optional<Reply> header(Submission mail, MessageHeader header) {
        return told(
                policy.header(mail, header),
                mail.submitter(),
                "<" + mail.reversePath() + ">",
                NOTHING);
    }

    private Optional<Reply> told(
            Optional<Reply> answer, Submitter submitter, String sender, String recipient) {
        if (answer.isEmpty()) {
            passed.increment();
            return answer;
        }
        Reply reply = answer.get();
        (reply.code() < 500 ? refusedForNow : refused).increment();
        if (LOG.isInfoEnabled()) {
            LOG.info(
                    "refused by {}: client={} helo={} listener={} login={} sender={} recipient={}"
                            + " reply={}",
                    name,
                    submitter.client().address(),
                    VisibleText.of(submitter.helo()),
                    submitter.listener(),
                    submitter.login().map(Login::name).map(VisibleText::of).orElse(NOTHING),
                    VisibleText.of(sender),
                    VisibleText.of(recipient),
                    reply);
        }
        return answer;
    }

    private static Counter counter(MeterRegistry registry, String policy, String outcome) {
        return Counter.builder("posthaste.ingest.policy")
                .description("Answers of policies")
                .tag("policy", policy)
                .tag("outcome", outcome)
                .register(registry);
    }
}
