package posthaste.body;

/** No memory for a body within the wait: the client is told {@code 452 4.3.1} (invariant 5). */
public final class BudgetExhaustedException extends Exception {
    public BudgetExhaustedException(String message) {
        super(message);
    }
}
