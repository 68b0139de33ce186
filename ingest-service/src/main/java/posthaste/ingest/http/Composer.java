package posthaste.ingest.http;

import static posthaste.ingest.http.JsonMail.list;
import static posthaste.ingest.http.JsonMail.map;
import static posthaste.ingest.http.JsonMail.text;

import jakarta.activation.DataHandler;
import jakarta.mail.MessagingException;
import jakarta.mail.Part;
import jakarta.mail.Session;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.ContentType;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.internet.MimeUtility;
import jakarta.mail.internet.ParseException;
import jakarta.mail.util.ByteArrayDataSource;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UnsupportedEncodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;
import posthaste.ingest.accept.MessageSource;

/**
 * Makes the message that a JSON mail describes, without Date and Message-ID, which are added later.
 */
final class Composer {
    private static final String UTF_8 = "UTF-8";
    private static final Pattern NAME = Pattern.compile("[!-9;-~]{1,76}");

    /** They are said otherwise, or are ours to say. */
    private static final List<String> NOT_BY_HEADERS =
            List.of(
                    "from",
                    "to",
                    "cc",
                    "bcc",
                    "subject",
                    "sender",
                    "received",
                    "return-path",
                    "mime-version",
                    "dkim-signature");

    private static final int MOST_HEADERS = 100;
    private static final int MOST_TAGS = 20;
    private static final int LONGEST_VALUE = 4096;

    private final JsonMail mail;
    private final long mostOctets;

    Composer(JsonMail mail, long mostOctets) {
        this.mail = mail;
        this.mostOctets = mostOctets;
    }

    /** An address with its display name, as the mail gives it. */
    static InternetAddress address(String field, String given) {
        onOneLine(field, given);
        try {
            InternetAddress[] parsed = InternetAddress.parse(given, true);
            if (parsed.length == 1 && !parsed[0].isGroup()) {
                String personal = parsed[0].getPersonal();
                return personal == null
                        ? parsed[0]
                        : new InternetAddress(parsed[0].getAddress(), personal, UTF_8);
            }
        } catch (AddressException | UnsupportedEncodingException e) {
            // Told below, with the field that it stands in.
        }
        throw HttpProblem.of(422, field + " has to be one address, as Ann <ann@example.org>.");
    }

    /**
     * The message for these recipients.
     *
     * @param to shown in the header
     */
    MessageSource message(List<String> to, List<String> cc, Personalized personalized) {
        try {
            WithoutId message = new WithoutId(session());
            message.setFrom(address("from", text(mail.from())));
            message.setRecipients(MimeMessage.RecipientType.TO, addresses("to", to));
            message.setRecipients(MimeMessage.RecipientType.CC, addresses("cc", cc));
            String subject = personalized.text(text(mail.subject()));
            onOneLine("subject", subject);
            if (!subject.isEmpty()) {
                message.setSubject(subject, UTF_8);
            }
            headers(message);
            content(message, personalized);
            message.saveChanges();
            return sink -> {
                LineEnds lines = new LineEnds(sink, mostOctets);
                write(
                        message,
                        new OutputStream() {
                            @Override
                            public void write(int b) {
                                write(new byte[] {(byte) b}, 0, 1);
                            }

                            @Override
                            public void write(byte[] bytes, int offset, int length) {
                                lines.write(bytes, offset, length);
                            }
                        });
                lines.end();
            };
        } catch (MessagingException | IOException e) {
            throw HttpProblem.of(422, "No message can be made of this: " + e.getMessage());
        }
    }

    private static void write(MimeMessage message, OutputStream out) throws IOException {
        try {
            message.writeTo(out);
        } catch (MessagingException e) {
            throw new IOException("a composed message cannot be written", e);
        }
    }

    private static Session session() {
        Properties properties = new Properties();
        // Addresses in UTF-8 stay as they are; the envelope asks for SMTPUTF8 then.
        properties.setProperty("mail.mime.allowutf8", "true");
        return Session.getInstance(properties);
    }

    private static InternetAddress[] addresses(String field, List<String> given) {
        return given.stream().map(one -> address(field, one)).toArray(InternetAddress[]::new);
    }

    private void headers(MimeMessage message) throws MessagingException, IOException {
        Map<String, String> headers = map(mail.headers());
        if (headers.size() > MOST_HEADERS) {
            throw HttpProblem.of(422, "headers has more than " + MOST_HEADERS + " fields.");
        }
        for (Map.Entry<String, String> header : headers.entrySet()) {
            String lower = header.getKey().toLowerCase(Locale.ROOT);
            if (!NAME.matcher(header.getKey()).matches()
                    || NOT_BY_HEADERS.contains(lower)
                    || lower.startsWith("content-")) {
                throw HttpProblem.of(
                        422, "headers holds a field that cannot be given there: " + shown(lower));
            }
            add(message, header.getKey(), text(header.getValue()));
        }
        List<String> tags = list(mail.tags());
        Map<String, String> metadata = map(mail.metadata());
        if (tags.size() > MOST_TAGS || metadata.size() > MOST_TAGS) {
            throw HttpProblem.of(422, "There may be " + MOST_TAGS + " tags and metadata.");
        }
        for (String tag : tags) {
            add(message, "X-Tag", tag);
        }
        for (Map.Entry<String, String> one : metadata.entrySet()) {
            if (!NAME.matcher(one.getKey()).matches()) {
                throw HttpProblem.of(422, "metadata has a name that none may have.");
            }
            add(message, "X-Metadata", one.getKey() + "=" + text(one.getValue()));
        }
    }

