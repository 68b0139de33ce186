package posthaste.ingest.policy.book;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.util.unit.DataSize;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;
import posthaste.ingest.policy.AddressPattern;
import posthaste.ingest.policy.Haste;
import posthaste.ingest.policy.check.DnsFailure;
import posthaste.ingest.policy.check.DnsList;
import posthaste.ingest.policy.check.DnsLists;
import posthaste.ingest.policy.check.HeloChecks;
import posthaste.ingest.policy.check.RecipientChecks;
import posthaste.ingest.policy.check.SenderChecks;
import posthaste.ingest.policy.check.Whose;
import posthaste.ingest.policy.dns.DnsSettings;
import posthaste.ingest.policy.stress.StressSettings;
import posthaste.service.reload.TextFile;
import posthaste.service.reload.WrongFileException;

/** Reads a policy file. What it does not say is as in {@link Policy#DEFAULT}. */
public final class PolicyFile {
    private static final DataSize LARGEST = DataSize.ofMegabytes(4);
    private static final Duration SHORTEST = Duration.ofMillis(50);
    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final int MANY = 1_000_000;

    private PolicyFile() {}

    /**
     * Reads all of it.
     *
     * @throws WrongFileException with the line of the first thing that is wrong
     */
    public static Policy read(Path file) throws IOException, WrongFileException {
        String text = TextFile.read(file, LARGEST);
        Optional<Node> root = compose(file, text);
        Entry whole = root.map(node -> new Entry(file, "policy", node)).orElse(null);
        if (whole == null || whole.isEmpty()) {
            return Policy.DEFAULT;
        }
        Section top =
                whole.section(
                        "relay",
                        "limits",
                        "senders",
                        "recipients",
                        "helo",
                        "dns",
                        "dns-lists",
                        "stress");
        return new Policy(
                RelaySection.read(top.get("relay")),
                LimitsSection.read(top.get("limits")),
                senders(top.get("senders")),
                recipients(top.get("recipients")),
                helo(top.get("helo")),
                dns(top.get("dns")),
                dnsLists(top.get("dns-lists")),
                stress(top.get("stress")));
    }

