package posthaste.ingest.http;

import com.fasterxml.jackson.annotation.Nulls;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * A mail as JSON describes it; docs/rest-api.md says what the fields mean. What is not given is
 * empty.
 *
 * @param from {@code ann@example.org} or {@code Ann <ann@example.org>}
 * @param envelopeFrom the reverse-path; {@code from} if empty
 * @param recipients one mail each; then to, cc and bcc are empty
 */
record JsonMail(
        @Nullable String from,
        @Nullable List<String> to,
        @Nullable List<String> cc,
        @Nullable List<String> bcc,
        @Nullable String subject,
        @Nullable String text,
        @Nullable String html,
        @Nullable List<Attachment> attachments,
        @Nullable Map<String, String> headers,
        @Nullable String envelopeFrom,
        @Nullable String stream,
        @Nullable List<String> tags,
        @Nullable Map<String, String> metadata,
        @Nullable List<Personal> recipients) {

    /**
     * A file.
     *
     * @param contentType {@code application/octet-stream} if empty
     * @param content in base64
     * @param cid by which the HTML names it, as {@code <img src="cid:logo">}; empty: an attachment
     */
    record Attachment(
            @Nullable String filename,
            @Nullable String contentType,
            @Nullable String content,
            @Nullable String cid) {}

    /**
     * Somebody who gets a mail of his own.
     *
     * @param substitutions what stands for {@code {{name}}} in subject, text and HTML
     */
    record Personal(@Nullable String to, @Nullable Map<String, String> substitutions) {}

    private static final JsonMapper MAPPER =
            JsonMapper.builder()
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    // A field that is null is not given; an element that is null means nothing.
                    .changeDefaultNullHandling(nulls -> nulls.withContentNulls(Nulls.FAIL))
                    .build();

    /**
     * Reads what a client sends.
     *
     * @throws JacksonException when it is none
     */
    static JsonMail parse(byte[] json) {
        JsonMail mail = MAPPER.readValue(json, JsonMail.class);
        if (mail == null) {
            throw HttpProblem.of(422, "The body is no mail as JSON: it is null.");
        }
        return mail;
    }

    static String text(@Nullable String given) {
        return given == null ? "" : given;
    }

    static <T> List<T> list(@Nullable List<T> given) {
        return given == null ? List.of() : given;
    }

    static Map<String, String> map(@Nullable Map<String, String> given) {
        return given == null ? Map.of() : given;
    }
}
