package posthaste.standalone;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What was typed after {@code ./posthaste}: a command, flags of its own, and properties, the common
 * ones under short names. {@code --x v} and {@code --x=v} mean the same; given twice, the last
 * wins.
 */
record CommandLine(Command command, Set<String> flags, Map<String, String> properties) {

    /** What can be asked for here; the launcher answers the rest. */
    enum Command {
        RUN,
        DEMO;

        private boolean hasFlag(String name) {
            return this == DEMO && name.equals(EXIT);
        }

        String typed() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Flag of the demo: end after printing. */
    static final String EXIT = "exit";

    private static final Map<String, String> SHORT_NAMES =
            Map.of(
                    "smtp-port", "posthaste.smtp.port",
                    "web-port", "server.port",
                    "data-dir", "posthaste.data-dir",
                    "relay-to", "posthaste.routing.relay-to");

    /** Asked wrongly; the message is one sentence. */
    static final class UsageException extends Exception {
        UsageException(String sentence) {
            super(sentence);
        }
    }

    /** Reads the arguments of {@code main}; without a command, {@code run} is meant. */
    static CommandLine parse(String... args) throws UsageException {
        List<String> rest = new ArrayList<>(List.of(args));
        Command command = Command.RUN;
        if (!rest.isEmpty() && !rest.getFirst().startsWith("--")) {
            command = command(rest.removeFirst());
        }
        Set<String> flags = new TreeSet<>();
        Map<String, String> properties = new LinkedHashMap<>();
        while (!rest.isEmpty()) {
            String option = rest.removeFirst();
            int equals = option.indexOf('=');
            String name =
                    option.startsWith("--")
                            ? option.substring(2, equals < 0 ? option.length() : equals)
                            : "";
            if (equals < 0 && command.hasFlag(name)) {
                flags.add(name);
                continue;
            }
            String property = SHORT_NAMES.getOrDefault(name, name);
            if (!property.contains(".")) {
                throw new UsageException(
                        command.typed()
                                + " knows no '"
                                + option
                                + "'; './posthaste help' lists the options.");
            }
            if (equals >= 0) {
                properties.put(property, option.substring(equals + 1));
            } else if (!rest.isEmpty() && !rest.getFirst().startsWith("--")) {
                properties.put(property, rest.removeFirst());
            } else {
                throw new UsageException("--" + name + " needs a value.");
            }
            if (properties.get(property).isBlank()) {
                throw new UsageException("--" + name + " needs a value.");
            }
        }
        return new CommandLine(command, flags, properties);
    }

    private static Command command(String word) throws UsageException {
        for (Command command : Command.values()) {
            if (command.typed().equals(word)) {
                return command;
            }
        }
        throw new UsageException(
                "there is no command '" + word + "'; './posthaste help' lists them.");
    }
}