    private static Optional<Node> compose(Path file, String text) throws WrongFileException {
        LoaderOptions options = new LoaderOptions();
        options.setMaxAliasesForCollections(50);
        options.setCodePointLimit((int) LARGEST.toBytes());
        try {
            Node root = new Yaml(new SafeConstructor(options)).compose(new StringReader(text));
            return Optional.ofNullable(root);
        } catch (MarkedYAMLException e) {
            Mark mark = e.getProblemMark();
            String problem = String.valueOf(e.getProblem());
            throw mark == null
                    ? WrongFileException.whole(file, "is no YAML: " + problem)
                    : WrongFileException.at(file, mark.getLine() + 1, "is no YAML: " + problem);
        } catch (YAMLException e) {
            throw WrongFileException.whole(
                    file,
                    "is no YAML: " + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
    }

    private static SenderChecks senders(Optional<Entry> given) throws WrongFileException {
        if (given.isEmpty()) {
            return SenderChecks.NONE;
        }
        Section senders = given.get().section("allow", "block", "domain-exists", "on-dns-failure");
        Optional<Entry> whose = senders.get("domain-exists");
        Optional<Entry> onFailure = senders.get("on-dns-failure");
        return new SenderChecks(
                patterns(senders, "allow"),
                patterns(senders, "block"),
                whose.isPresent() ? whose.get().choice(Whose.class) : Whose.NOBODY,
                onFailure.isPresent() ? onFailure.get().choice(DnsFailure.class) : DnsFailure.PASS);
    }

    private static RecipientChecks recipients(Optional<Entry> given) throws WrongFileException {
        if (given.isEmpty()) {
            return RecipientChecks.NONE;
        }
        Section recipients = given.get().section("allow", "block", "refuse-reserved");
        return new RecipientChecks(
                patterns(recipients, "allow"),
                patterns(recipients, "block"),
                yes(recipients, "refuse-reserved"));
    }

    private static HeloChecks helo(Optional<Entry> given) throws WrongFileException {
        if (given.isEmpty()) {
            return HeloChecks.NONE;
        }
        Section helo = given.get().section("full-name", "not-ours", "exists");
        return new HeloChecks(yes(helo, "full-name"), yes(helo, "not-ours"), yes(helo, "exists"));
    }

    private static DnsSettings dns(Optional<Entry> given) throws WrongFileException {
        if (given.isEmpty()) {
            return DnsSettings.DEFAULT;
        }
        Section dns = given.get().section("servers", "timeout");
        Optional<Entry> servers = dns.get("servers");
        return new DnsSettings(
                servers.isPresent()
                        ? servers.get().all(DnsSettings::server)
                        : DnsSettings.DEFAULT.servers(),
                duration(dns, "timeout", DnsSettings.DEFAULT.timeout()));
    }

    private static DnsLists dnsLists(Optional<Entry> given) throws WrongFileException {
        if (given.isEmpty()) {
            return DnsLists.NONE;
        }
        Section section = given.get().section("refuse-at", "timeout", "lists");
        List<DnsList> lists = new ArrayList<>();
        Optional<Entry> items = section.get("lists");
        if (items.isPresent()) {
            for (Entry item : items.get().items()) {
                lists.add(dnsList(item));
            }
        }
        return new DnsLists(
                lists,
                number(section, "refuse-at", DnsLists.NONE.refuseAt(), 1, MANY),
                duration(section, "timeout", DnsLists.NONE.timeout()));
    }

    private static DnsList dnsList(Entry item) throws WrongFileException {
        Section list = item.section("zone", "score", "codes", "text");
        Optional<Entry> zone = list.get("zone");
        if (zone.isEmpty()) {
            throw item.wrong("a list needs its 'zone'");
        }
        Optional<Entry> codes = list.get("codes");
        Optional<Entry> text = list.get("text");
        return new DnsList(
                zone.get().as(DnsList::zone),
                number(list, "score", 1, -MANY, MANY),
                codes.isPresent() ? codes.get().all(DnsList.Codes::parse) : DnsList.Codes.USUAL,
                text.isPresent() ? text.get().text() : "");
    }

    private static StressSettings stress(Optional<Entry> given) throws WrongFileException {
        StressSettings usual = StressSettings.DEFAULT;
        if (given.isEmpty()) {
            return usual;
        }
        Section stress =
                given.get()
                        .section(
                                "tight-at",
                                "severe-at",
                                "calm-below",
                                "hold",
                                "command-timeout",
                                "data-grace",
                                "min-data-rate",
                                "max-errors",
                                "max-idle-commands");
        Haste haste = usual.haste();
        Optional<Entry> rate = stress.get("min-data-rate");
        Haste hurried =
                new Haste(
                        duration(stress, "command-timeout", haste.commandTimeout()),
                        duration(stress, "data-grace", haste.dataGrace()),
                        rate.isPresent() ? rate.get().as(Entry::size).toBytes() : haste.dataRate(),
                        number(stress, "max-errors", haste.errors(), 1, MANY),
                        number(stress, "max-idle-commands", haste.idleCommands(), 1, MANY));
        try {
            return new StressSettings(
                    share(stress, "tight-at", usual.tightAt()),
                    share(stress, "severe-at", usual.severeAt()),
                    share(stress, "calm-below", usual.calmBelow()),
                    duration(stress, "hold", usual.hold()),
                    hurried);
        } catch (IllegalArgumentException e) {
            throw given.get().wrong(String.valueOf(e.getMessage()));
        }
    }

    static List<AddressPattern> patterns(Section section, String key) throws WrongFileException {
        Optional<Entry> given = section.get(key);
        return given.isPresent() ? given.get().all(AddressPattern::parse) : List.of();
    }

    private static boolean yes(Section section, String key) throws WrongFileException {
        Optional<Entry> given = section.get(key);
        return given.isPresent() && given.get().yes();
    }

    private static int number(Section section, String key, int usual, int lowest, int highest)
            throws WrongFileException {
        Optional<Entry> given = section.get(key);
        return given.isPresent() ? given.get().number(lowest, highest) : usual;
    }

    private static double share(Section section, String key, double usual)
            throws WrongFileException {
        Optional<Entry> given = section.get(key);
        return given.isPresent() ? given.get().share() : usual;
    }

    private static Duration duration(Section section, String key, Duration usual)
            throws WrongFileException {
        Optional<Entry> given = section.get(key);
        return given.isPresent() ? given.get().duration(SHORTEST, LONGEST) : usual;
    }
}
