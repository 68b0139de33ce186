package posthaste.ingest.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import posthaste.queue.control.Fact;

/**
 * Which requests were answered already (the HTTPAPI working group's Idempotency-Key draft). An
 * answer is told to the other processes; what is kept is bounded by time and number.
 */
public final class IdempotencyKeys {
    private static final Logger LOG = LoggerFactory.getLogger(IdempotencyKeys.class);

    /** Of our facts. */
    public static final String KIND = "idempotency-key";

    private static final int DIGEST_LENGTH = 32;

    private final int most;
    private final Duration validity;
    private final Duration telling;
    private final InstantSource clock;
    private final Consumer<Fact> others;
    private final Map<String, Known> known = new LinkedHashMap<>();

    /** By claims, so that an entry that was evicted in between is not taken for another. */
    private final Map<String, Claim> inFlight = new HashMap<>();

    /** What was told and has not come back from the topic. */
    private final Map<String, CountDownLatch> unheard = new ConcurrentHashMap<>();

    /** An answer, to which payload, until when. */
    private static final class Known {
        private final byte[] payload;
        private final byte[] answer;
        private final Instant expires;

        Known(byte[] payload, byte[] answer, Instant expires) {
            this.payload = payload;
            this.answer = answer;
            this.expires = expires;
        }
    }

    /**
     * Remembers nothing yet.
     *
     * @param most answers that are remembered
     * @param telling how long a request waits until the topic has its answer
     * @param others is told of each answer
     */
    public IdempotencyKeys(
            int most,
            Duration validity,
            Duration telling,
            InstantSource clock,
            Consumer<Fact> others) {
        this.most = most;
        this.validity = validity;
        this.telling = telling;
        this.clock = clock;
        this.others = others;
    }

    /** A request that may go on; to be closed. */
    final class Claim implements AutoCloseable {
        private final String id;

        /** Of the first request, when this one repeats it. */
        private final @Nullable Known before;

        private Claim(String id, @Nullable Known before) {
            this.id = id;
            this.before = before;
        }

        /** Whether there is an answer already, for the same payload. */
        boolean isRepeat() {
            return before != null;
        }

        /**
         * The answer that the first request got.
         *
         * @param payload digest of this one's
         * @throws HttpProblem when it is another request under the same key
         */
        byte[] answer(byte[] payload) {
            if (before == null || !MessageDigest.isEqual(before.payload, payload)) {
                throw HttpProblem.of(
                        422,
                        "This Idempotency-Key was used for another request: a new mail wants a new"
                                + " key.");
            }
            return before.answer.clone();
        }

        /**
         * The request is carried out. Returns when the topic has its answer, so that the client can
         * repeat what it heard nothing of after this process has died; but the mail is accepted,
         * and if the topic takes too long the client is told so nevertheless.
         */
        void answered(byte[] payload, byte[] answer) throws InterruptedException {
            Instant expires = clock.instant().plus(validity);
            remember(id, new Known(payload, answer, expires));
            if (DIGEST_LENGTH + answer.length <= Fact.MAX_CONTENT) {
                byte[] content = Arrays.copyOf(payload, DIGEST_LENGTH + answer.length);
                System.arraycopy(answer, 0, content, DIGEST_LENGTH, answer.length);
                CountDownLatch heard = new CountDownLatch(1);
                unheard.put(id, heard);
                try {
                    others.accept(new Fact(KIND, id, content, expires));
                    if (!heard.await(telling.toMillis(), TimeUnit.MILLISECONDS)) {
                        LOG.info("the answer to a request with a key is not told to all yet");
                    }
                } finally {
                    unheard.remove(id, heard);
                }
            }
        }

        /** Without an answer the same request may come again. */
        @Override
        public void close() {
            release(this);
        }
    }

    /**
     * Begins a request.
     *
     * @param owner whose key it is: others may use the same one
     * @throws HttpProblem when the same request is being carried out just now
     */
    Claim claim(String owner, String key) {
        String id = idOf(owner, key);
        synchronized (known) {
            Known before = known.get(id);
            if (before != null && clock.instant().isBefore(before.expires)) {
                return new Claim(id, before);
            }
            Claim claim = new Claim(id, null);
            if (inFlight.putIfAbsent(id, claim) != null) {
                throw HttpProblem.forNow(
                        409, "A request with this Idempotency-Key is being carried out.");
            }
            return claim;
        }
    }

    /** What another process answered, or this one before it was started anew. */
    public void told(Fact fact) {
        CountDownLatch waiting = unheard.get(fact.key());
        if (waiting != null) {
            waiting.countDown();
        }
        byte[] content = fact.content();
        if (content.length >= DIGEST_LENGTH) {
            remember(
                    fact.key(),
                    new Known(
                            Arrays.copyOf(content, DIGEST_LENGTH),
                            Arrays.copyOfRange(content, DIGEST_LENGTH, content.length),
                            fact.expires()));
        }
    }

    private void remember(String id, Known answer) {
        synchronized (known) {
            // The newest goes to the end; the first answer of a key holds as long as it is valid.
            Known before = known.remove(id);
            known.put(
                    id,
                    before != null && clock.instant().isBefore(before.expires) ? before : answer);
            while (known.size() > most) {
                known.remove(known.keySet().iterator().next());
            }
        }
    }

    private void release(Claim claim) {
        synchronized (known) {
            inFlight.remove(claim.id, claim);
        }
    }

    /** Neither owner nor key go into the topic as they are. */
    private static String idOf(String owner, String key) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(
                        sha256().digest((owner + '\0' + key).getBytes(StandardCharsets.UTF_8)));
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
