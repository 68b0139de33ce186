package posthaste.bounce.suppression;

import java.util.Collection;
import java.util.stream.Collectors;

/** A line of an export as CSV (RFC 4180). */
public final class CsvLine {
    /** What makes a formula of a text, or makes a spreadsheet look for one behind it. */
    private static final String FORMULA = "=+-@\t\r\n";

    private static final String SPECIAL = ",\"\r\n";

    private CsvLine() {}

    /** The values' texts, and the end of the line. */
    public static String of(Collection<?> values) {
        return values.stream()
                .map(value -> cell(String.valueOf(value)))
                .collect(Collectors.joining(",", "", "\r\n"));
    }

    /**
     * Quoted where it needs to be. What a spreadsheet would take for a formula is an address or a
     * reply that somebody else chose, so it is given a blank in front, which an import strips.
     */
    private static String cell(String text) {
        boolean isFormula = !text.isEmpty() && FORMULA.indexOf(text.charAt(0)) >= 0;
        String inert = isFormula ? " " + text : text;
        return isFormula || inert.chars().anyMatch(c -> SPECIAL.indexOf(c) >= 0)
                ? '"' + inert.replace("\"", "\"\"") + '"'
                : inert;
    }
}
