package posthaste.bounce.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import posthaste.bounce.charts.StorageSamples;
import posthaste.bounce.deliverylog.LogExport;
import posthaste.bounce.deliverylog.LogPostgres;
import posthaste.bounce.deliverylog.LogQuery;
import posthaste.bounce.deliverylog.Providers;
import posthaste.bounce.deliverylog.Story;
import posthaste.bounce.deliverylog.StoryPages;
import posthaste.bounce.deliverylog.StoryPages.Part;
import posthaste.bounce.deliverylog.StoryPages.Place;
import posthaste.bounce.deliverylog.StoryPages.Question;
import posthaste.mail.envelope.Client;
import posthaste.mail.envelope.Envelope;
import posthaste.mail.outcome.Conversation;
import posthaste.mail.record.BodyRef;
import posthaste.mail.record.Event;
import posthaste.mail.record.Job;
import posthaste.mail.record.MailRecord;
import posthaste.mail.record.Topics;
import posthaste.testing.Requires;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Page and REST as a client sees them. */
class WebIT {
    private static final String OUTBOUND = "mail.outbound.transactional";
    private static final Pattern NEXT = Pattern.compile("<a rel=\"next\" href=\"([^\"]+)\"");
    private static final JsonMapper JSON = new JsonMapper();
    private static final Instant ACCEPTED = WebFixture.NOON.minusSeconds(3600);

    private static final Story DELIVERED = Story.of(ACCEPTED, "app@example.com", "Ann@Example.org");
    private static final Story DEFERRED =
            Story.of(ACCEPTED.plusSeconds(10), "app@example.com", "bob@example.org");
    private static final Story BOUNCED =
            Story.of(ACCEPTED.plusSeconds(20), "news@example.com", "eve@example.net");
    private static final Story HOSTILE =
            Story.of(
                    ACCEPTED.plusSeconds(30),
                    "\"<script>alert(1)</script>\"@example.com",
                    "\"<img src=x onerror=alert(2)>\"@example.org");

    private static final int MANY = 10_000;
    private static final Story LARGE =
            Story.of(
                    ACCEPTED.minus(Duration.ofDays(1)),
                    "news@example.com",
                    IntStream.range(0, MANY).mapToObj(WebIT::reader).toArray(String[]::new));

    private static LogPostgres postgres;
    private static WebFixture web;

    @BeforeAll
    static void start(@TempDir Path data) throws Exception {
        postgres = LogPostgres.start();
        web = WebFixture.start(postgres.url(), data, Map.of());
        web.publish(OUTBOUND, DELIVERED.acceptance(), DEFERRED.acceptance(), BOUNCED.acceptance());
        Envelope e = HOSTILE.envelope();
        web.publish(
                OUTBOUND,
                Job.first(
                        new Envelope(
                                e.id(),
                                e.stream(),
                                e.reversePath(),
                                e.recipients(),
                                e.ret(),
                                Optional.of("\u202eevil"),
                                e.bodyType(),
                                false,
                                new Client(
                                        "127.0.0.1", "</title><b>\u001b[31mred", Optional.empty()),
                                Optional.of("<script src='https://evil.example/x.js'>")),
                        new BodyRef("k", 0, 1, 0),
                        0,
                        false));
        web.publish(
                Topics.EVENTS,
                DELIVERED.deferred(
                        "Ann@Example.org", 1, ACCEPTED.plusSeconds(1), ACCEPTED.plusSeconds(61)),
                DELIVERED.delivered("Ann@Example.org", 2, ACCEPTED.plusSeconds(62)),
                DEFERRED.deferred(
                        "bob@example.org",
                        1,
                        ACCEPTED.plusSeconds(11),
                        WebFixture.NOON.plusSeconds(300)),
                Story.saying(
                        BOUNCED.failed("eve@example.net", 1, ACCEPTED.plusSeconds(21)),
                        Conversation.parse(
                                "0*connects\n12>RCPT TO:<eve@example.net>\n34<550 <b>no")),
                BOUNCED.end("eve@example.net", Event.Kind.BOUNCED, ACCEPTED.plusSeconds(22)),
                HOSTILE.end(
                        "\"<img src=x onerror=alert(2)>\"@example.org",
                        Event.Kind.REMOVED,
                        ACCEPTED.plusSeconds(31)));
        Instant tried = ACCEPTED.minus(Duration.ofDays(1)).plusSeconds(1);
        web.publish(OUTBOUND, LARGE.acceptance());
        web.publish(
                Topics.EVENTS,
                IntStream.range(0, 700)
                        .mapToObj(i -> LARGE.delivered(reader(i), 1, tried))
                        .toArray(MailRecord[]::new));
        web.publish(
                Topics.EVENTS,
                LARGE.end(reader(700), Event.Kind.QUARANTINED, tried),
                LARGE.end(reader(9_999), Event.Kind.EXPIRED, tried));
        await().atMost(Duration.ofSeconds(20))
                .until(() ->
                        postgres.rows("SELECT count(*) FROM event").equals(List.of("708"))
                                && postgres.rows("SELECT sum(accepted) FROM tally")
                                        .equals(List.of("10004")));
    }

