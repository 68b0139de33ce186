package posthaste.acceptance.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import posthaste.testing.Requires;

/** The list is complete: every number has its test. */
class AttackListTest {
    private static final int ATTACKS = 91;

    /** A row of the table: {@code | 17 | ...}, also with the number in bold. */
    private static final Pattern ROW = Pattern.compile("(?m)^\\| \\**(\\d+)\\** \\|");

    static final List<Class<?>> SUITES =
            List.of(
                    EndOfDataAttacksIT.class,
                    BdatAttacksIT.class,
                    StartTlsAttacksIT.class,
                    AuthAttacksIT.class,
                    RelayAttacksIT.class,
                    SyntaxAttacksIT.class,
                    ResourceAttacksIT.class,
                    StoreAttacksIT.class,
                    DeliveryAttacksIT.class);

    @Test
    void everyAttackHasItsTest() {
        assertThat(numbers()).containsAll(IntStream.rangeClosed(1, ATTACKS).boxed().toList());
    }

    @Test
    void theSharedListHasNoOthers() throws Exception {
        Path list =
                Requires.repositoryRoot()
                        .resolve("../shared/conformance/smtp-attacks.md")
                        .normalize();
        Requires.that(Files.exists(list), "the shared attack list is not here");
        Matcher row = ROW.matcher(Files.readString(list));
        Collection<Integer> there =
                Stream.iterate(row, Matcher::find, one -> one)
                        .map(one -> Integer.valueOf(one.group(1)))
                        .toList();

        assertThat(numbers()).containsExactlyInAnyOrderElementsOf(there);
    }

    private static Collection<Integer> numbers() {
        return SUITES.stream()
                .flatMap(suite -> Arrays.stream(suite.getDeclaredMethods()))
                .filter(method -> method.isAnnotationPresent(Attack.class))
                .flatMap(AttackListTest::numbersOf)
                .distinct()
                .sorted()
                .toList();
    }

    private static Stream<Integer> numbersOf(Method test) {
        return Arrays.stream(test.getAnnotation(Attack.class).value()).boxed();
    }
}
