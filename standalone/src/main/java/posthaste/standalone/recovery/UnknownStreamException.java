package posthaste.standalone.recovery;

import java.util.Collection;

/** Bodies were found whose topics the configuration does not name. */
public final class UnknownStreamException extends Exception {
    UnknownStreamException(Collection<String> topics) {
        super(
                "mail for "
                        + String.join(", ", topics)
                        + " was found, but posthaste.queue.streams does not name it; give it as the"
                        + " services have it. Nothing was written.");
    }
}
