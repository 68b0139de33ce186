package posthaste.service.suppression;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;
import posthaste.mail.address.EmailAddress;
import posthaste.mail.address.InvalidAddressException;
import posthaste.mail.envelope.Stream;

/**
 * Whom an entry is about: an address, for one stream or for all.
 *
 * <p>Addresses that reach the same mailbox have one key. The domain is in A-labels and lower case.
 * The local part is in lower case and Unicode's form C, and without quotes that it does not need:
 * RFC 5321 lets a host tell {@code Bob} from {@code bob}, and none of note does; to mail a
 * complainer again for a capital letter is the greater harm. Nothing else is folded: dots and
 * {@code +tags} mean something at some hosts.
 *
 * @param stream empty: all streams
 * @param address normalised
 */
public record SuppressionKey(Optional<Stream> stream, String address) {
    /** Of entries for all streams. */
    public static final String EVERYWHERE = "*";

    /** The key of an address. */
    public static SuppressionKey of(Optional<Stream> stream, EmailAddress address) {
        return new SuppressionKey(stream, normalised(address));
    }

    /**
     * Reads what {@link #toString} writes.
     *
     * @throws InvalidAddressException when it is no key
     */
    public static SuppressionKey parse(String text) throws InvalidAddressException {
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw new InvalidAddressException("a key is STREAM:ADDRESS, or *:ADDRESS");
        }
        return new SuppressionKey(
                stream(text.substring(0, colon))
                        .orElseThrow(() ->
                                new InvalidAddressException("a stream's name or * comes first")),
                text.substring(colon + 1));
    }

    /**
     * The stream of a word: {@code *} for all.
     *
     * @return empty when it is no stream's name; else the stream, which is empty for all of them
     */
    public static Optional<Optional<Stream>> stream(String word) {
        if (word.equals(EVERYWHERE)) {
            return Optional.of(Optional.empty());
        }
        return Stream.isName(word) ? Optional.of(Optional.of(new Stream(word))) : Optional.empty();
    }

    /** The address that stands for all that reach the same mailbox. */
    public static String normalised(EmailAddress address) {
        String local = Normalizer.normalize(unquoted(address.localPart()), Normalizer.Form.NFC);
        return Normalizer.normalize(local.toLowerCase(Locale.ROOT), Normalizer.Form.NFC)
                + '@'
                + address.asciiDomain();
    }

    /** {@code "bob"} and {@code "b\ob"} are {@code bob} (RFC 5321 section 4.1.2). */
    private static String unquoted(String local) {
        if (!local.startsWith("\"")) {
            return local;
        }
        StringBuilder bare = new StringBuilder();
        for (int i = 1; i < local.length() - 1; i++) {
            if (local.charAt(i) == '\\' && i + 1 < local.length() - 1) {
                i++;
            }
            bare.append(local.charAt(i));
        }
        return bare.toString();
    }

    /** As it is written in requests and files. */
    public String streamWord() {
        return stream.map(Stream::name).orElse(EVERYWHERE);
    }

    /** As the topic has it. */
    @Override
    public String toString() {
        return streamWord() + ':' + address;
    }
}
