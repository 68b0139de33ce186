package posthaste.outbound.smtp;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import posthaste.mail.status.Reply;

/** Reads what Angus hands on of a reply: its lines, one character an octet. */
final class RemoteReply {
    private static final Pattern CODE = Pattern.compile("[2-5][0-9][0-9]");
    private static final Pattern ENHANCED = Pattern.compile("[245]\\.\\d{1,3}\\.\\d{1,3} ");

    private RemoteReply() {}

    /**
     * The reply with its lines joined; an enhanced status code that is repeated on each line is
     * kept once (RFC 2034 section 4 asks for the repetition).
     *
     * @return empty when the lines are no reply of SMTP
     */
    static Optional<Reply> parse(String lines) {
        String[] all = lines.split("\n", -1);
        if (all[0].length() < 3) {
            return Optional.empty();
        }
        String code = all[0].substring(0, 3);
        if (!CODE.matcher(code).matches()) {
            return Optional.empty();
        }
        StringBuilder text = new StringBuilder();
        String enhanced = "";
        for (String line : all) {
            if (line.isEmpty()) {
                continue;
            }
            if (!line.startsWith(code)
                    || (line.length() > 3 && line.charAt(3) != ' ' && line.charAt(3) != '-')) {
                return Optional.empty();
            }
            String part = line.length() > 4 ? line.substring(4).strip() : "";
            if (text.isEmpty()) {
                Matcher leading = ENHANCED.matcher(part);
                enhanced = leading.lookingAt() ? leading.group() : "";
            } else if (!enhanced.isEmpty() && part.startsWith(enhanced)) {
                part = part.substring(enhanced.length());
            }
            if (!part.isEmpty()) {
                text.append(text.isEmpty() ? "" : " ").append(part);
            }
            if (text.length() > Reply.TEXT_LIMIT) {
                break;
            }
        }
        return Optional.of(new Reply(Integer.parseInt(code), decode(text.toString())));
    }

    /** UTF-8 where it is (RFC 6531 section 3.7.4.1), else ISO-8859-1, which any octets are. */
    private static String decode(String octets) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(octets.getBytes(StandardCharsets.ISO_8859_1)))
                    .toString();
        } catch (CharacterCodingException e) {
            return octets;
        }
    }
}
