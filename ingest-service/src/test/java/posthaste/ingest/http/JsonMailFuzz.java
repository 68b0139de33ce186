package posthaste.ingest.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import posthaste.body.MemoryBudget;
import posthaste.ingest.accept.IncomingMail;
import posthaste.ingest.accept.ReadMessage;
import posthaste.ingest.accept.Refusal;
import posthaste.ingest.policy.StreamChoice;
import posthaste.ingest.policy.SubmissionPolicy;
import posthaste.ingest.submitter.Submitter;
import posthaste.mail.envelope.Stream;
import posthaste.mail.status.Reply;
import tools.jackson.core.JacksonException;

/**
 * A mail as JSON from the parser to the message that is made of it, also for a fuzzer: it is
 * refused with a problem, or becomes a message that SMTP could have brought.
 */
public final class JsonMailFuzz {
    private static final Stream STREAM = new Stream("transactional");
    private static final JsonMailFuzz ANYBODYS = new JsonMailFuzz(_ -> {});

    private final Injection injection;
    private final Submitter submitter =
            Submitter.connected("http", InetAddress.ofLiteral("127.0.0.1"));

    /** Whoever wants to see the header of what is accepted. */
    JsonMailFuzz(Consumer<String> accepted) {
        injection =
                new Injection(
                        new SubmissionPolicy() {},
                        new StreamChoice(List.of(STREAM), _ -> true),
                        mail -> accept(mail, accepted),
                        () -> true,
                        new MemoryBudget(64 << 20),
                        InstantSource.fixed(Instant.EPOCH),
                        new Injection.Limits(
                                20_000,
                                5_000,
                                20_000,
                                10,
                                Duration.ZERO,
                                new BodyPatience(Duration.ofMinutes(1), Duration.ofMinutes(1), 0),
                                STREAM));
    }

    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        ANYBODYS.submit(input);
    }

    /** Whether it was accepted; what is refused is told why. */
    boolean submit(byte[] json) throws IOException {
        try {
            injection.composed(submitter, JsonMail.parse(json));
            return true;
        } catch (HttpProblem | JacksonException e) {
            assertThat(e.getMessage()).isNotEmpty();
            return false;
        }
    }

    private static Reply accept(IncomingMail mail, Consumer<String> accepted) throws IOException {
        String message;
        try {
            message = ReadMessage.of(mail);
        } catch (Refusal e) {
            return e.reply();
        }
        String header = message.substring(0, Math.max(0, message.indexOf("\r\n\r\n")));
        if (message.replace("\r\n", "").chars().anyMatch(c -> "\r\n\0".indexOf(c) >= 0)
                || mail.envelope().recipients().isEmpty()) {
            fail("accepted " + message);
        }
        accepted.accept(header);
        return new Reply(250, "2.0.0 ok");
    }
}
