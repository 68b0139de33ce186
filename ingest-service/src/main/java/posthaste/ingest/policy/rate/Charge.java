package posthaste.ingest.policy.rate;

import java.util.List;

/** What became of taking from accounts. */
public sealed interface Charge {

    /** All was taken. */
    record Made(List<Quotas.Taken> taken) implements Charge {
        public static final Made NOTHING = new Made(List.of());

        /** What it was taken for did not happen. */
        public void giveBack() {
            taken.forEach(Quotas.Taken::giveBack);
        }
    }

    /** Nothing was taken. */
    record Refused(Exceeded why) implements Charge {}
}
