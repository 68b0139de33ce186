package posthaste.acceptance.chaos;

import java.util.Random;

/** Something that goes wrong, and is mended. */
interface Fault {
    /** As it stands in the table of results. */
    String name();

    /**
     * Breaks something and mends it: when it returns, the system has all its parts again.
     *
     * @param strike told of each moment at which something changed
     * @param random of the run: how long, which one
     */
    void strike(Strike strike, Random random) throws Exception;

    /** A fault in a word. */
    interface Breaking {
        void strike(Strike strike, Random random) throws Exception;
    }

    static Fault of(String name, Breaking breaking) {
        return new Fault() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public void strike(Strike strike, Random random) throws Exception {
                breaking.strike(strike, random);
            }

            @Override
            public String toString() {
                return name;
            }
        };
    }
}
