package posthaste.bounce.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import posthaste.bounce.inbound.parse.Mbox;
import posthaste.bounce.inbound.parse.ReportKind;
import posthaste.bounce.inbound.rules.RuleBook;
import posthaste.testing.Requires;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The labelled mails of the shared corpora; nothing of them is kept here. */
class BounceCorpusTest {
    /** In percent of the labelled recipients, one below what is reached (docs/bounces.md). */
    private static final double RECIPIENTS_RIGHT = 98;

    private static final double CLASSES_RIGHT = 95;
    private static final double HARD_OR_SOFT_RIGHT = 96.5;

    /**
     * Bounces that lie among the ordinary mails without a name that says so: a mail administrator's
     * "undeliverable" of 1996, and a bounce that another parser once failed to see.
     */
    private static final Set<String> BOUNCES_AFTER_ALL =
            Set.of("mimetools-badbound.msg", "rb-issue-368-bug.eml");

    private static final Pattern NAMED_SO = Pattern.compile("(?:delivery-status|bounce).*");

    private static final ReportReader READER = new ReportReader(RuleBook.shipped());

    /** One line of labels.tsv. */
    private record Label(String recipient, String alias, String bounceClass, boolean hard) {
        boolean names(ReportedRecipient found) {
            String address = found.recipient().orElse("");
            return recipient.isEmpty()
                    || address.equalsIgnoreCase(recipient)
                    || (!alias.isEmpty() && address.equalsIgnoreCase(alias));
        }
    }

    @Test
    void recipientClassAndHardnessAreRightAsOftenAsPromised() throws IOException {
        Path corpus = Requires.sharedCorpus("bounces");
        int labels = 0;
        int recipients = 0;
        int classes = 0;
        int hardness = 0;
        Map<String, Integer> confusion = new TreeMap<>();
        List<String> wrong = new ArrayList<>();
        for (Map.Entry<String, List<Label>> file : labels(corpus).entrySet()) {
            List<ReportedRecipient> left = all(corpus.resolve(file.getKey()));
            for (Label label : file.getValue()) {
                labels++;
                ReportedRecipient found =
                        left.stream().filter(label::names).findFirst().orElse(null);
                if (found != null) {
                    left.remove(found);
                    recipients++;
                }
                boolean classRight =
                        found != null && found.bounceClass().name().equals(label.bounceClass());
                boolean hardRight = found != null && found.hard() == label.hard();
                classes += classRight ? 1 : 0;
                hardness += hardRight ? 1 : 0;
                if (!classRight || !hardRight) {
                    String became = found == null ? "nothing" : found.bounceClass().name();
                    confusion.merge(label.bounceClass() + " became " + became, 1, Integer::sum);
                    wrong.add(file.getKey() + ": " + label + ", but " + found);
                }
            }
        }
        String report =
                String.join("\n", confusion.entrySet().stream().map(Object::toString).toList())
                        + "\n"
                        + String.join("\n", wrong);
        assertThat(labels).isGreaterThan(400);
        assertThat(100.0 * recipients / labels).as(report).isGreaterThan(RECIPIENTS_RIGHT);
        assertThat(100.0 * classes / labels).as(report).isGreaterThan(CLASSES_RIGHT);
        assertThat(100.0 * hardness / labels).as(report).isGreaterThan(HARD_OR_SOFT_RIGHT);
    }

    @Test
    void lineEndsMakeNoDifference() throws IOException {
        Path corpus = Requires.sharedCorpus("bounces");
        for (String name : labels(corpus).keySet()) {
            String lf =
                    Files.readString(corpus.resolve(name), StandardCharsets.ISO_8859_1)
                            .replace("\r\n", "\n");
            InboundReport report = read(lf);
            assertThat(read(lf.replace("\n", "\r\n"))).as(name + " by CRLF").isEqualTo(report);
            assertThat(read(lf.replace("\n", "\r"))).as(name + " by CR").isEqualTo(report);
        }
    }

