package posthaste.bounce.inbound.parse;

/**
 * A part without parts.
 *
 * @param from its first line after its header
 * @param to the line behind it
 * @param isWhole whether it is the mail's only part: its header is the mail's
 */
record Part(
        Lines lines, Header header, ContentType contentType, int from, int to, boolean isWhole) {
    /** The part as text, by its transfer encoding and charset, cut at {@link Bounds#TEXT}. */
    String text() {
        byte[] encoded = lines.copy(from, to, Bounds.TEXT * 2);
        byte[] decoded =
                TransferEncoding.decode(encoded, header.first("content-transfer-encoding"));
        String text = Charsets.decode(decoded, contentType.charset());
        return text.length() > Bounds.TEXT ? text.substring(0, Bounds.TEXT) : text;
    }

    /** The header section of a message within the part. */
    Header messageHeader() {
        return Header.read(lines, from, to);
    }

    boolean holdsMessage() {
        String type = contentType.type();
        return type.startsWith("message/rfc822")
                || (type.startsWith("message/global") && !type.contains("status"))
                || type.equals("message/partial")
                || type.equals("message/news")
                || type.contains("rfc822-headers")
                || type.contains("global-headers");
    }

    boolean isStatus() {
        return contentType.type().contains("delivery-status")
                || contentType.type().contains("deliverystatus");
    }

    boolean isFeedback() {
        return contentType.type().contains("feedback-report");
    }

    boolean isDispositionNotification() {
        return contentType.type().contains("disposition-notification");
    }
}