    @AfterAll
    static void stop() throws Exception {
        web.close();
        postgres.close();
    }

    @Test
    void findsByRecipientWhateverItsCase() throws Exception {
        JsonNode found = json("/api/v1/messages?recipient=ANN%40example.ORG");
        assertThat(found).hasSize(1);
        JsonNode mail = found.get(0);
        assertThat(mail.get("id").asString()).isEqualTo(DELIVERED.id().value());
        assertThat(mail.get("acceptedAt").asString()).isEqualTo("2026-11-22T11:00:00Z");
        assertThat(mail.get("sender").asString()).isEqualTo("app@example.com");
        JsonNode recipient = mail.get("recipients").get(0);
        assertThat(recipient.get("address").asString()).isEqualTo("Ann@Example.org");
        assertThat(recipient.get("state").asString()).isEqualTo("delivered");
        assertThat(recipient.get("attempts").asInt()).isEqualTo(2);
        assertThat(recipient.get("final").asBoolean()).isTrue();
    }

    @Test
    void findsBySenderIdAndTimeNewestFirst() throws Exception {
        assertThat(ids("/api/v1/messages?sender=app@example.com"))
                .containsExactly(DEFERRED.id().value(), DELIVERED.id().value());
        assertThat(ids("/api/v1/messages?id=" + BOUNCED.id()))
                .containsExactly(BOUNCED.id().value());
        assertThat(ids("/api/v1/messages?sender=app@example.com&recipient=bob@example.org"))
                .containsExactly(DEFERRED.id().value());
        assertThat(ids("/api/v1/messages?sender=news@example.com&recipient=bob@example.org"))
                .isEmpty();
        assertThat(ids("/api/v1/messages?from=2026-11-22T11:00:05Z&to=2026-11-22T11:00:25"))
                .containsExactly(BOUNCED.id().value(), DEFERRED.id().value());
        assertThat(ids("/api/v1/messages?from=2h")).hasSize(4);
        assertThat(ids("/api/v1/messages?from=59m")).isEmpty();
        assertThat(ids("/api/v1/messages?from=2026-11-23")).isEmpty();
        assertThat(ids("/api/v1/messages?from=2026-11-22T13:00:05%2B02:00")).hasSize(3);
    }

    @Test
    void aFullListLeadsToTheNext() throws Exception {
        HttpResponse<String> first = web.get("/api/v1/messages?limit=3");
        assertThat(JSON.readTree(first.body())).hasSize(3);
        String link = first.headers().firstValue("Link").orElseThrow();
        assertThat(link).endsWith(">; rel=\"next\"");
        String path = link.substring(link.indexOf("/api"), link.indexOf('>'));
        assertThat(ids(path)).containsExactly(DELIVERED.id().value(), LARGE.id().value());
    }

