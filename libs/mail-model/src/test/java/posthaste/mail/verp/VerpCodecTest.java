package posthaste.mail.verp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import posthaste.mail.address.EmailAddress;
import posthaste.mail.address.InvalidAddressException;
import posthaste.mail.envelope.MailId;

class VerpCodecTest {
    private static final String DOMAIN = "bounces.example.org";
    private static final VerpKey KEY = new VerpKey("the first of our secrets");
    private static final VerpKey OLDER = new VerpKey("the secret before this one");
    private static final EmailAddress ANN = EmailAddress.of("ann@remote.example");
    private static final MailId MAIL = MailId.derived(Instant.parse("2026-11-22T08:30:00Z"), "a");

    private final VerpCodec codec = new VerpCodec("Bounces.Example.ORG", List.of(KEY, OLDER));

    @Test
    void whatWasMadeIsReadAgainForAnyMailAndRecipient() {
        Random random = new Random(20261122);
        for (int i = 0; i < 2000; i++) {
            MailId mail =
                    MailId.derived(Instant.ofEpochMilli(random.nextLong(1L << 45)), "mail " + i);
            EmailAddress recipient = recipient(random);
            EmailAddress address = codec.address(mail, recipient);

            ReturnAddress read = codec.read(address).orElseThrow();

            assertThat(read.mail()).isEqualTo(mail);
            assertThat(codec.isFor(read, recipient.toString())).isTrue();
            assertThat(codec.isFor(read, "x" + recipient)).isFalse();
            assertThat(address.localPart()).hasSize(56).matches("[0-9a-z-]+");
            assertThat(address.needsSmtpUtf8()).isFalse();
        }
    }

    @Test
    void theCaseThatOthersWriteItInDoesNotMatter() {
        EmailAddress address = codec.address(MAIL, ANN);
        EmailAddress shouted = EmailAddress.of(address.toString().toUpperCase(Locale.ROOT));

        assertThat(codec.read(shouted)).isEqualTo(codec.read(address)).isPresent();
    }

    /** One character changed, wherever it stands. */
    @Test
    void noChangedAddressIsTakenForOneOfOurs() {
        String address = codec.address(MAIL, ANN).localPart();
        for (int at = 0; at < address.length(); at++) {
            for (char other : "0123456789abcdefghjkmnpqrstvwxyz-".toCharArray()) {
                if (other != address.charAt(at)) {
                    String changed = address.substring(0, at) + other + address.substring(at + 1);
                    assertThat(read(changed)).as(changed).isEmpty();
                }
            }
        }
    }

    @Test
    void textOfAnySortIsNoAddressOfOurs() {
        Random random = new Random(7);
        String characters = "b-0123456789abcdefghjkmnpqrstvwxyz.+_=ILOU\"\\ \0\u00fc";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder("b-");
            int length = random.nextInt(100);
            for (int j = 0; j < length; j++) {
                text.append(characters.charAt(random.nextInt(characters.length())));
            }
            assertThat(read(text.toString())).isEmpty();
        }
    }

    @Test
    void recipientsAndMailsAreToldApart() {
        Set<EmailAddress> all = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            all.add(codec.address(MAIL, EmailAddress.of("r" + i + "@remote.example")));
            all.add(codec.address(MailId.derived(MAIL.acceptedAt(), "mail " + i), ANN));
        }
        assertThat(all).hasSize(200);
    }

    @Test
    void anOlderKeyStillVerifiesAndAForeignOneDoesNot() {
        EmailAddress signedBefore = new VerpCodec(DOMAIN, List.of(OLDER)).address(MAIL, ANN);
        VerpKey foreign = new VerpKey("a secret of somebody else");
        EmailAddress forged = new VerpCodec(DOMAIN, List.of(foreign)).address(MAIL, ANN);

        ReturnAddress read = codec.read(signedBefore).orElseThrow();
        assertThat(codec.isFor(read, ANN.toString())).isTrue();
        assertThat(codec.address(MAIL, ANN)).isNotEqualTo(signedBefore);
        assertThat(codec.read(forged)).isEmpty();
    }

    @Test
    void anotherDomainsAddressesAreNotOurs() {
        String local = codec.address(MAIL, ANN).localPart();
        assertThat(codec.read(EmailAddress.of(local + "@example.org"))).isEmpty();
        assertThat(codec.isAtDomain(EmailAddress.of("any@BOUNCES.example.org"))).isTrue();
    }

    @Test
    void aShortSecretIsNoneAndNoneIsShown() {
        assertThatThrownBy(() -> new VerpKey("fifteen octets!"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("fifteen octets!");
        assertThat(KEY.toString()).doesNotContain("secret");
    }

    /** What no address can be is no address of ours either. */
    private Optional<ReturnAddress> read(String localPart) {
        try {
            return codec.read(EmailAddress.parse(localPart + "@" + DOMAIN));
        } catch (InvalidAddressException e) {
            return Optional.empty();
        }
    }

    private static EmailAddress recipient(Random random) {
        String[] locals = {"ann", "Ann.O'Hara", "\"a b\"", "jürgen", "x+y=z", "用户"};
        String[] domains = {"remote.example", "Remote.EXAMPLE", "bücher.example", "[192.0.2.1]"};
        return EmailAddress.of(
                locals[random.nextInt(locals.length)]
                        + "@"
                        + domains[random.nextInt(domains.length)]);
    }
}
