package posthaste.bounce.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import posthaste.bounce.inbound.rules.RuleBook;
import posthaste.mail.record.Event;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Holds the code to docs/events.md, and the other way round. */
class EventJsonTest {
    private static final Path ROOT = Path.of(System.getProperty("posthaste.root", ".."));
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final EventJson JSON = new EventJson(RuleBook.shipped());

    private static final ToldEvent FULL =
            ToldEvent.of(Happenings.deferred("one", "anna@remote.example")).getFirst();

    @Test
    void whatAnEventSaysIsTheExampleOfTheDocument() throws Exception {
        String example = block("json");
        assertThat(MAPPER.readTree(example)).isEqualTo(MAPPER.readTree(JSON.line(FULL)));
    }

    @Test
    void theDocumentNamesEveryFieldInItsOrderAndNoOther() throws Exception {
        List<String> documented = new ArrayList<>();
        Matcher row = Pattern.compile("(?m)^\\| `(\\w+)` \\| .* \\|$").matcher(section("## JSON"));
        while (row.find()) {
            documented.add(row.group(1));
        }
        assertThat(documented).isEqualTo(List.copyOf(JSON.object(FULL).propertyNames()));
    }

    @Test
    void theDocumentNamesEveryKind() throws Exception {
        Set<String> documented = new TreeSet<>();
        Matcher row = Pattern.compile("(?m)^\\| `(\\w+)` \\| .* \\|$").matcher(section("## Kinds"));
        while (row.find()) {
            documented.add(row.group(1));
        }
        Set<String> kinds = new TreeSet<>();
        for (Event.Kind kind : Event.Kind.values()) {
            kinds.add(ToldEvent.word(kind));
        }
        assertThat(documented).isEqualTo(kinds);
    }

    /** Every field of the schema that an event is made of stands in the document's table. */
    @Test
    void theDocumentNamesEveryFieldOfTheSchema() throws Exception {
        String schema =
                Files.readString(ROOT.resolve("libs/mail-model/src/main/protobuf/wire.proto"));
        String event = schema.substring(schema.indexOf("\nmessage Event {"));
        event = event.substring(0, event.indexOf("\n}\n"));
        Set<String> fields = new TreeSet<>();
        Matcher field =
                Pattern.compile("(?m)^ +(?:repeated )?[A-Za-z0-9]+ (\\w+) = (\\d+);")
                        .matcher(event);
        while (field.find()) {
            fields.add(field.group(1) + " = " + field.group(2));
        }
        Set<String> documented = new TreeSet<>();
        Matcher row =
                Pattern.compile("(?m)^\\| `(\\w+ = \\d+)` \\| .* \\|$")
                        .matcher(section("## The topic"));
        while (row.find()) {
            documented.add(row.group(1));
        }
        assertThat(documented).isEqualTo(fields);
    }

    @ParameterizedTest
    @EnumSource
    void everyKindHasAnObjectThatSaysWhetherItIsTheEnd(Event.Kind kind) {
        Event event = Happenings.of(kind, "one", "a@remote.example", Happenings.AT);
        JsonNode json = JSON.object(ToldEvent.of(event).getFirst());
        assertThat(json.path("kind").asString()).isEqualTo(ToldEvent.word(kind));
        assertThat(json.path("final").asBoolean()).isEqualTo(kind.isFinal());
        List<String> refused = List.of("bounceClass", "hard");
        assertThat(json.propertyNames())
                .filteredOn(name -> !refused.contains(name))
                .containsExactly(
                        "id", "time", "kind", "final", "mailId", "recipient", "enhancedCode");
    }

    @Test
    void theIdIsTheSameHoweverOftenItIsTold() {
        ToldEvent again =
                ToldEvent.of(Happenings.deferred("one", "anna@remote.example")).getFirst();
        assertThat(again.id()).isEqualTo(FULL.id());
        ToldEvent other = ToldEvent.of(Happenings.deferred("one", "b@remote.example")).getFirst();
        assertThat(other.id()).isNotEqualTo(FULL.id());
    }

    /** An address may be of any script, and a terminal may obey what it shows. */
    @Test
    void aLineIsAsciiWhateverAnAddressHolds() throws Exception {
        String address = "b\u00f6b\u202e\u009b31m@remote.example";
        String line = JSON.line(ToldEvent.of(Happenings.deferred("one", address)).getFirst());
        assertThat(line).matches("[\\x20-\\x7e]+");
        assertThat(MAPPER.readTree(line).path("recipient").asString()).isEqualTo(address);
    }

    @Test
    void onlyWhatIsWantedPasses() {
        ToldEvent delivered =
                ToldEvent.of(
                                Happenings.of(
                                        Event.Kind.DELIVERED,
                                        "one",
                                        "a@remote.example",
                                        Happenings.AT))
                        .getFirst();
        EventFilter bounces = EventFilter.of(List.of("bounced", "DEFERRED"), List.of());
        assertThat(bounces.wants(FULL)).isTrue();
        assertThat(bounces.wants(delivered)).isFalse();
        EventFilter bulk = EventFilter.of(List.of(), List.of("bulk"));
        assertThat(bulk.wants(FULL)).isTrue();
        assertThat(bulk.wants(delivered)).isFalse();
        assertThat(EventFilter.of(List.of("delay-warned"), List.of()).kinds())
                .containsExactly(Event.Kind.DELAY_WARNED);
        assertThatThrownBy(() -> EventFilter.of(List.of("opened"), List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static String document() throws Exception {
        return Files.readString(ROOT.resolve("docs/events.md"));
    }

    private static String section(String heading) throws Exception {
        String page = document();
        int begin = page.indexOf("\n" + heading + "\n");
        assertThat(begin).as(heading).isPositive();
        int end = page.indexOf("\n## ", begin + 1);
        return page.substring(begin, end < 0 ? page.length() : end);
    }

    private static String block(String language) throws Exception {
        Matcher fenced = Pattern.compile("(?s)```" + language + "\\n(.*?)```").matcher(document());
        assertThat(fenced.find()).isTrue();
        return fenced.group(1);
    }
}
