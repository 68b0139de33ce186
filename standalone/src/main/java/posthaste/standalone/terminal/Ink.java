package posthaste.standalone.terminal;

import java.io.Console;
import java.util.Optional;

/**
 * Colours for a terminal (ECMA-48), or none. What others wrote is shown by {@link
 * posthaste.mail.text.VisibleText}: it must not turn the terminal's colours, or worse.
 */
public final class Ink {
    private final boolean inColour;

    public Ink(boolean inColour) {
        this.inColour = inColour;
    }

    /** For standard output: in colour when it is a terminal, and nobody asked for none. */
    public static Ink ofStandardOutput() {
        boolean isTerminal =
                Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
        return new Ink(isTerminal && System.getenv("NO_COLOR") == null);
    }

    public String bold(String text) {
        return in("1", text);
    }

    public String faint(String text) {
        return in("2", text);
    }

    public String good(String text) {
        return in("32", text);
    }

    public String waiting(String text) {
        return in("33", text);
    }

    public String bad(String text) {
        return in("31", text);
    }

    private String in(String code, String text) {
        return inColour ? "\033[" + code + "m" + text + "\033[0m" : text;
    }
}
