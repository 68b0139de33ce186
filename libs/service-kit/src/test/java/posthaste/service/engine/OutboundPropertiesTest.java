package posthaste.service.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import posthaste.mail.envelope.Stream;
import posthaste.mail.envelope.StreamShares;
import posthaste.outbound.OutboundSettings;
import posthaste.outbound.tls.TlsPolicy;
import posthaste.service.settings.HostName;
import posthaste.service.settings.RecordUnderTest;
import posthaste.testing.SelfSignedCertificate;

class OutboundPropertiesTest {
    private static final SelfSignedCertificate ISSUER =
            SelfSignedCertificate.forHost("issuer.test");

    private final RecordUnderTest<OutboundProperties> properties =
            new RecordUnderTest<>(OutboundProperties.class);

    @Test
    void theDefaultsAreTheEnginesOwn() {
        assertThat(properties.defaults().settings(1000, List.of(), StreamShares.USUAL))
                .isEqualTo(OutboundSettings.named(HostName.ofThisMachine()));
    }

    @Test
    void everyPropertyIsMapped(@TempDir Path folder) throws Exception {
        Path issuers = issuers(folder);
        properties.mapsEveryPropertyOf(
                Map.ofEntries(
                        Map.entry("helo", "relay.example.com"),
                        Map.entry("source-addresses", "192.0.2.1,192.0.2.2"),
                        Map.entry("tls", "none"),
                        Map.entry("trusted-issuers", issuers.toString()),
                        Map.entry("port", "2525"),
                        Map.entry("start-connections", "2"),
                        Map.entry("max-connections", "20"),
                        Map.entry("idle-timeout", "1s"),
                        Map.entry("max-messages-per-connection", "10"),
                        Map.entry("max-connection-age", "1m"),
                        Map.entry("down-after", "3"),
                        Map.entry("probe-interval", "1s")),
                new OutboundProperties(
                        "relay.example.com",
                        List.of("192.0.2.1", "192.0.2.2"),
                        OutboundProperties.Tls.NONE,
                        issuers.toString(),
                        2525,
                        2,
                        20,
                        Duration.ofSeconds(1),
                        10,
                        Duration.ofMinutes(1),
                        3,
                        Duration.ofSeconds(1)));
    }

    @Test
    void theEngineTakesThemParsed() {
        OutboundSettings settings =
                properties
                        .from(Map.of("source-addresses", "192.0.2.1", "tls", "none"))
                        .settings(77, List.of(Stream.DSN), StreamShares.USUAL);

        assertThat(settings.sourceAddresses()).containsExactly(InetAddress.ofLiteral("192.0.2.1"));
        assertThat(settings.tls()).isEqualTo(TlsPolicy.NONE);
        assertThat(settings.destinations().inFlight()).isEqualTo(77);
    }

    @Test
    void requiredTlsIsVerifiedByIssuersOfOurOwn(@TempDir Path folder) throws Exception {
        OutboundSettings settings =
                properties
                        .from(
                                Map.of(
                                        "tls",
                                        "require",
                                        "trusted-issuers",
                                        issuers(folder).toString()))
                        .settings(1, List.of(), StreamShares.USUAL);

        assertThat(settings.tls()).isEqualTo(TlsPolicy.VERIFIED);
        assertThat(settings.trustedIssuers()).containsExactly(ISSUER.certificate());
    }

    private static Path issuers(Path folder) throws Exception {
        return Files.writeString(
                folder.resolve("issuers.pem"),
                "-----BEGIN CERTIFICATE-----\n"
                        + Base64.getMimeEncoder().encodeToString(ISSUER.certificate().getEncoded())
                        + "\n-----END CERTIFICATE-----\n");
    }

    @Test
    void wrongValuesAreRefused() {
        properties.refuses(
                "trusted-issuers",
                "/nowhere.pem",
                "is '/nowhere.pem', but must be a file with certificates in PEM.");
        properties.refuses(
                "helo", "my host", "is 'my host', but must be a host name or an address literal.");
        properties.refuses(
                "source-addresses", "eth0", "is 'eth0', but must be a list of IP addresses.");
        properties.refuses("port", "0", "is 0, but must be from 1 to 65535.");
        properties.refuses("start-connections", "51", "is 51, but must be from 1 to 50.");
        properties.refuses("max-connections", "0", "is 0, but must be from 1 to 10000.");
        properties.refuses("idle-timeout", "1h", "is 1h, but must be from 1ms to 5m.");
        properties.refuses(
                "max-messages-per-connection", "0", "is 0, but must be from 1 to 1000000.");
        properties.refuses("max-connection-age", "2d", "is 2d, but must be from 1ms to 1d.");
        properties.refuses("down-after", "0", "is 0, but must be from 1 to 1000.");
        properties.refuses("probe-interval", "0s", "is 0s, but must be from 10ms to 1h.");
    }
}
