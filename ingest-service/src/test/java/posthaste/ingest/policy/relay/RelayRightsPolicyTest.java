package posthaste.ingest.policy.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.security.auth.x500.X500Principal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import posthaste.ingest.policy.AddressPattern;
import posthaste.ingest.policy.Network;
import posthaste.ingest.policy.Submission;
import posthaste.ingest.submitter.Login;
import posthaste.ingest.submitter.Submitter;
import posthaste.ingest.submitter.TlsFacts;
import posthaste.mail.address.EmailAddress;
import posthaste.mail.address.ReversePath;
import posthaste.testing.SelfSignedCertificate;

class RelayRightsPolicyTest {
    private static final List<Network> CONFIGURED = List.of(Network.parse("10.0.0.0/8"));
    private static final Login ALICE = new Login("alice", List.of("*"), Optional.empty());
    private static final SelfSignedCertificate CERTIFICATE =
            SelfSignedCertificate.forHost("mta.example.org");

    @Test
    void byDefaultTheConfiguredNetworksAndLoginsRelayAndNobodyElse() {
        RelayRules rules = RelayRules.DEFAULT;

        assertThat(relays(rules, from("10.1.2.3"))).isTrue();
        assertThat(relays(rules, from("192.0.2.1"))).isFalse();
        assertThat(relays(rules, from("::1"))).isFalse();
        assertThat(relays(rules, from("192.0.2.1").as(ALICE))).isTrue();
        assertThat(relays(rules, withCertificate(from("192.0.2.1")))).isFalse();
    }

    @Test
    void namedNetworksStandInsteadOfTheConfiguredOnes() {
        RelayRules rules = rules(rights(List.of(Network.parse("192.0.2.0/24")), LoginRule.ALL));

        assertThat(relays(rules, from("192.0.2.1"))).isTrue();
        assertThat(relays(rules, from("10.1.2.3"))).isFalse();
    }

    @Test
    void loginsMayBeNamedOrNone() {
        Login bob = new Login("bob", List.of(), Optional.empty());
        RelayRules named = rules(rights(List.of(), new LoginRule(false, Set.of("alice"))));

        assertThat(relays(named, from("192.0.2.1").as(ALICE))).isTrue();
        assertThat(relays(named, from("192.0.2.1").as(bob))).isFalse();
        assertThat(relays(rules(rights(List.of(), LoginRule.NONE)), from("192.0.2.1").as(ALICE)))
                .isFalse();
    }

    @Test
    void aCertificateRelaysByFingerprintSubjectOrName() throws Exception {
        byte[] digest =
                MessageDigest.getInstance("SHA-256").digest(CERTIFICATE.certificate().getEncoded());
        String hex = HexFormat.ofDelimiter(":").withUpperCase().formatHex(digest);
        X500Principal subject = CERTIFICATE.certificate().getSubjectX500Principal();

        assertThat(relays(CertificateRule.Fingerprint.parse(hex))).isTrue();
        assertThat(relays(CertificateRule.Fingerprint.parse("sha256:" + "0".repeat(64)))).isFalse();
        assertThat(relays(CertificateRule.Subject.parse(subject.getName()))).isTrue();
        assertThat(relays(CertificateRule.Subject.parse("CN=other.example.org"))).isFalse();
        assertThat(relays(new CertificateRule.AlternativeName("other.example.org"))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "mta.example.org, true",
        "MTA.Example.ORG, true",
        "*.example.org, true",
        "*.EXAMPLE.org, true",
        "other.example.org, false",
        "example.org, false",
        "*.mta.example.org, false",
        "*.org, true",
        "*.xample.org, false",
        "*, false"
    })
    void aCertificateRelaysByItsAlternativeName(String name, boolean relays) {
        assertThat(relays(new CertificateRule.AlternativeName(name))).isEqualTo(relays);
    }

    /** A mail address in the rule is a mailbox, and a host in a certificate no such. */
    @Test
    void aNameOfAnotherKindIsAnother() {
        assertThat(relays(new CertificateRule.AlternativeName("user@mta.example.org"))).isFalse();
    }

    @Test
    void aListenerMayHaveRightsOfItsOwn() {
        RelayRules rules =
                new RelayRules(
                        RelayRights.DEFAULT,
                        Map.of("public", rights(List.of(), LoginRule.NONE)),
                        List.of());

        assertThat(relays(rules, from("10.1.2.3"))).isTrue();
        assertThat(relays(rules, Submitter.connected("public", address("10.1.2.3")))).isFalse();
    }

    @Test
    void anyoneMaySendToTheDomainsThatWeTakeIn() {
        assertThat(takesIn("user@local.example")).isTrue();
        assertThat(takesIn("User@LOCAL.example")).isTrue();
        assertThat(takesIn("user@sub.local.example")).isFalse();
        assertThat(takesIn("user@xlocal.example")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "user%ext.example@local.example",
                "ext.example!user@local.example",
                "\"user@ext.example\"@local.example",
                "\"ext.example!user\"@local.example",
                "\"@ext.example:user\"@local.example",
                "user@[127.0.0.1]",
                "user@[IPv6:::1]",
            })
    void aRecipientThatRoutesOnIsNoWayRound(String recipient) {
        assertThat(takesIn(recipient)).isFalse();
    }

    private static boolean takesIn(String recipient) {
        RelayRules rules =
                new RelayRules(
                        RelayRights.DEFAULT,
                        Map.of(),
                        List.of(AddressPattern.parse("local.example")));
        return relays(rules, from("192.0.2.1"), recipient);
    }

    private static boolean relays(CertificateRule rule) {
        return relays(
                rules(new RelayRights(Optional.of(List.of()), LoginRule.NONE, List.of(rule))),
                withCertificate(from("192.0.2.1")));
    }

    private static boolean relays(RelayRules rules, Submitter submitter) {
        return relays(rules, submitter, "anyone@example.net");
    }

    private static boolean relays(RelayRules rules, Submitter submitter, String recipient) {
        return new RelayRightsPolicy(() -> rules, CONFIGURED)
                .recipient(
                        new Submission(submitter, ReversePath.NULL, 0, List.of()),
                        EmailAddress.of(recipient))
                .isEmpty();
    }

    private static RelayRules rules(RelayRights rights) {
        return new RelayRules(rights, Map.of(), List.of());
    }

    private static RelayRights rights(List<Network> networks, LoginRule logins) {
        return new RelayRights(Optional.of(networks), logins, List.of());
    }

    private static Submitter withCertificate(Submitter submitter) {
        return submitter.over(
                new TlsFacts(
                        "TLSv1.3",
                        "TLS_AES_256_GCM_SHA384",
                        Optional.of(CERTIFICATE.certificate())));
    }

    private static Submitter from(String address) {
        return Submitter.connected("smtp", address(address));
    }

    private static InetAddress address(String text) {
        return InetAddress.ofLiteral(text);
    }
}