    @Test
    void tellsAMailsStoryInOrder() throws Exception {
        JsonNode story = json("/api/v1/messages/" + BOUNCED.id());
        assertThat(story.get("sender").asString()).isEqualTo("news@example.com");
        assertThat(story.get("clientHelo").asString()).isEqualTo("app.example.com");
        assertThat(story.get("size").asLong()).isEqualTo(1234);
        JsonNode failed = story.get("events").get(0);
        assertThat(failed.get("kind").asString()).isEqualTo("failed");
        assertThat(failed.get("time").asString()).isEqualTo("2026-11-22T11:00:21Z");
        assertThat(failed.get("recipient").asString()).isEqualTo("eve@example.net");
        assertThat(failed.get("remoteHost").asString()).isEqualTo("mx1.example.org");
        assertThat(failed.get("remoteAddress").asString()).isEqualTo("192.0.2.1:25");
        assertThat(failed.get("reply").asString()).isEqualTo("550 5.1.1 no such user");
        assertThat(failed.get("enhancedCode").asString()).isEqualTo("5.1.1");
        assertThat(failed.get("nextAttempt").isNull()).isTrue();
        assertThat(story.get("events").get(1).get("kind").asString()).isEqualTo("bounced");
        assertThat(story.get("events").get(1).get("dsnId").asString()).hasSize(26);
        JsonNode deferred = json("/api/v1/messages/" + DEFERRED.id()).get("events").get(0);
        assertThat(deferred.get("nextAttempt").asString()).isEqualTo("2026-11-22T12:05:00Z");
    }

