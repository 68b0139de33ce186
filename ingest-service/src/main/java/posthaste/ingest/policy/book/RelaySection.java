package posthaste.ingest.policy.book;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import posthaste.ingest.policy.AddressPattern;
import posthaste.ingest.policy.Network;
import posthaste.ingest.policy.relay.CertificateRule;
import posthaste.ingest.policy.relay.LoginRule;
import posthaste.ingest.policy.relay.RelayRights;
import posthaste.ingest.policy.relay.RelayRules;
import posthaste.service.reload.WrongFileException;

/** {@code relay:}. */
final class RelaySection {
    private static final String NETWORKS = "networks";
    private static final String LOGINS = "logins";
    private static final String CERTIFICATES = "certificates";

    private RelaySection() {}

    static RelayRules read(Optional<Entry> given) throws WrongFileException {
        if (given.isEmpty()) {
            return RelayRules.DEFAULT;
        }
        Section relay = given.get().section(NETWORKS, LOGINS, CERTIFICATES, "domains", "listeners");
        RelayRights usual = rights(relay, RelayRights.DEFAULT);
        Map<String, RelayRights> listeners = new LinkedHashMap<>();
        Optional<Entry> named = relay.get("listeners");
        if (named.isPresent()) {
            for (Map.Entry<String, Entry> each : named.get().names().all()) {
                Section own = each.getValue().section(NETWORKS, LOGINS, CERTIFICATES);
                listeners.put(each.getKey(), rights(own, usual));
            }
        }
        return new RelayRules(usual, listeners, domains(relay));
    }

    /** What is given stands instead of what is usual. */
    private static RelayRights rights(Section given, RelayRights usual) throws WrongFileException {
        Optional<Entry> networks = given.get(NETWORKS);
        Optional<Entry> logins = given.get(LOGINS);
        Optional<Entry> certificates = given.get(CERTIFICATES);
        return new RelayRights(
                networks.isPresent()
                        ? Optional.of(networks.get().all(Network::parse))
                        : usual.networks(),
                logins.isPresent() ? logins(logins.get()) : usual.logins(),
                certificates.isPresent() ? certificates(certificates.get()) : usual.certificates());
    }

    private static LoginRule logins(Entry given) throws WrongFileException {
        if (!given.isList()) {
            String word = given.text();
            return switch (word) {
                case "all" -> LoginRule.ALL;
                case "none" -> LoginRule.NONE;
                default ->
                        throw given.wrong(
                                "'logins' is '" + word + "', but must be all, none or a list");
            };
        }
        Set<String> names = new LinkedHashSet<>();
        for (Entry name : given.items()) {
            names.add(name.text());
        }
        return new LoginRule(false, names);
    }

    private static List<CertificateRule> certificates(Entry given) throws WrongFileException {
        List<CertificateRule> rules = new ArrayList<>();
        for (Entry item : given.items()) {
            Section rule = item.section("fingerprint", "subject", "name");
            Optional<Entry> fingerprint = rule.get("fingerprint");
            Optional<Entry> subject = rule.get("subject");
            Optional<Entry> name = rule.get("name");
            if (rule.all().size() != 1) {
                throw item.wrong(
                        "a certificate is meant by one of 'fingerprint', 'subject' and 'name'");
            } else if (fingerprint.isPresent()) {
                rules.add(fingerprint.get().as(CertificateRule.Fingerprint::parse));
            } else if (subject.isPresent()) {
                rules.add(subject.get().as(CertificateRule.Subject::parse));
            } else if (name.isPresent()) {
                rules.add(new CertificateRule.AlternativeName(name.get().text()));
            } else {
                throw item.wrong("a value must follow");
            }
        }
        return rules;
    }

    private static List<AddressPattern> domains(Section relay) throws WrongFileException {
        Optional<Entry> given = relay.get("domains");
        if (given.isEmpty()) {
            return List.of();
        }
        for (Entry item : given.get().items()) {
            if (item.text().equals("*")) {
                throw item.wrong("'domains' with '*' would make an open relay");
            }
        }
        return given.get().all(AddressPattern::parse);
    }
}
