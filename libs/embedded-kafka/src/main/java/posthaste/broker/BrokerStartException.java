package posthaste.broker;

import org.jspecify.annotations.Nullable;

/** The broker cannot start; the message is one sentence for the operator. */
public final class BrokerStartException extends RuntimeException {
    public BrokerStartException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    public BrokerStartException(String message) {
        super(message);
    }
}
