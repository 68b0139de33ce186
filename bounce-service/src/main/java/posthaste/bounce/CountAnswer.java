package posthaste.bounce;

import posthaste.bounce.suppression.SuppressionFeed;

/**
 * Step 4: all that counts answers. Behind everything that can fail for want of one of our own
 * parts: then the notice is handled again, as often as it takes, and would count each time.
 */
final class CountAnswer {
    private final Backscatter backscatter;
    private final SuppressionFeed suppressionFeed;
    private final DsnMetrics metrics;

    CountAnswer(Backscatter backscatter, SuppressionFeed suppressionFeed, DsnMetrics metrics) {
        this.backscatter = backscatter;
        this.suppressionFeed = suppressionFeed;
        this.metrics = metrics;
    }

    /** The same answer, or none where others have used up what its sender is allowed. */
    Answer counted(Answer answer) {
        Answer allowed = backscatter.charged(answer);
        suppressionFeed.noted(allowed.audience().notice());
        metrics.answered(allowed.audience());
        return allowed;
    }
}
