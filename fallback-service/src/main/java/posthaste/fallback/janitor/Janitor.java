package posthaste.fallback.janitor;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import posthaste.body.StoreUnavailableException;
import posthaste.queue.QueueMarks;
import posthaste.queue.QueueUnavailableException;
import posthaste.service.lifecycle.Phases;
import posthaste.service.lifecycle.Rounds;

/**
 * Cleans again and again, on a thread of its own. Of all fallback-services it is at work in the one
 * whose loop has the first partition of the first tier; while a partition moves it may be two, or
 * none, and neither does harm: what is removed twice is removed.
 */
final class Janitor extends Rounds {
    private static final Logger LOG = LoggerFactory.getLogger(Janitor.class);

    private final Cleaning cleaning;
    private final QueueMarks marks;
    private final Turn turn;
    private final Duration interval;
    private final JanitorMetrics metrics;
    private List<String> toldObstacles = List.of();
    private boolean failing;

    /**
     * Whose turn it is: the process whose consumer of this name has the first partition of a topic.
     */
    record Turn(String consumer, String group, String topic) {}

    Janitor(
            Cleaning cleaning,
            QueueMarks marks,
            Turn turn,
            Duration interval,
            JanitorMetrics metrics) {
        super("janitor", interval);
        this.cleaning = cleaning;
        this.marks = marks;
        this.turn = turn;
        this.interval = interval;
        this.metrics = metrics;
    }

    @Override
    public int getPhase() {
        return Phases.CONSUMERS;
    }

    @Override
    protected Duration round() throws InterruptedException {
        cleanIfItIsOurTurn();
        return interval;
    }

    private void cleanIfItIsOurTurn() throws InterruptedException {
        try {
            if (!marks.holds(turn.consumer(), turn.group(), turn.topic(), 0)) {
                metrics.isNotOurTurn();
                return;
            }
            CleaningReport report = cleaning.run();
            metrics.ran(report);
            say(report);
            failing = false;
        } catch (QueueUnavailableException | StoreUnavailableException e) {
            metrics.failed();
            if (!failing) {
                LOG.warn("nothing is cleaned for now: {}", e.getMessage());
            }
            failing = true;
        } catch (RuntimeException e) {
            metrics.failed();
            LOG.error("the janitor has met what nobody expected; it goes on", e);
        }
    }

    private void say(CleaningReport report) {
        if (!report.obstacles().equals(toldObstacles)) {
            toldObstacles = report.obstacles();
            if (toldObstacles.isEmpty()) {
                LOG.info("nothing stands in the way of cleaning any more");
            } else {
                LOG.warn("not everything can be cleaned: {}", String.join("; ", toldObstacles));
            }
        }
        if (report.didSomething()) {
            LOG.info(
                    "removed {} objects of {} bytes, {} records and {} unfinished bodies; {} bytes are kept",
                    report.objects(),
                    report.bytes(),
                    report.records(),
                    report.unfinished(),
                    report.storedBytes());
        }
    }

    /** What the last run found and did, if this process made one. */
    Optional<CleaningReport> latest() {
        return metrics.latest();
    }
}