    private static void add(MimeMessage message, String name, String value)
            throws MessagingException, IOException {
        onOneLine(name, value);
        if (value.length() > LONGEST_VALUE) {
            throw HttpProblem.of(422, name + " is longer than " + LONGEST_VALUE + " characters.");
        }
        message.addHeader(
                name,
                MimeUtility.fold(name.length() + 2, MimeUtility.encodeText(value, UTF_8, null)));
    }

    private void content(MimeMessage message, Personalized personalized) throws MessagingException {
        List<MimeBodyPart> inline = new ArrayList<>();
        List<MimeBodyPart> attached = new ArrayList<>();
        for (JsonMail.Attachment attachment : list(mail.attachments())) {
            (text(attachment.cid()).isEmpty() ? attached : inline).add(part(attachment));
        }
        String plain = text(mail.text());
        String markup = text(mail.html());
        MimeBodyPart body = textPart(personalized.text(plain), "plain");
        if (!markup.isEmpty()) {
            MimeBodyPart html = textPart(personalized.html(markup), "html");
            html = inline.isEmpty() ? html : with("related", html, inline);
            body = plain.isEmpty() ? html : with("alternative", body, List.of(html));
        } else {
            attached.addAll(inline);
        }
        if (attached.isEmpty()) {
            message.setDataHandler(body.getDataHandler());
        } else {
            message.setContent(multipart("mixed", body, attached));
        }
    }

    private static MimeBodyPart textPart(String content, String subtype) throws MessagingException {
        MimeBodyPart part = new MimeBodyPart();
        part.setText(content.replaceAll("\r\n|\r|\n", "\r\n"), UTF_8, subtype);
        return part;
    }

    private static MimeBodyPart with(String subtype, MimeBodyPart first, List<MimeBodyPart> others)
            throws MessagingException {
        MimeBodyPart part = new MimeBodyPart();
        part.setContent(multipart(subtype, first, others));
        return part;
    }

    private static MimeMultipart multipart(
            String subtype, MimeBodyPart first, List<MimeBodyPart> others)
            throws MessagingException {
        MimeMultipart multipart = new MimeMultipart(subtype);
        multipart.addBodyPart(first);
        for (MimeBodyPart other : others) {
            multipart.addBodyPart(other);
        }
        return multipart;
    }

    private static MimeBodyPart part(JsonMail.Attachment attachment) throws MessagingException {
        String name = text(attachment.filename());
        String cid = text(attachment.cid());
        onOneLine("filename", name);
        onOneLine("cid", cid);
        MimeBodyPart part = new MimeBodyPart();
        part.setDataHandler(
                new DataHandler(
                        new ByteArrayDataSource(
                                decoded(attachment), contentType(attachment).toString())));
        // Whatever its type, a file arrives as the octets that it has.
        part.setHeader("Content-Transfer-Encoding", "base64");
        part.setDisposition(cid.isEmpty() ? Part.ATTACHMENT : Part.INLINE);
        if (!name.isEmpty()) {
            part.setFileName(name);
        }
        if (!cid.isEmpty()) {
            if (!cid.matches("[A-Za-z0-9._@+-]{1,200}")) {
                throw HttpProblem.of(422, "cid is letters, digits and . _ @ + -");
            }
            part.setContentID("<" + cid + ">");
        }
        return part;
    }

    private static byte[] decoded(JsonMail.Attachment attachment) {
        try {
            return Base64.getMimeDecoder()
                    .decode(text(attachment.content()).getBytes(StandardCharsets.ISO_8859_1));
        } catch (IllegalArgumentException e) {
            throw HttpProblem.of(422, "The content of an attachment is not base64.");
        }
    }

    private static ContentType contentType(JsonMail.Attachment attachment) {
        String type = text(attachment.contentType());
        onOneLine("contentType", type);
        try {
            ContentType parsed =
                    new ContentType(type.isEmpty() ? "application/octet-stream" : type);
            if (!parsed.getPrimaryType().equalsIgnoreCase("multipart")
                    && !parsed.getPrimaryType().equalsIgnoreCase("message")) {
                return parsed;
            }
        } catch (ParseException e) {
            // Told below.
        }
        throw HttpProblem.of(422, "contentType has to be one of a file, as image/png.");
    }

    private static void onOneLine(String field, String value) {
        if (value.codePoints().anyMatch(Character::isISOControl)) {
            throw HttpProblem.of(
                    422, field + " holds a character that ends lines or is invisible.");
        }
    }

    private static String shown(String name) {
        return name.replaceAll("[^!-~]", "?").substring(0, Math.min(40, name.length()));
    }

    /** Without the Message-ID that Jakarta Mail would make. */
    private static final class WithoutId extends MimeMessage {
        WithoutId(Session session) {
            super(session);
        }

        @Override
        protected void updateMessageID() {
            // Ours is added with the Date, and signed.
        }
    }
}
