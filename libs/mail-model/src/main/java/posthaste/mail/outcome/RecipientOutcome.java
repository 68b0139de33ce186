package posthaste.mail.outcome;

/**
 * One recipient's outcome.
 *
 * @param recipient index into the envelope's recipients
 */
public record RecipientOutcome(int recipient, Outcome outcome) {}
