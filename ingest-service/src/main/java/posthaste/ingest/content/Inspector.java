package posthaste.ingest.content;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import posthaste.ingest.content.Scanner.TooLargeException;
import posthaste.mail.status.Reply;

/**
 * A kind of scanner, at one address or several. Always has a verdict within the deadline: when no
 * address gives one, that which is configured for this. One that is away is not asked again by
 * everybody, and no more messages are with them at once than allowed, those included that nobody
 * waits for any more.
 */
public final class Inspector implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Inspector.class);

    /** Says why a message passed without a verdict. */
    static final String UNSCANNED = "X-Posthaste-Unscanned";

    private final String name;
    private final ScannerSettings settings;
    private final List<Place> places;
    private final Semaphore free;
    private final ContentMetrics metrics;

    private record Place(Scanner scanner, Circuit circuit) {}

    /** No scanner said anything in time. */
    private static final class NoVerdictException extends Exception {
        NoVerdictException(String why) {
            super(why, null, false, false);
        }
    }

    /** Asks the scanners in this order, the next one when one fails. */
    public Inspector(
            String name,
            ScannerSettings settings,
            List<? extends Scanner> scanners,
            ContentMetrics metrics) {
        this.name = name;
        this.settings = settings;
        this.free = new Semaphore(settings.concurrency());
        this.metrics = metrics;
        this.places = scanners.stream().map(scanner -> new Place(scanner, circuit())).toList();
        metrics.watch(name, this, Inspector::placesUp);
    }

    /** As configured, and as it stands in {@link #UNSCANNED}. */
    String name() {
        return name;
    }

    /** The largest message that is shown to this scanner, in octets. */
    long maxSize() {
        return settings.maxSize();
    }

    /**
     * Asks.
     *
     * @param allowed what may be spent of the time for the reply to the client
     */
    Verdict inspect(ScannedMail mail, Duration allowed) throws InterruptedException {
        long begun = System.nanoTime();
        Duration within =
                allowed.compareTo(settings.deadline()) < 0 ? allowed : settings.deadline();
        String told;
        Verdict verdict;
        try {
            if (mail.message().length() > settings.maxSize()) {
                throw new TooLargeException("larger than " + settings.maxSize() + " octets");
            }
            verdict = ask(mail, begun + within.toNanos());
            told = ContentMetrics.nameOf(verdict);
        } catch (TooLargeException e) {
            told = "too-large";
            verdict = without(settings.whenTooLarge(), String.valueOf(e.getMessage()));
        } catch (NoVerdictException e) {
            told = String.valueOf(e.getMessage());
            verdict = without(settings.whenAway(), "the scanner is " + told);
        }
        metrics.told(name, told, System.nanoTime() - begun);
        return verdict;
    }

    /** The verdict on a message that was larger than what is kept for any scanner. */
    Verdict tooLarge() {
        metrics.told(name, "too-large", 0);
        return without(settings.whenTooLarge(), "larger than " + settings.maxSize() + " octets");
    }

    @Override
    public void close() {
        places.forEach(place -> place.scanner().close());
    }

    private Verdict ask(ScannedMail mail, long until)
            throws TooLargeException, NoVerdictException, InterruptedException {
        List<Place> open = places.stream().filter(place -> place.circuit().permits()).toList();
        String why = "away";
        for (int i = 0; i < open.size(); i++) {
            // Who hangs leaves time for those behind it.
            long wait = (until - System.nanoTime()) / (open.size() - i);
            Place place = open.get(i);
            if (!free.tryAcquire(wait, TimeUnit.NANOSECONDS)) {
                throw new NoVerdictException("busy");
            }
            Question question = Question.ask(place.scanner(), mail, free::release);
            try {
                Verdict verdict = question.await((until - System.nanoTime()) / (open.size() - i));
                if (place.circuit().answered()) {
                    LOG.info("{} at {} is back", name, place.scanner().place());
                }
                return verdict;
            } catch (TimeoutException _) {
                why = "late";
                failed(place, "no verdict in time");
            } catch (ExecutionException e) {
                if (e.getCause() instanceof TooLargeException tooLarge) {
                    place.circuit().answered();
                    throw tooLarge;
                }
                failed(place, String.valueOf(e.getCause()));
            }
        }
        throw new NoVerdictException(why);
    }

    private void failed(Place place, String why) {
        if (place.circuit().failed()) {
            LOG.warn(
                    "{} at {} counts as away and is looked for every {}: {}",
                    name,
                    place.scanner().place(),
                    settings.probeInterval(),
                    why);
        } else {
            LOG.info("{} at {} failed: {}", name, place.scanner().place(), why);
        }
    }

    private Verdict without(WithoutVerdict choice, String why) {
        return switch (choice) {
            case OPEN -> new Verdict.Accept(List.of(new AddedField(UNSCANNED, name + "; " + why)));
            case CLOSED ->
                    new Verdict.Defer(
                            new Reply(
                                    451,
                                    "4.7.1 the message cannot be scanned now, try again later"));
            case QUARANTINE ->
                    new Verdict.Quarantine(
                            "not scanned by " + name + ": " + why,
                            List.of(new AddedField(UNSCANNED, name + "; " + why)));
        };
    }

    private long placesUp() {
        return places.stream().filter(place -> !place.circuit().isDown()).count();
    }

    private Circuit circuit() {
        return new Circuit(settings.downAfter(), settings.probeInterval(), System::nanoTime);
    }
}
