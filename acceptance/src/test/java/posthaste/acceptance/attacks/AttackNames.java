package posthaste.acceptance.attacks;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayNameGenerator;

/** {@code #17 nothingOfATooLargeMessageIsRun()}. */
final class AttackNames extends DisplayNameGenerator.Standard {

    @Override
    public String generateDisplayNameForMethod(
            List<Class<?>> enclosing, Class<?> testClass, Method test) {
        String name = super.generateDisplayNameForMethod(enclosing, testClass, test);
        Attack attack = test.getAnnotation(Attack.class);
        return attack == null
                ? name
                : Arrays.stream(attack.value())
                        .mapToObj(number -> "#" + number)
                        .collect(Collectors.joining(" ", "", " " + name));
    }
}
