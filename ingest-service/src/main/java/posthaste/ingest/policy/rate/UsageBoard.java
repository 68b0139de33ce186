package posthaste.ingest.policy.rate;

import java.time.Instant;
import java.util.function.Consumer;

/** Where instances tell each other what was used. Nobody waits for it. */
public interface UsageBoard {

    /**
     * Has everyone told, this process among them; gladly lost when the broker is away.
     *
     * @param until after which nobody needs to know any more
     */
    void tell(Usage usage, Instant until);

    /** Names who is told; once, before anything is told. */
    void listen(Consumer<Usage> listener);

    /** For a process that is alone. */
    UsageBoard ALONE =
            new UsageBoard() {
                @Override
                public void tell(Usage usage, Instant until) {
                    // There is nobody to be told.
                }

                @Override
                public void listen(Consumer<Usage> listener) {
                    // There is nobody to be heard.
                }
            };
}
