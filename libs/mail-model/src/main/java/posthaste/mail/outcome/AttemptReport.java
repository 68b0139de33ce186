package posthaste.mail.outcome;

import java.util.List;

/**
 * What one attempt of a job led to.
 *
 * @param outcomes exactly one for each recipient that was pending
 */
public record AttemptReport(AttemptDetails details, List<RecipientOutcome> outcomes) {
    public AttemptReport {
        outcomes = List.copyOf(outcomes);
    }
}
