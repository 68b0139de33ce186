package posthaste.standalone.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import posthaste.standalone.demo.ReceivingServer.Received;
import posthaste.standalone.demo.Stories.Chapter;
import posthaste.standalone.demo.Stories.Story;
import posthaste.standalone.run.Addresses;
import posthaste.standalone.run.Standalone;
import posthaste.standalone.terminal.Ink;

/** A look at the whole: three mails, each with another fate. */
public final class Demo {
    private static final String SENDER = "ada@application.example";
    private static final String PASSWORD = "posthaste.web.admin-password";
    private static final Pattern SCAFFOLDING =
            Pattern.compile(
                    "^(?:--|Content-|MIME-|Auto-|Message-ID| boundary|This is a report in)");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** One mail of the demo. */
    private enum Mail {
        DELIVERED("grace@friendly.example", "taken at once"),
        GREYLISTED("henry@greylisting.example", "told to come back later"),
        REFUSED("nobody@friendly.example", "for somebody who is not there");

        private final String recipient;
        private final String fate;

        Mail(String recipient, String fate) {
            this.recipient = recipient;
            this.fate = fate;
        }

        String message() {
            return """
            From: Ada <%s>
            To: <%s>
            Subject: A mail to be %s

            Hello! What becomes of this one?
            """
                    .formatted(SENDER, recipient, fate)
                    .replace("\n", "\r\n");
        }
    }

    private record Sent(Mail mail, String reply) {}

    private final PrintStream out;
    private final Ink ink;

    private final ReceivingServer receiving;
    private final String password;

    private Demo(PrintStream out, Ink ink, ReceivingServer receiving, String password) {
        this.out = out;
        this.ink = ink;
        this.receiving = receiving;
        this.password = password;
    }

    /** Makes one, with its receiving server. */
    public static Demo on(PrintStream out, boolean inColour) throws IOException {
        String given = System.getenv("POSTHASTE_ADMIN_PASSWORD");
        return new Demo(
                out,
                new Ink(inColour),
                ReceivingServer.start(
                        recipient -> recipient.endsWith("@greylisting.example"),
                        recipient -> !recipient.startsWith("nobody@")),
                given == null || given.isBlank()
                        ? UUID.randomUUID().toString().substring(0, 8)
                        : given);
    }

    /**
     * Starts everything.
     *
     * @param given properties from the command line, above those of the demo
     */
    public Standalone start(Map<String, String> given) throws IOException {
        Path folder = Files.createTempDirectory("posthaste-demo-");
        Map<String, String> properties = new HashMap<>();
        properties.put("posthaste.data-dir", folder.toString());
        properties.put("posthaste.smtp.address", "127.0.0.1");
        properties.put("posthaste.smtp.port", freePort());
        properties.put("server.address", "127.0.0.1");
        properties.put("server.port", freePort());
        properties.put("posthaste.routing.relay-to", receiving.hostAndPort());
        properties.put("posthaste.retry.tiers", "2s,5s,15s");
        properties.put(PASSWORD, password);
        properties.putAll(given);

        out.println(
                ink.bold(
                        "Posthaste in one process, with a real Kafka broker and a real PostgreSQL"));
        out.println("starting in " + properties.get("posthaste.data-dir") + " ...");
        long begin = System.nanoTime();
        Standalone standalone = Standalone.start(properties, () -> delete(folder));
        out.printf(
                Locale.ROOT,
                "ready after %.1f s: takes mail on %s, relays it to a small receiving server on %s%n%n",
                (System.nanoTime() - begin) / 1e9,
                standalone.addresses().smtp(),
                receiving.hostAndPort());
        return standalone;
    }

    /** Sends the mails, and tells what becomes of each while it does. */
    public void tellStories(Addresses addresses) throws IOException, InterruptedException {
        SendingClient client = new SendingClient(addresses.smtpPort());
        List<Sent> sent = new ArrayList<>();
        for (Mail mail : Mail.values()) {
            sent.add(new Sent(mail, client.send(SENDER, mail.recipient, mail.message())));
        }
        Stories stories = new Stories(addresses.web(), "admin", password);
        for (Sent one : sent) {
            tell(one.mail, one.reply, stories);
        }
        show(awaitDsn());
        out.println(
                "Look for yourself: "
                        + ink.bold(addresses.web().toString())
                        + " as admin, password "
                        + ink.bold(password));
    }

    private void tell(Mail mail, String reply, Stories stories)
            throws IOException, InterruptedException {
        out.println(ink.bold("To " + mail.recipient) + ", " + mail.fate);
        String id = reply.substring(reply.lastIndexOf(' ') + 1);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        int told = 0;
        while (System.nanoTime() < deadline) {
            Optional<Story> story = stories.of(id);
            if (story.isPresent()) {
                if (told == 0) {
                    line("0.00 s", ink.good("accepted"), reply);
                    told = 1;
                }
                List<Chapter> chapters = story.get().chapters();
                for (; told <= chapters.size(); told++) {
                    tell(chapters.get(told - 1), story.get().acceptedAt());
                }
                if (story.get().isOver()) {
                    out.println();
                    return;
                }
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        throw new IOException("the mail to " + mail.recipient + " came to no end in " + PATIENCE);
    }

    private void tell(Chapter chapter, Instant acceptedAt) {
        String kind =
                switch (chapter.kind()) {
                    case "delivered" -> ink.good("delivered");
                    case "deferred" -> ink.waiting("deferred");
                    default -> ink.bad(chapter.kind());
                };
        String next =
                chapter.nextAttempt()
                        .map(at -> "; tried again at " + since(acceptedAt, at))
                        .orElse("");
        String dsn = chapter.dsn().map(id -> "; the sender is told by " + id).orElse("");
        line(since(acceptedAt, chapter.time()), kind, chapter.said() + next + dsn);
    }

    private void line(String time, String kind, String said) {
        // Padded by what is seen: colours take no room.
        int seen = kind.replaceAll("\033\\[\\d+m", "").length();
        out.printf("  %9s  %s%s  %s%n", time, kind, " ".repeat(Math.max(0, 9 - seen)), said);
    }

    private static String since(Instant begin, Instant then) {
        return String.format(Locale.ROOT, "%.2f s", Duration.between(begin, then).toMillis() / 1e3);
    }

    private Received awaitDsn() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            Optional<Received> dsn =
                    receiving.received().stream()
                            .filter(mail -> mail.recipients().contains(SENDER))
                            .findFirst();
            if (dsn.isPresent()) {
                return dsn.get();
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        throw new IOException("no notification arrived in " + PATIENCE);
    }

    /** What of it is for people, and the report's fields; without MIME's scaffolding. */
    private void show(Received dsn) {
        out.println(ink.bold("What " + SENDER + " got about it"));
        dsn.message()
                .lines()
                .takeWhile(line -> !line.contains("text/rfc822-headers"))
                .filter(line -> !line.isBlank() && !SCAFFOLDING.matcher(line).find())
                .forEach(line -> out.println(ink.faint("  | ") + line));
        out.println();
    }

    private static String freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return String.valueOf(socket.getLocalPort());
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