    @ParameterizedTest
    @CsvSource({
        "limit=0, limit",
        "limit=x, limit",
        "limit=1001, limit",
        "from=yesterday, from",
        "to=2026-13-01, to",
        "id=42, id",
        "recipient=ann, recipient",
        "recipient=a%00@example.org, recipient",
        "recipent=ann@example.org, recipent",
        "recipient=a@b.c&recipient=d@e.f, recipient",
        "before=zzz, before",
        "from=999999w, from",
        "bounceClass=bad, bounceClass",
        "outcome=lost, outcome",
        "status=6, status",
    })
    void aWrongParameterIsNamedWithWhatIsAllowed(String query, String parameter) throws Exception {
        HttpResponse<String> response = web.get("/api/v1/messages?" + query);
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.headers().firstValue("Content-Type").orElseThrow())
                .startsWith("application/problem+json");
        JsonNode problem = JSON.readTree(response.body());
        assertThat(problem.get("parameter").asString()).isEqualTo(parameter);
        assertThat(problem.get("allowed").asString()).isNotBlank();
        assertThat(problem.get("detail").asString()).contains(parameter, "must be");
    }

    @ParameterizedTest
    @CsvSource({"01m81j18g0xmjpxxym83p49rge", "nonsense", "%3Cscript%3E"})
    void anUnknownMailIsNotFound(String id) throws Exception {
        HttpResponse<String> response = web.get("/api/v1/messages/" + id);
        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.headers().firstValue("Content-Type").orElseThrow())
                .startsWith("application/problem+json");
        HttpResponse<String> page = web.get("/mail/" + id);
        assertThat(page.statusCode()).isEqualTo(404);
        assertThat(page.body()).contains("There is no mail of this id");
    }

    @ParameterizedTest
    @ValueSource(strings = {"recipient=%00", "after=1:%00", "after=nonsense"})
    void whatNoPageLinksToIsNoTroubleOfTheDatabase(String query) throws Exception {
        assertThat(web.get("/mail/01m81j18g0xmjpxxym83p49rge?" + query).statusCode())
                .isEqualTo(404);
    }

    @Test
    void aFileThatIsLongInTheMakingIsWhole() throws Exception {
        assertThat(web.get(WebFixture.SlowAnswer.PATH).body()).isEqualTo("begun, ended");
    }

    @Test
    void auditAndQueuesAreShown() throws Exception {
        // The figures of just now would do for a second or two.
        web.clock().advance(Duration.ofMinutes(1));
        JsonNode audit = json("/api/v1/audit");
        web.clock().set(WebFixture.NOON);
        assertThat(audit.get("accepted").asLong()).isEqualTo(4 + MANY);
        assertThat(audit.get("delivered").asLong()).isEqualTo(701);
        assertThat(audit.get("bounced").asLong()).isEqualTo(1);
        assertThat(audit.get("expired").asLong()).isEqualTo(1);
        assertThat(audit.get("removed").asLong()).isEqualTo(1);
        // Nobody settles the outbound topic here.
        assertThat(audit.get("queued").asLong()).isEqualTo(9_300);
        assertThat(audit.get("unaccounted").asLong()).isZero();

        JsonNode queues = json("/api/v1/queues");
        assertThat(queues.get("jobs").asLong()).isEqualTo(104);
        JsonNode largest = queues.get("destinations").get(0);
        assertThat(largest.get("domain").asString()).isEqualTo("example.org");
        assertThat(largest.get("jobs").asLong()).isEqualTo(103);
        assertThat(largest.get("oldest").asString()).isEqualTo("2026-11-21T11:00:00Z");
        assertThat(largest.has("nextDue")).isTrue();
    }

    @Test
    void theDescriptionIsWhatIsAnsweredAndDocumented() throws Exception {
        JsonNode description = json("/api/v1/openapi.json");
        assertThat(description.get("paths").propertyNames())
                .contains(
                        "/messages",
                        "/messages/{id}",
                        "/queues",
                        "/audit",
                        "/audit/unaccounted/{id}",
                        "/openapi.json");
        String manual = Files.readString(Requires.repositoryRoot().resolve("docs/rest-api.md"));
        for (var path : description.get("paths").properties()) {
            for (String method : path.getValue().propertyNames()) {
                assertThat(manual)
                        .contains(
                                "## `"
                                        + method.toUpperCase(Locale.ROOT)
                                        + " "
                                        + path.getKey()
                                        + "`");
            }
        }
        web.bean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
                .getHandlerMethods()
                .forEach((request, handler) -> described(description, request, handler));
        Map<String, JsonNode> list = parameters(description, "/messages", "get");
        assertThat(list.get("outcome").get("enum").valueStream().map(JsonNode::asString))
                .contains("open", "delivered");
        assertThat(list.get("bounceClass").get("enum")).hasSizeGreaterThan(10);
        assertThat(list.get("limit").get("type").asString()).isEqualTo("integer");
        assertThat(list.get("from").get("anyOf").get(0).get("format").asString())
                .isEqualTo("date-time");
        assertThat(parameters(description, "/actions", "get").get("before").get("type").asString())
                .isEqualTo("integer");
        assertThat(
                        parameters(description, "/messages/export", "get")
                                .get("format")
                                .get("enum")
                                .valueStream()
                                .map(JsonNode::asString))
                .containsExactlyInAnyOrder("csv", "jsonl");
        JsonNode schemas = description.get("components").get("schemas");
        JsonNode story = json("/api/v1/messages/" + BOUNCED.id());
        fits(schemas, "MessageJsonTold", story);
        fits(schemas, "MessageJsonHappened", story.get("events").get(0));
        fits(schemas, "RecipientStanding", story.get("recipients").get(0));
        fits(schemas, "MessageJsonListed", json("/api/v1/messages").get(0));
        fits(schemas, "AuditReport", json("/api/v1/audit"));
        fits(schemas, "QueueOverview", json("/api/v1/queues"));
    }

    /** Every route, with each of its parameters. */
    private static void described(
            JsonNode description, RequestMappingInfo request, HandlerMethod handler) {
        for (String pattern : request.getPatternValues()) {
            if (pattern.startsWith("/api/v1/")) {
                String path = pattern.substring("/api/v1".length());
                assertThat(request.getMethodsCondition().getMethods()).as(path).isNotEmpty();
                for (RequestMethod method : request.getMethodsCondition().getMethods()) {
                    String name = method.name().toLowerCase(Locale.ROOT);
                    assertThat(description.get("paths").get(path).get(name).has("summary"))
                            .as("%s %s", name, path)
                            .isTrue();
                    assertThat(parameters(description, path, name).keySet())
                            .as("%s %s", name, path)
                            .containsAll(taken(handler));
                }
            }
        }
    }

    private static List<String> taken(HandlerMethod handler) {
        return Stream.of(handler.getMethodParameters())
                .filter(one ->
                        one.hasParameterAnnotation(PathVariable.class)
                                || one.hasParameterAnnotation(RequestParam.class))
                .flatMap(one ->
                        Map.class.isAssignableFrom(one.getParameterType())
                                ? Stream.of("recipient", "reply", "bounceClass", "before")
                                : Stream.of(one.getParameter().getName()))
                .toList();
    }

    /** The schemas of a request's parameters. */
    private static Map<String, JsonNode> parameters(
            JsonNode description, String path, String method) {
        return description
                .get("paths")
                .get(path)
                .get(method)
                .get("parameters")
                .valueStream()
                .collect(
                        Collectors.toMap(
                                one -> one.get("name").asString(), one -> one.get("schema")));
    }

    private static void fits(JsonNode schemas, String name, JsonNode answer) {
        assertThat(answer.propertyNames())
                .containsExactlyInAnyOrderElementsOf(
                        schemas.get(name).get("properties").propertyNames());
    }

    @Test
    void aSearchIsExportedByTheRecipient() throws Exception {
        HttpResponse<String> csv =
                web.get("/api/v1/messages/export?format=csv&domain=example.net&outcome=bounced");
        assertThat(csv.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/csv");
        assertThat(csv.headers().firstValue("Content-Disposition").orElseThrow())
                .contains("posthaste-mail.csv");
        List<String> lines = csv.body().lines().toList();
        assertThat(lines).hasSize(2);
        assertThat(lines.getFirst()).startsWith("id,acceptedAt,stream,sender,");
        assertThat(lines.getLast())
                .startsWith(BOUNCED.id() + ",2026-11-22T11:00:20Z,transactional,news@example.com,")
                .contains(",eve@example.net,example.net,bounced,", "550 5.1.1 no such user");

        HttpResponse<String> all = web.get("/api/v1/messages/export?format=jsonl&id=" + LARGE.id());
        assertThat(all.body().lines()).hasSize(MANY);
        assertThat(JSON.readTree(all.body().lines().findFirst().orElseThrow()).has("recipient"))
                .isTrue();
        assertThat(web.get("/api/v1/messages/export?format=xls").statusCode()).isEqualTo(400);
        assertThat(web.get("/api/v1/messages/export?recipent=x").statusCode()).isEqualTo(400);
    }

    @Test
    void chartsTellHowItGoesAndByWhichProvider() throws Exception {
        web.bean(Providers.class).run();
        web.bean(StorageSamples.class).run();
        JsonNode drawn = json("/api/v1/charts?from=3h&to=2026-11-22T12:01:00Z");
        assertThat(drawn.get("to").asString()).isEqualTo("2026-11-22T12:01:00Z");
        assertThat(drawn.get("charts").valueStream().map(chart -> chart.get("id").asString()))
                .containsExactly(
                        "flow",
                        "hardness",
                        "classes",
                        "hard-providers",
                        "soft-providers",
                        "latency",
                        "tls",
                        "depth",
                        "age",
                        "storage");
        JsonNode flow = chart(drawn, "flow");
        assertThat(sum(flow, "delivered")).isEqualTo(1);
        assertThat(sum(flow, "refused")).isEqualTo(1);
        // The servers of example.net are mx1.example.org here.
        assertThat(sum(chart(drawn, "hard-providers"), "example.org")).isEqualTo(1);
        assertThat(chart(drawn, "soft-providers").get("series")).isEmpty();
        JsonNode storage = chart(drawn, "storage");
        assertThat(sum(storage, "delivery log")).isPositive();
        assertThat(storage.get("points").get(0).get("values").get(0).isNull()).isTrue();

        assertThat(
                        json("/api/v1/charts?from=3h&domain=example.net")
                                .get("charts")
                                .valueStream()
                                .map(chart -> chart.get("id").asString()))
                .doesNotContain("depth", "storage");
        assertThat(web.get("/api/v1/charts?from=2026-11-23&to=2026-11-22").statusCode())
                .isEqualTo(400);
        assertThat(page("/charts?from=3h")).contains("Hard bounces by provider", "Storage");
    }

    @Test
    void destinationsTellWhereMailGoes() throws Exception {
        JsonNode all = json("/api/v1/destinations?from=3d");
        JsonNode largest = all.get(0);
        assertThat(largest.get("domain").asString()).isEqualTo("example.org");
        assertThat(largest.get("accepted").asLong()).isEqualTo(MANY + 3);
        assertThat(largest.get("delivered").asLong()).isEqualTo(701);
        JsonNode other = json("/api/v1/destinations?from=3h&domain=example.net").get(0);
        assertThat(other.get("accepted").asLong()).isEqualTo(1);
        assertThat(other.get("hard").asLong()).isEqualTo(1);
        assertThat(web.get("/api/v1/destinations?from=soon").statusCode()).isEqualTo(400);
    }

    private static JsonNode chart(JsonNode drawn, String id) {
        return drawn.get("charts")
                .valueStream()
                .filter(chart -> chart.get("id").asString().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static double sum(JsonNode chart, String series) {
        int place =
                chart.get("series").valueStream().map(JsonNode::asString).toList().indexOf(series);
        assertThat(place).as("%s in %s", series, chart.get("series")).isNotNegative();
        return chart.get("points")
                .valueStream()
                .mapToDouble(point -> point.get("values").get(place).asDouble())
                .sum();
    }

    @Test
    void thePageFindsAndTells() throws Exception {
        String list = page("/?recipient=bob%40example.org&since=24h");
        assertThat(list)
                .contains(
                        "bob@example.org",
                        "452 4.2.2 mailbox full",
                        "next attempt in 5 minutes",
                        "/mail/" + DEFERRED.id());
        String story = page("/mail/" + BOUNCED.id());
        assertThat(story)
                .contains(
                        "Refused by mx1.example.org",
                        "550 5.1.1 no such user",
                        "Bounced: the sender was told")
                .contains("mailbox does not exist")
                .contains("The SMTP conversation", "RCPT TO:&lt;eve@example.net&gt;")
                .contains("550 &lt;b&gt;no", "34 ms");
        JsonNode said =
                json("/api/v1/messages/" + BOUNCED.id()).get("events").get(0).get("conversation");
        assertThat(said.get(1).toString())
                .isEqualTo("{\"ms\":12,\"by\":\"we\",\"text\":\"RCPT TO:<eve@example.net>\"}");
        assertThat(page("/queue")).contains("example.org", "mail.outbound.transactional");
        assertThat(page("/?sender=nobody%40example.com")).contains("The log has no such mail");
        assertThat(page("/?recipient=nobody")).contains("The recipient must be a whole address");
        HttpResponse<String> byId = web.get("/?sender=" + DEFERRED.id());
        assertThat(byId.statusCode()).isEqualTo(302);
        assertThat(byId.headers().firstValue("Location").orElseThrow())
                .endsWith("/mail/" + DEFERRED.id());
    }

    @Test
    void aMailToTenThousandIsToldInParts() throws Exception {
        String path = "/mail/" + LARGE.id();
        String story = page(path);
        assertThat(story)
                .contains(
                        "Of 10,000 recipients 700 got it, 9,298 wait, 1 is in quarantine, 1 does not"
                                + " get it.",
                        "About quarantine an operator decides",
                        "100</span> on this page",
                        reader(701),
                        "There are more events than the <span>500</span>")
                .doesNotContain(reader(801));
        Matcher next = NEXT.matcher(story);
        assertThat(next.find()).isTrue();
        assertThat(page(next.group(1).replace("&amp;", "&")))
                .contains(reader(801), "The first recipients")
                .doesNotContain(reader(799));

        List<String> all = new ArrayList<>();
        Optional<Place> place = Optional.empty();
        do {
            Part part =
                    web.bean(StoryPages.class)
                            .part(new Question(LARGE.id(), "", place, 999, 0))
                            .orElseThrow();
            part.mail().recipients().forEach(one -> all.add(one.address()));
            place = part.next();
        } while (place.isPresent());
        assertThat(all).hasSize(MANY).doesNotHaveDuplicates();
        assertThat(all.subList(MANY - 701, MANY)).contains(reader(0), reader(9_999));

        assertThat(page(path + "?recipient=READER00009999%40example.org"))
                .contains("Not delivered: it was tried until its time was over.", "Given up")
                .doesNotContain("There are more events");
        assertThat(page(path + "?recipient=nobody%40example.org"))
                .contains("This mail has no such recipient.")
                .doesNotContain("to come", "The log reads");
        JsonNode one = json("/api/v1/messages/" + LARGE.id() + "?recipient=" + reader(700));
        assertThat(one.get("recipientCount").asInt()).isEqualTo(MANY);
        assertThat(one.get("recipients")).hasSize(1);
        assertThat(one.get("recipients").get(0).get("state").asString()).isEqualTo("quarantined");
        assertThat(one.get("events")).hasSize(1);
    }

    @Test
    void thePageSearchesByWhatIsNeededLessOften() throws Exception {
        String found = page("/?reply=no+such+user&status=5.1.1&bounceClass=INVALID_RECIPIENT");
        assertThat(found)
                .contains(BOUNCED.id().value(), "<details class=\"exact\" open=\"open\">")
                .doesNotContain(DEFERRED.id().value())
                .contains(
                        "value=\"no such user\"",
                        "/api/v1/messages/export?reply=no%20such%20user&amp;status=5.1.1"
                                + "&amp;bounceClass=INVALID_RECIPIENT&amp;format=csv");
        assertThat(page("/?domain=example.net&outcome=bounced")).contains(BOUNCED.id().value());
        assertThat(page("/?domain=example.net&outcome=delivered")).contains("has no such mail");
        assertThat(page("/?messageId=1%40app.example.com&stream=transactional&since=24h"))
                .contains(DELIVERED.id().value());
        assertThat(page("/?stream=bulk")).contains("has no such mail");
        assertThat(page("/?status=full")).contains("The status must be an enhanced status code");
    }

    @Test
    void whatOthersWroteIsShownInert() throws Exception {
        for (String path :
                List.of(
                        "/",
                        "/mail/" + HOSTILE.id(),
                        "/?recipient="
                                + URLEncoder.encode(
                                        "\"><script>alert(3)</script>@x",
                                        StandardCharsets.UTF_8))) {
            String page = page(path).replaceAll("<script defer src=\"/[a-z0-9/.]+\">", "");
            assertThat(page).doesNotContain("<script", "<img src=x", "<b>", "\u001b", "\u202e");
        }
        assertThat(page("/mail/" + HOSTILE.id()))
                .contains("&lt;script&gt;alert(1)&lt;/script&gt;", "\ufffd[31mred", "\ufffdevil");
        assertThat(json("/api/v1/messages/" + HOSTILE.id()).get("clientHelo").asString())
                .isEqualTo("</title><b>\u001b[31mred");
    }

    @Test
    void thePageAsksNobodyElseAndRunsNothing() throws Exception {
        HttpResponse<String> page = web.get("/");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("default-src 'none'", "style-src 'self'", "frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(page.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(page.headers().firstValue("Set-Cookie")).isEmpty();
        assertThat(page.body()).doesNotContain("http://", "https://", "style=", "onclick");
        assertThat(web.get("/posthaste.css").statusCode()).isEqualTo(200);
        assertThat(web.get("/icon.svg").statusCode()).isEqualTo(200);
        assertThat(web.get("/nowhere").statusCode()).isEqualTo(404);
    }

    private static String reader(int number) {
        return String.format(Locale.ROOT, "reader%08d@example.org", number);
    }

    @Test
    void anExportIsAFileAndOneTooManyIsToldWhenToAskAgain() throws Exception {
        HttpResponse<String> csv =
                web.get("/api/v1/messages/export?format=csv&recipient=eve@example.net");
        assertThat(csv.statusCode()).isEqualTo(200);
        assertThat(csv.headers().firstValue("Content-Type")).contains("text/csv;charset=UTF-8");
        assertThat(csv.body().lines()).hasSize(2).first().asString().startsWith("id,acceptedAt,");
        assertThat(web.get("/api/v1/messages/export?format=jsonl&sender=nobody@example.com").body())
                .isEmpty();

        LogExport export = web.bean(LogExport.class);
        CountDownLatch enough = new CountDownLatch(1);
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            Semaphore begun = new Semaphore(0);
            try {
                HttpResponse<String> refused = null;
                for (int i = 0; i < 100 && (refused == null || refused.statusCode() == 200); i++) {
                    Future<Long> _ =
                            clients.submit(() ->
                                    export.export(
                                            LogQuery.all(1),
                                            1,
                                            _ -> {
                                                begun.release();
                                                enough.await();
                                            }));
                    assertThat(begun.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
                    refused = web.get("/api/v1/messages/export?format=csv");
                }
                assertThat(refused.statusCode()).isEqualTo(429);
                assertThat(refused.headers().firstValue("Retry-After")).contains("60");
                assertThat(refused.headers().firstValue("Content-Type"))
                        .contains("application/problem+json");
                assertThat(JSON.readTree(refused.body()).get("detail").asString())
                        .contains("exports are being written");
            } finally {
                enough.countDown();
            }
        }
        assertThat(web.get("/api/v1/messages/export?format=csv").statusCode()).isEqualTo(200);
    }

    private static String page(String path) throws Exception {
        HttpResponse<String> response = web.get(path);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type").orElseThrow())
                .startsWith("text/html");
        return response.body();
    }

    private static JsonNode json(String path) throws Exception {
        HttpResponse<String> response = web.get(path);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type").orElseThrow())
                .startsWith("application/json");
        return JSON.readTree(response.body());
    }

    private static List<String> ids(String path) throws Exception {
        return json(path).valueStream().map(mail -> mail.get("id").asString()).toList();
    }
}
