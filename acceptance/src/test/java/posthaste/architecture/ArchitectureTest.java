package posthaste.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The layout of the house (DESIGN 4) as rules over the compiled classes. */
class ArchitectureTest {
    private static JavaClasses house;

    @BeforeAll
    static void readTheHouse() {
        house =
                new ClassFileImporter()
                        .withImportOption(new ImportOption.DoNotIncludeTests())
                        .importPackages("posthaste");
        assertThat(house.size()).as("classes of the house on the class path").isGreaterThan(100);
    }

    /** The model is the language that all parts share: it must outlive every framework. */
    @Test
    void theModelKnowsNoFrameworkAndNothingElseOfOurs() {
        classes()
                .that()
                .resideInAPackage("posthaste.mail..")
                .should()
                .onlyDependOnClassesThat(
                        resideInAnyPackage(
                                "posthaste.mail..",
                                "java..",
                                "javax.crypto..",
                                "org.jspecify..",
                                "com.google.protobuf.."))
                .check(house);
    }

    /** Services meet on topics, not in code: each can be deployed, scaled and lost alone. */
    @Test
    void servicesDoNotKnowEachOther() {
        slices().matching("posthaste.(ingest|delivery|fallback|bounce)..")
                .should()
                .notDependOnEachOther()
                .check(house);
    }

    /** A library that knew a service would drag it into every other one. */
    @Test
    void librariesDoNotKnowServices() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "posthaste.ingest..",
                        "posthaste.delivery..",
                        "posthaste.fallback..",
                        "posthaste.bounce..",
                        "posthaste.standalone..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "posthaste.ingest..",
                        "posthaste.delivery..",
                        "posthaste.fallback..",
                        "posthaste.bounce..",
                        "posthaste.standalone..")
                .check(house);
    }

    /** What is pure can be tested without a context and used without Boot. */
    @Test
    void springStopsAtTheServices() {
        noClasses()
                .that(
                        resideInAnyPackage(
                                "posthaste.mail..",
                                "posthaste.body..",
                                "posthaste.queue..",
                                "posthaste.outbound..",
                                "posthaste.broker..",
                                "posthaste.testing.."))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.springframework..")
                .check(house);
    }

    /** The queue is a promise that memory keeps as well as Kafka: nobody else may lean on Kafka. */
    @Test
    void kafkaStaysInTheQueueAndTheBroker() {
        noClasses()
                .that(not(resideInAnyPackage("posthaste.queue.kafka..", "posthaste.broker..")))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.kafka..", "kafka..")
                .check(house);
    }

    /** Any service that speaks S3 has to do, and another kind of store could come. */
    @Test
    void theS3SdkStaysInItsBodyStore() {
        noClasses()
                .that(not(resideInAnyPackage("posthaste.body.s3..", "posthaste.testing.s3..")))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("software.amazon..")
                .check(house);
    }

    /** SubEthaSMTP is unsafe as it comes (docs/decisions): one package tames it. */
    @Test
    void subEthaSmtpStaysInTheListener() {
        noClasses()
                .that(not(resideInAnyPackage("posthaste.ingest.smtp..", "posthaste.standalone..")))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.subethamail..")
                .check(house);
    }

    /** Mail is bytes everywhere but where it is made, and on the last step out. */
    @Test
    void jakartaMailStaysInOutboundAndBounce() {
        noClasses()
                .that(
                        not(
                                resideInAnyPackage(
                                        "posthaste.outbound..",
                                        "posthaste.bounce.dsn..",
                                        "posthaste.ingest.http..",
                                        "posthaste.standalone..")))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("jakarta.mail..", "org.eclipse.angus..")
                .check(house);
    }

    /** The settable clock of the tests and the clock faults of the chaos suite need one way in. */
    @Test
    void nobodyReadsTheWallClock() {
        noClasses()
                .should()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(LocalDate.class, "now")
                .orShould()
                .callMethod(LocalDateTime.class, "now")
                .orShould()
                .callMethod(OffsetDateTime.class, "now")
                .orShould()
                .callMethod(ZonedDateTime.class, "now")
                .orShould()
                .callMethod(Clock.class, "systemUTC")
                .check(house);
    }

    /** A cycle is one room with two names. */
    @Test
    void packagesAreFreeOfCycles() {
        slices().matching("posthaste.(**)").should().beFreeOfCycles().check(house);
    }

    /** The front door reads as the map of its service, and adds no queue of its own. */
    @Test
    void eachFrontDoorIsASpringIntegrationFlowOnDirectChannels() {
        for (String door : List.of("IngestFlow", "DeliveryFlow", "FallbackFlow", "BounceFlow")) {
            classes().that(simpleName(door)).should(Doors.COMPOSE_AN_INTEGRATION_FLOW).check(house);
        }
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveNameMatching(
                        "org\\.springframework\\.integration\\.channel\\."
                                + "(QueueChannel|PriorityChannel|ExecutorChannel|PublishSubscribeChannel"
                                + "|RendezvousChannel|FluxMessageChannel|PartitionedChannel)")
                .because("a queue channel is a second queue that the in-flight cap does not count")
                .check(house);
        noClasses()
                .should()
                .callMethodWhere(Doors.MAKES_A_CHANNEL_THAT_QUEUES)
                .because("a queue channel is a second queue that the in-flight cap does not count")
                .check(house);
    }

    /** NullAway judges only what is marked. */
    @Test
    void everyPackageIsNullMarkedAndSaysWhatItIsFor() {
        List<String> unmarked =
                house.stream()
                        .map(JavaClass::getPackage)
                        .distinct()
                        .filter(p -> !p.isAnnotatedWith("org.jspecify.annotations.NullMarked"))
                        .map(p -> p.getName())
                        .toList();
        assertThat(unmarked).isEmpty();
    }
}
