package posthaste.bench.report;

import java.util.List;
import java.util.Locale;
import posthaste.bench.Measurement;

/** Relay rates as bars, in an SVG that any browser shows, light or dark. */
public final class Chart {
    private static final int WIDTH = 860;
    private static final int NAMES = 330;
    private static final int BAR = 22;
    private static final int STEP = 34;
    private static final int TOP = 48;
    private static final int VALUES = 120;

    private Chart() {}

    /** The whole document. */
    public static String of(List<Measurement> measurements) {
        double most = measurements.stream().mapToDouble(Measurement::relayRate).max().orElse(1);
        StringBuilder out = new StringBuilder();
        int height = TOP + STEP * measurements.size() + 20;
        out.append(
                """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" \
                aria-label="Mails relayed a second" font-family="system-ui, sans-serif" font-size="13">
                <style>text{fill:#222}.bar{fill:#2a6fdb}.other{fill:#9aa4b2}
                @media (prefers-color-scheme: dark){svg{background:#15181d}text{fill:#e6e6e6}}</style>
                <text x="10" y="26" font-size="16" font-weight="600">Mails relayed a second</text>
                """
                        .formatted(WIDTH, height));
        int y = TOP;
        for (Measurement m : measurements) {
            int length = (int) ((WIDTH - NAMES - VALUES) * m.relayRate() / most);
            out.append(
                    """
                    <text x="%d" y="%d" text-anchor="end">%s</text>
                    <rect class="%s" x="%d" y="%d" width="%d" height="%d" rx="3"/>
                    <text x="%d" y="%d">%s</text>
                    """
                            .formatted(
                                    NAMES - 10,
                                    y + BAR - 6,
                                    escaped(m.relay() + ", " + m.scenario().name()),
                                    m.relay().equals("Posthaste") ? "bar" : "other",
                                    NAMES,
                                    y,
                                    Math.max(1, length),
                                    BAR,
                                    NAMES + length + 8,
                                    y + BAR - 6,
                                    String.format(Locale.ROOT, "%,.0f", m.relayRate())));
            y += STEP;
        }
        return out.append("</svg>\n").toString();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
