package posthaste.ingest.policy.stress;

/**
 * The way from level to level: up at once, down when it has been better for a while, so that it
 * does not flutter. A plain state machine.
 */
final class StressRule {
    private StressLevel level = StressLevel.CALM;
    private long betterSince;
    private boolean better;

    /**
     * Takes a look.
     *
     * @param share of the scarcest resource that is in use, 0 to 1
     * @param now {@link System#nanoTime}
     */
    StressLevel look(double share, StressSettings settings, long now) {
        StressLevel wanted = wanted(share, settings);
        if (wanted.compareTo(level) >= 0) {
            level = wanted;
            better = false;
            return level;
        }
        if (!better) {
            better = true;
            betterSince = now;
        }
        if (now - betterSince >= settings.hold().toNanos()) {
            level = wanted;
            better = false;
        }
        return level;
    }

    private StressLevel wanted(double share, StressSettings settings) {
        if (share >= settings.severeAt()) {
            return StressLevel.SEVERE;
        }
        if (share >= settings.tightAt()) {
            return StressLevel.TIGHT;
        }
        // Between calm and tight it stays what it was, but no harder than tight.
        return share < settings.calmBelow() || level == StressLevel.CALM
                ? StressLevel.CALM
                : StressLevel.TIGHT;
    }
}
