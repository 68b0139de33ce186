package posthaste.ingest.auth.users;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a remote place said of a key, kept: for a short time it is not asked again; while it is
 * away, what it said before holds for a long one. Once it failed it is left alone for a moment, so
 * that nobody waits for it who need not.
 *
 * @param <T> what it says of those whom it knows
 */
final class CachedLookups<T> {
    private static final Logger LOG = LoggerFactory.getLogger(CachedLookups.class);
    private static final int SIZE = 50_000;
    private static final Duration PAUSE = Duration.ofSeconds(5);

    private record Known<T>(Optional<T> found, Instant at) {}

    /** Asks the place itself. */
    interface Question<T> {
        Optional<T> ask() throws UsersAwayException;
    }

    private final String place;
    private final Duration fresh;
    private final Duration outlast;
    private final InstantSource clock;
    private final Cache<String, Known<T>> known;

    /** Names that nobody has are apart: a spray of them is not to push out those that exist. */
    private final Cache<String, Known<T>> unknown;

    private volatile @Nullable Instant pauseUntil;

    /**
     * Knows nothing yet.
     *
     * @param place in log lines
     * @param fresh how long an answer is not asked for again
     * @param outlast how long an answer holds while the place is away
     */
    CachedLookups(String place, Duration fresh, Duration outlast, InstantSource clock) {
        this.place = place;
        this.fresh = fresh;
        this.outlast = outlast;
        this.clock = clock;
        this.known = Caffeine.newBuilder().maximumSize(SIZE).executor(Runnable::run).build();
        this.unknown = Caffeine.newBuilder().maximumSize(SIZE).executor(Runnable::run).build();
    }

    Optional<T> find(String key, Question<T> question) throws UsersAwayException {
        Instant now = clock.instant();
        Known<T> before = known.getIfPresent(key);
        if (before == null) {
            before = unknown.getIfPresent(key);
        }
        if (before != null && now.isBefore(before.at().plus(fresh))) {
            return before.found();
        }
        Known<T> last = before != null && now.isBefore(before.at().plus(outlast)) ? before : null;
        Instant pause = pauseUntil;
        if (pause != null && now.isBefore(pause)) {
            if (last != null) {
                return last.found();
            }
            throw new UsersAwayException(place + " is away");
        }
        try {
            Optional<T> found = question.ask();
            if (pause != null) {
                pauseUntil = null;
                LOG.info("{} is back", place);
            }
            (found.isPresent() ? known : unknown).put(key, new Known<>(found, now));
            (found.isPresent() ? unknown : known).invalidate(key);
            return found;
        } catch (UsersAwayException e) {
            if (pause == null) {
                LOG.warn("{}; who logged in before can for {} more", e.getMessage(), outlast);
            }
            pauseUntil = now.plus(PAUSE);
            if (last != null) {
                return last.found();
            }
            throw e;
        }
    }
}
