package posthaste.ingest.smtp;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import posthaste.mail.envelope.Notify;

/**
 * The parameters of RCPT.
 *
 * @param notification RFC 3461 section 4.1
 * @param orcpt RFC 3461 section 4.2: {@code type;address}, the address decoded
 */
record RecipientParameters(Notify notification, Optional<String> orcpt) {
    /** Characters of a whole ORCPT value, RFC 3461 section 4.2. */
    private static final int ORCPT_LIMIT = 500;

    private static final Pattern ADDRESS_TYPE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9-]*");
    private static final String UTF_8 = "utf-8";

    /**
     * RFC 6533 section 3: printable ASCII without {@code +}, {@code =} and {@code \}, which stand
     * as {@code \x{2B}}; beyond ASCII as it is or likewise. It is kept as written, since a
     * notification may carry this very form.
     */
    private static final Pattern UTF_8_ADDRESS =
            Pattern.compile(
                    "(?:[!-*,-<>-\\[\\]-~]|[^\\x00-\\x7f\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Zs}]"
                            + "|\\\\x\\{[0-9A-F]{2,6}\\})+");

    private static final Pattern BEYOND_ASCII = Pattern.compile("[^\\x00-\\x7f]");

    /**
     * Reads the parameters.
     *
     * @param smtpUtf8 whether MAIL said SMTPUTF8
     */
    static RecipientParameters parse(String text, boolean smtpUtf8) throws BadCommandException {
        Parameters parameters = Parameters.parse(text);
        RecipientParameters known =
                new RecipientParameters(notification(parameters), orcpt(parameters, smtpUtf8));
        parameters.refuseTheRest();
        return known;
    }

    private static Notify notification(Parameters parameters) throws BadCommandException {
        Optional<String> value = parameters.takeValue("NOTIFY");
        if (value.isEmpty()) {
            return Notify.NOT_GIVEN;
        }
        try {
            return Notify.parse(value.get());
        } catch (IllegalArgumentException e) {
            throw BadCommandException.badArgument(
                    "NOTIFY is NEVER, or of SUCCESS, FAILURE and DELAY");
        }
    }

    private static Optional<String> orcpt(Parameters parameters, boolean smtpUtf8)
            throws BadCommandException {
        Optional<String> value = parameters.takeValue("ORCPT");
        if (value.isEmpty()) {
            return Optional.empty();
        }
        String text = value.get();
        int semicolon = text.indexOf(';');
        if (semicolon < 0
                || semicolon == text.length() - 1
                || !ADDRESS_TYPE.matcher(text.substring(0, semicolon)).matches()) {
            throw BadCommandException.badArgument("ORCPT is TYPE;ADDRESS");
        }
        if (text.length() > ORCPT_LIMIT) {
            throw BadCommandException.badArgument("ORCPT is longer than " + ORCPT_LIMIT);
        }
        String type = text.substring(0, semicolon);
        String address = text.substring(semicolon + 1);
        return Optional.of(
                type
                        + ';'
                        + (type.toLowerCase(Locale.ROOT).equals(UTF_8)
                                ? checkedUtf8(address, smtpUtf8)
                                : Xtext.decode(address, "ORCPT")));
    }

    private static String checkedUtf8(String address, boolean smtpUtf8) throws BadCommandException {
        if (!UTF_8_ADDRESS.matcher(address).matches()
                || (!smtpUtf8 && BEYOND_ASCII.matcher(address).find())) {
            throw BadCommandException.badArgument("ORCPT is no address of its type");
        }
        return address;
    }
}
