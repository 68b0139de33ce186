package posthaste.ingest.policy.book;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import posthaste.ingest.policy.check.DnsFailure;
import posthaste.ingest.policy.check.HeloChecks;
import posthaste.ingest.policy.check.Whose;
import posthaste.ingest.policy.rate.LimitRule;
import posthaste.ingest.policy.rate.Measure;
import posthaste.ingest.policy.rate.Per;
import posthaste.ingest.policy.rate.Rate;
import posthaste.ingest.policy.relay.LoginRule;
import posthaste.service.reload.WrongFileException;

class PolicyFileTest {
    private static final Path EXAMPLE =
            Path.of(System.getProperty("posthaste.root"), "docs/policy-example.yaml");

    @TempDir private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "# nothing yet\n", "---\n", "relay:\nlimits:\n"})
    void aFileThatSaysNothingMeansTheDefaults(String text) throws Exception {
        assertThat(read(text)).isEqualTo(Policy.DEFAULT);
    }

    @Test
    void theDocumentedExampleIsReadWhole() throws Exception {
        Policy policy = PolicyFile.read(EXAMPLE);

        assertThat(policy.relay().usual().networks().orElseThrow()).hasSize(3);
        assertThat(policy.relay().usual().certificates()).hasSize(3);
        assertThat(policy.relay().of("public").networks().orElseThrow()).isEmpty();
        assertThat(policy.relay().of("public").logins()).isEqualTo(LoginRule.NONE);
        assertThat(policy.relay().of("public").certificates()).hasSize(3);
        assertThat(policy.relay().of("smtp")).isEqualTo(policy.relay().usual());
        assertThat(policy.limits())
                .extracting(LimitRule::name)
                .containsExactly("newsletter", "applications", "clients", "domains");
        LimitRule newsletter = policy.limits().getFirst();
        assertThat(newsletter.per()).isEqualTo(Per.LOGIN);
        assertThat(newsletter.rates().get(Measure.MESSAGES))
                .containsExactly(
                        new Rate(200, Duration.ofMinutes(1)),
                        new Rate(100_000, Duration.ofDays(1)));
        assertThat(newsletter.rates().get(Measure.BYTES))
                .containsExactly(new Rate(20L << 30, Duration.ofDays(1)));
        assertThat(policy.limits().get(1).recipientsPerMail()).hasValue(100);
        assertThat(policy.limits().get(1).concurrentSessions()).hasValue(20);
        assertThat(policy.senders().domainExists()).isEqualTo(Whose.STRANGERS);
        assertThat(policy.senders().onDnsFailure()).isEqualTo(DnsFailure.PASS);
        assertThat(policy.recipients().refuseReserved()).isTrue();
        assertThat(policy.helo()).isEqualTo(new HeloChecks(true, true, false));
        assertThat(policy.dns().servers())
                .containsExactly(
                        new InetSocketAddress(InetAddress.ofLiteral("192.0.2.53"), 53),
                        new InetSocketAddress(InetAddress.ofLiteral("2001:db8::53"), 5353));
        assertThat(policy.dnsLists().lists()).hasSize(3);
        assertThat(policy.dnsLists().refuseAt()).isEqualTo(2);
        assertThat(policy.stress()).isEqualTo(Policy.DEFAULT.stress());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    relais: {}                                  | 1 | 'relais' is no key here; did you mean 'relay'?
                    xyzzyxyzzy: 1                               | 1 | known are relay, limits
                    relay:\\n  network: [127.0.0.1]             | 2 | did you mean 'networks'?
                    relay:\\n  networks: [10.0.0.1/8]           | 2 | has bits beyond its prefix
                    relay:\\n  networks: [localhost]            | 2 | is no network
                    relay:\\n  logins: some                     | 2 | must be all, none or a list
                    relay:\\n  domains: ['*']                   | 2 | would make an open relay
                    relay:\\n  certificates:\\n  - name: a\\n    subject: CN=b | 3 | by one of
                    relay:\\n  certificates:\\n  - fingerprint: ab | 3 | 64 hexadecimal digits
                    relay:\\n  logins: all\\n  logins: none     | 3 | 'logins' is given twice
                    relay: yes                                  | 1 | must have keys and values
                    relay:\\n  listeners:\\n    a: {domains: [x.y]} | 3 | 'domains' is no key here
                    limits:\\n- messages: 10/h                  | 2 | a limit needs 'per'
                    limits:\\n- per: login                      | 2 | must limit something
                    limits:\\n- per: user\\n  messages: 10/h    | 2 | one of login, address, sender-domain
                    limits:\\n- per: login\\n  messages: 10     | 3 | write 1000/h or 10/5m
                    limits:\\n- per: login\\n  messages: 0/h    | 3 | an amount must be
                    limits:\\n- per: login\\n  messages: 1MB/h  | 3 | is no rate
                    limits:\\n- per: login\\n  bytes: 10XB/h    | 3 | 2GB/d
                    limits:\\n- per: login\\n  messages: 1/40d  | 3 | a period must be
                    limits:\\n- per: address\\n  of: [alice]\\n  messages: 1/h | 3 | is no network
                    limits:\\n- {per: login, name: a, messages: 1/h}\\n- {per: login, name: a, messages: 2/h} | 3 | two limits are called 'a'
                    senders: {block: ['a@b@c']}                 | 1 | is no pattern
                    senders: {domain-exists: maybe}             | 1 | one of nobody, strangers, everyone
                    helo: {full-name: perhaps}                  | 1 | must be true or false
                    dns: {servers: [ns.example.org]}            | 1 | is no server
                    dns: {timeout: soon}                        | 1 | must be a duration
                    dns-lists:\\n  lists:\\n  - score: 1        | 3 | needs its 'zone'
                    dns-lists:\\n  lists:\\n  - zone: a.b\\n    codes: [x] | 4 | is no answer
                    stress: {tight-at: 1.5}                     | 1 | a share from 0.05 to 1
                    stress:\\n  calm-below: 0.9                 | 2 | calm-below must be less than tight-at
                    relay:\\n\\tnetworks: []                    | 2 | is no YAML
                    relay: [                                    | 1 | is no YAML
                    - a                                         | 1 | must have keys and values
                    &a [*a]                                     | 1 | must have keys and values
                    """)
    void whatIsWrongIsRefusedWithLineAndReason(String text, int line, String reason)
            throws Exception {
        Path file = write(text.replace("\\n", "\n").replace("\\t", "\t"));

        WrongFileException wrong =
                catchThrowableOfType(WrongFileException.class, () -> PolicyFile.read(file));

        assertThat(wrong).as(text).isNotNull();
        assertThat(wrong.reason()).contains(reason);
        assertThat(wrong.line()).isEqualTo(line);
        assertThat(wrong).hasMessageStartingWith(file + ", line " + line + ": ");
    }

    @Test
    void noFileHoweverBrokenIsAnythingButReadOrRefused() throws Exception {
        byte[] example = Files.readAllBytes(EXAMPLE);
        Random random = new Random(22);
        Path file = folder.resolve("policy.yaml");
        for (int round = 0; round < 2000; round++) {
            byte[] broken = example.clone();
            int changes = 1 + random.nextInt(4);
            for (int i = 0; i < changes; i++) {
                byte[] often = "-:[]{}&*#'\"\n \t|>%@,".getBytes(StandardCharsets.US_ASCII);
                broken[random.nextInt(broken.length)] =
                        random.nextBoolean()
                                ? often[random.nextInt(often.length)]
                                : (byte) random.nextInt(256);
            }
            Files.write(file, broken);
            try {
                assertThat(PolicyFile.read(file)).isNotNull();
            } catch (WrongFileException e) {
                assertThat(e.reason()).isNotEmpty();
            }
        }
    }

    @Test
    void aFileOfDeepNestingOrManyAliasesIsRefusedInTime() throws Exception {
        String bomb =
                """
                a: &a [x,x,x,x,x,x,x,x,x]
                b: &b [*a,*a,*a,*a,*a,*a,*a,*a]
                relay: *b
                """;
        for (String text : List.of("[".repeat(100_000), "{a: ".repeat(50_000), bomb)) {
            Path file = write(text);
            assertThat(catchThrowableOfType(WrongFileException.class, () -> PolicyFile.read(file)))
                    .isNotNull();
        }
    }

    private Policy read(String text) throws Exception {
        return PolicyFile.read(write(text));
    }

    private Path write(String text) throws Exception {
        return Files.writeString(folder.resolve("policy.yaml"), text);
    }
}
