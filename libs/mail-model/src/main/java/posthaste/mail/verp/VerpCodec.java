package posthaste.mail.verp;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import posthaste.mail.address.EmailAddress;
import posthaste.mail.envelope.MailId;

/**
 * Makes and reads return addresses: {@code b-<mail id>-<tag>-<mac>@domain}, 56 octets before the at
 * sign, of which RFC 5321 section 4.5.3.1.1 allows 64.
 *
 * <p>The tag (50 bits) stands for the recipient, whom only a key leads back to; the MAC (80 bits of
 * HMAC-SHA-256) covers mail id and tag, so that it can be checked by whoever has the key and
 * nothing else. All of it is read in any case, since there are mail servers that change it.
 */
public final class VerpCodec {
    private static final String PREFIX = "b-";
    private static final int TAG = 10;
    private static final int MAC = 16;
    private static final Pattern FORM =
            Pattern.compile(
                    "b-([0-7][0-9a-hjkmnp-tv-z]{25})"
                            + ("-([0-9a-hjkmnp-tv-z]{" + TAG + "})")
                            + ("-([0-9a-hjkmnp-tv-z]{" + MAC + "})"));

    private final String domain;
    private final List<VerpKey> keys;

    /**
     * Takes what it works with.
     *
     * @param domain where what comes back is sent to, in ASCII
     * @param keys the first signs, all of them verify
     */
    public VerpCodec(String domain, List<VerpKey> keys) {
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("without a key nothing can be signed");
        }
        this.domain = domain.toLowerCase(Locale.ROOT);
        this.keys = List.copyOf(keys);
    }

    /** Whether an address is at the domain of return addresses, be it one or not. */
    public boolean isAtDomain(EmailAddress address) {
        return address.asciiDomain().equals(domain);
    }

    /** The return address of a mail to one of its recipients. */
    public EmailAddress address(MailId mail, EmailAddress recipient) {
        VerpKey key = keys.getFirst();
        String tag = tag(key, mail, recipient.toString());
        return EmailAddress.of(
                PREFIX + mail + '-' + tag + '-' + mac(key, mail, tag) + '@' + domain);
    }

    /** What an address says; empty when it is at another domain, or when we never made it. */
    public Optional<ReturnAddress> read(EmailAddress address) {
        if (!isAtDomain(address)) {
            return Optional.empty();
        }
        Matcher parts = FORM.matcher(address.localPart().toLowerCase(Locale.ROOT));
        if (!parts.matches()) {
            return Optional.empty();
        }
        MailId mail = new MailId(parts.group(1));
        String tag = parts.group(2);
        byte[] given = parts.group(3).getBytes(StandardCharsets.US_ASCII);
        for (VerpKey key : keys) {
            byte[] ours = mac(key, mail, tag).getBytes(StandardCharsets.US_ASCII);
            if (MessageDigest.isEqual(ours, given)) {
                return Optional.of(new ReturnAddress(mail, tag));
            }
        }
        return Optional.empty();
    }

    /** Whether a return address was made for this recipient, written as the mail was accepted. */
    public boolean isFor(ReturnAddress address, String recipient) {
        return keys.stream()
                .anyMatch(key -> tag(key, address.mail(), recipient).equals(address.tag()));
    }

    private static String tag(VerpKey key, MailId mail, String recipient) {
        return key.digest(TAG, "recipient", mail.value(), recipient);
    }

    private static String mac(VerpKey key, MailId mail, String tag) {
        return key.digest(MAC, "return-path", mail.value(), tag);
    }
}