    /** 100 ms each; 95 % take less than 3, so that a slow machine too keeps it. */
    @Test
    void noBounceTakesLong() throws IOException {
        Path corpus = Requires.sharedCorpus("bounces");
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        for (String name : labels(corpus).keySet()) {
            byte[] mail = Files.readAllBytes(corpus.resolve(name));
            long best = Long.MAX_VALUE;
            for (int i = 0; i < 3; i++) {
                long before = threads.getCurrentThreadCpuTime();
                READER.read(mail);
                best = Math.min(best, threads.getCurrentThreadCpuTime() - before);
            }
            assertThat(Duration.ofNanos(best)).as(name).isLessThan(Duration.ofMillis(100));
        }
    }

    @Test
    void ordinaryMailsAreNoBounces() throws IOException {
        List<Path> mails = new ArrayList<>(mails(Requires.sharedCorpus("messages")));
        mails.addAll(mails(Requires.sharedCorpus("bounces").resolve("not-bounces")));
        List<String> taken = new ArrayList<>();
        for (Path mail : mails) {
            if (!read(mail).recipients().isEmpty()) {
                taken.add(mail.getFileName().toString());
            }
        }
        assertThat(mails).hasSizeGreaterThan(150);
        taken.removeIf(name -> NAMED_SO.matcher(name).matches());
        assertThat(taken).isSubsetOf(BOUNCES_AFTER_ALL);
    }

    @Test
    void deliveryReportsOfTheRfcNameTheirRecipients() throws IOException {
        for (Path mail : mails(Requires.sharedCorpus("dsn"))) {
            assertThat(read(mail).recipients())
                    .as(mail.toString())
                    .isNotEmpty()
                    .allMatch(each -> each.kind() == ReportKind.BOUNCE)
                    .allMatch(each -> each.recipient().isPresent());
        }
    }

    @Test
    void complaintsNameWhomTheirFieldsName() throws IOException {
        Path corpus = Requires.sharedCorpus("arf");
        for (Path mail : mails(corpus)) {
            InboundReport report = read(mail);
            assertThat(report.recipients())
                    .as(mail.toString())
                    .isNotEmpty()
                    .allMatch(each -> each.kind() == ReportKind.COMPLAINT);
            Path expected =
                    mail.resolveSibling(mail.getFileName().toString().replace(".eml", ".json"));
            if (Files.exists(expected)) {
                JsonNode named =
                        JsonMapper.shared()
                                .readTree(Files.readString(expected))
                                .path("original_rcpt_to");
                if (named.isString()) {
                    assertThat(report.recipients().getFirst().recipient())
                            .as(mail.toString())
                            .hasValueSatisfying(
                                    each -> assertThat(named.asString()).contains(each));
                }
            }
        }
    }

    private static Map<String, List<Label>> labels(Path corpus) throws IOException {
        Map<String, List<Label>> labels = new TreeMap<>();
        for (String line : Files.readAllLines(corpus.resolve("labels.tsv"))) {
            String[] field = line.split("\t", -1);
            if (!field[0].equals("file")) {
                labels.computeIfAbsent(field[0], each -> new ArrayList<>())
                        .add(new Label(field[3], field[4], field[9], field[8].equals("1")));
            }
        }
        return labels;
    }

    private static List<Path> mails(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.toString().matches(".*(LICENSE|README|\\.json|\\.xml).*"))
                    .sorted()
                    .toList();
        }
    }

    /** What all mails of a file tell of: some are an mbox. */
    private static List<ReportedRecipient> all(Path file) throws IOException {
        List<ReportedRecipient> all = new ArrayList<>();
        for (byte[] mail : Mbox.mails(Files.readAllBytes(file), 100)) {
            all.addAll(READER.read(mail).recipients());
        }
        return all;
    }

    private static InboundReport read(Path mail) throws IOException {
        return READER.read(Files.readAllBytes(mail));
    }

    private static InboundReport read(String mail) {
        return READER.read(mail.getBytes(StandardCharsets.ISO_8859_1));
    }
}
