package posthaste.architecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Set;

/** What {@link ArchitectureTest} asks of front doors. */
final class Doors {
    private static final String FLOW = "org.springframework.integration.dsl.IntegrationFlow";
    private static final Set<String> QUEUEING =
            Set.of("queue", "priority", "executor", "publishSubscribe", "rendezvous", "flux");

    static final ArchCondition<JavaClass> COMPOSE_AN_INTEGRATION_FLOW =
            new ArchCondition<>("have a method that composes an IntegrationFlow") {
                @Override
                public void check(JavaClass door, ConditionEvents events) {
                    boolean composes =
                            door.getMethods().stream()
                                    .anyMatch(m -> m.getRawReturnType().getName().equals(FLOW));
                    events.add(
                            new SimpleConditionEvent(
                                    door,
                                    composes,
                                    door.getName()
                                            + (composes ? " composes" : " does not compose")
                                            + " an IntegrationFlow"));
                }
            };

    static final DescribedPredicate<JavaMethodCall> MAKES_A_CHANNEL_THAT_QUEUES =
            DescribedPredicate.describe(
                    "MessageChannels." + QUEUEING,
                    call ->
                            call.getTargetOwner()
                                            .getName()
                                            .startsWith(
                                                    "org.springframework.integration.dsl.MessageChannel")
                                    && QUEUEING.contains(call.getName()));

    private Doors() {}
}
