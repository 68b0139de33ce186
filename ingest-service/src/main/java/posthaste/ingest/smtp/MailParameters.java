package posthaste.ingest.smtp;

import java.util.Locale;
import java.util.Optional;
import posthaste.mail.address.EmailAddress;
import posthaste.mail.address.InvalidAddressException;
import posthaste.mail.envelope.BodyType;
import posthaste.mail.envelope.Handling;
import posthaste.mail.envelope.Ret;

/**
 * The parameters of MAIL.
 *
 * @param size as declared, 0 when not; {@link Long#MAX_VALUE} for numbers beyond it (RFC 1870)
 * @param bodyType RFC 6152
 * @param smtpUtf8 RFC 6531
 * @param ret RFC 3461 section 4.3
 * @param envid RFC 3461 section 4.4, decoded
 * @param handling what else was asked for
 */
record MailParameters(
        long size,
        BodyType bodyType,
        boolean smtpUtf8,
        Ret ret,
        Optional<String> envid,
        Handling handling) {
    /** Characters of an encoded ENVID, RFC 3461 section 4.4. */
    private static final int ENVID_LIMIT = 100;

    static MailParameters parse(String text, HandlingOffer.ToClient offered)
            throws BadCommandException {
        Parameters parameters = Parameters.parse(text);
        MailParameters known =
                new MailParameters(
                        size(parameters),
                        bodyType(parameters),
                        parameters.takeFlag("SMTPUTF8"),
                        ret(parameters),
                        envid(parameters),
                        HandlingParameters.take(parameters, offered));
        checkSubmitter(parameters);
        parameters.refuseTheRest();
        return known;
    }

    /**
     * AUTH names who submitted the mail elsewhere (RFC 4954 section 5). Nobody's word is taken for
     * it, so it is read and goes no further, as if it were {@code <>}.
     */
    private static void checkSubmitter(Parameters parameters) throws BadCommandException {
        Optional<String> value = parameters.takeValue("AUTH");
        if (value.isPresent() && !value.get().equals("<>")) {
            String mailbox = Xtext.decode(value.get(), "AUTH");
            try {
                EmailAddress.parse(mailbox);
            } catch (InvalidAddressException e) {
                throw BadCommandException.badArgument("AUTH is <> or an address");
            }
        }
    }

    private static long size(Parameters parameters) throws BadCommandException {
        String digits = parameters.takeValue("SIZE").orElse("0");
        if (!digits.matches("[0-9]{1,20}")) {
            throw BadCommandException.badArgument("SIZE is a number of 1 to 20 digits");
        }
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }

    private static BodyType bodyType(Parameters parameters) throws BadCommandException {
        Optional<String> value = parameters.takeValue("BODY");
        if (value.isEmpty()) {
            return BodyType.SEVEN_BIT;
        }
        return switch (value.get().toUpperCase(Locale.ROOT)) {
            case "7BIT" -> BodyType.SEVEN_BIT;
            case "8BITMIME" -> BodyType.EIGHT_BIT_MIME;
            default -> throw BadCommandException.badArgument("BODY is 7BIT or 8BITMIME");
        };
    }

    private static Ret ret(Parameters parameters) throws BadCommandException {
        Optional<String> value = parameters.takeValue("RET");
        if (value.isEmpty()) {
            return Ret.NOT_GIVEN;
        }
        return switch (value.get().toUpperCase(Locale.ROOT)) {
            case "FULL" -> Ret.FULL;
            case "HDRS" -> Ret.HDRS;
            default -> throw BadCommandException.badArgument("RET is FULL or HDRS");
        };
    }

    private static Optional<String> envid(Parameters parameters) throws BadCommandException {
        Optional<String> encoded = parameters.takeValue("ENVID");
        if (encoded.isEmpty()) {
            return Optional.empty();
        }
        if (encoded.get().length() > ENVID_LIMIT) {
            throw BadCommandException.badArgument("ENVID is longer than " + ENVID_LIMIT);
        }
        return Optional.of(Xtext.decode(encoded.get(), "ENVID"));
    }
}
