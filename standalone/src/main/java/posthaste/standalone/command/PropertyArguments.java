package posthaste.standalone.command;

import java.util.ArrayList;
import java.util.List;

/**
 * Any property may be given as {@code --its.name=VALUE} or {@code --its.name VALUE}: whatever
 * option has a dot in its name. To picocli, which knows fixed names alone, they are values of one
 * option.
 */
final class PropertyArguments {
    static final String OPTION = "--property";

    private PropertyArguments() {}

    /** The arguments, with all properties as {@value #OPTION}. */
    static List<String> translate(String... arguments) throws WrongArgumentException {
        List<String> translated = new ArrayList<>();
        for (int i = 0; i < arguments.length; i++) {
            String argument = arguments[i];
            int equals = argument.indexOf('=');
            String name = equals < 0 ? argument : argument.substring(0, equals);
            if (!name.startsWith("--")) {
                translated.add(argument);
                continue;
            }
            if (equals >= 0 && argument.substring(equals + 1).isBlank()) {
                throw new WrongArgumentException(name + " needs a value.");
            }
            if (!name.contains(".")) {
                translated.add(argument);
            } else if (equals >= 0) {
                translated.add(OPTION + "=" + argument.substring(2));
            } else if (i + 1 < arguments.length && !arguments[i + 1].startsWith("--")) {
                translated.add(OPTION + "=" + name.substring(2) + "=" + arguments[++i]);
            } else {
                throw new WrongArgumentException(name + " needs a value.");
            }
        }
        return translated;
    }
}
