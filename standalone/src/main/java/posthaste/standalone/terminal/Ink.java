package posthaste.standalone.demo;

/** Colours for a terminal (ECMA-48), or none. */
final class Ink {
    private final boolean inColour;

    Ink(boolean inColour) {
        this.inColour = inColour;
    }

    String bold(String text) {
        return in("1", text);
    }

    String faint(String text) {
        return in("2", text);
    }

    String good(String text) {
        return in("32", text);
    }

    String waiting(String text) {
        return in("33", text);
    }

    String bad(String text) {
        return in("31", text);
    }

    private String in(String code, String text) {
        return inColour ? "\033[" + code + "m" + text + "\033[0m" : text;
    }
}
