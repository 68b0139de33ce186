package posthaste.ingest.content;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import posthaste.mail.status.Reply;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What rspamd's answer means for a mail. Its actions are followed as a milter follows them, but for
 * what would change the bytes that were submitted (DESIGN 3, invariant 6): a subject is not
 * rewritten but told in a field of its own, and no field of the message is removed.
 *
 * @param onReject what its action {@code reject} leads to
 * @param onAddHeader what its actions {@code add header} and {@code rewrite subject} lead to
 */
public record RspamdVerdicts(OnReject onReject, OnAddHeader onAddHeader) {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int FIELDS = 50;
    private static final int REPLY_LIMIT = 300;

    /** What becomes of a mail that rspamd rejects. */
    public enum OnReject {
        /** The client gets a 554. */
        REFUSE,
        /** An operator is to look at it. */
        QUARANTINE
    }

    /** What becomes of a mail that rspamd takes for probable spam. */
    public enum OnAddHeader {
        /** It passes with {@code X-Spam: Yes}. */
        TAG,
        /** An operator is to look at it. */
        QUARANTINE
    }

    /**
     * Reads an answer.
     *
     * @throws IOException when it is none
     */
    Verdict read(byte[] answer) throws IOException {
        JsonNode root;
        try {
            root = JSON.readTree(answer);
        } catch (JacksonException e) {
            throw new IOException("rspamd's answer is no JSON", e);
        }
        if (!root.isObject() || !root.path("action").isString()) {
            throw new IOException("rspamd's answer names no action");
        }
        String action = root.path("action").asString().toLowerCase(Locale.ROOT).strip();
        return switch (action) {
            case "no action" -> new Verdict.Accept(milterFields(root));
            case "reject" ->
                    switch (onReject) {
                        case REFUSE ->
                                new Verdict.Refuse(
                                        new Reply(
                                                554,
                                                "5.7.1 " + said(root, "spam message rejected")));
                        case QUARANTINE -> quarantine(action, root);
                    };
            case "soft reject" ->
                    new Verdict.Defer(new Reply(451, "4.7.1 " + said(root, "try again later")));
            case "greylist" ->
                    new Verdict.Defer(
                            new Reply(451, "4.7.1 " + said(root, "greylisted, try again later")));
            case "add header", "rewrite subject" ->
                    switch (onAddHeader) {
                        case TAG -> new Verdict.Accept(spamFields(root));
                        case QUARANTINE -> quarantine(action, root);
                    };
            // To drop a mail in silence is no end that a mail may have (invariant 2).
            case "quarantine", "discard" -> quarantine(action, root);
            default -> throw new IOException("rspamd wants what nobody knows: " + action);
        };
    }

    private static Verdict quarantine(String action, JsonNode root) {
        return new Verdict.Quarantine(
                "rspamd: "
                        + action
                        + ", score "
                        + root.path("score").asDouble(0)
                        + " of "
                        + root.path("required_score").asDouble(0),
                spamFields(root));
    }

    private static List<AddedField> spamFields(JsonNode root) {
        List<AddedField> fields = new ArrayList<>();
        boolean named = false;
        for (AddedField field : milterFields(root)) {
            named |= field.name().equalsIgnoreCase("X-Spam");
            fields.add(field);
        }
        if (!named) {
            fields.addFirst(new AddedField("X-Spam", "Yes"));
        }
        JsonNode subject = root.path("subject");
        if (subject.isString() && !subject.asString().isBlank()) {
            fields.add(new AddedField("X-Spam-Subject", subject.asString()));
        }
        return fields;
    }

    /** {@code "X-A": "v"}, {@code {"value": "v"}}, or a list of either. */
    private static List<AddedField> milterFields(JsonNode root) {
        List<AddedField> fields = new ArrayList<>();
        for (Map.Entry<String, JsonNode> entry :
                root.path("milter").path("add_headers").properties()) {
            JsonNode given = entry.getValue();
            for (JsonNode one : given.isArray() ? given.values() : List.of(given)) {
                JsonNode value = one.isObject() ? one.path("value") : one;
                if (value.isValueNode() && fields.size() < FIELDS) {
                    AddedField.wanted(entry.getKey(), value.asString("")).ifPresent(fields::add);
                }
            }
        }
        return fields;
    }

    private static String said(JsonNode root, String otherwise) {
        String message =
                AddedField.onOneLine(root.path("messages").path("smtp_message").asString(""));
        if (message.isEmpty()) {
            return otherwise;
        }
        return message.length() > REPLY_LIMIT ? message.substring(0, REPLY_LIMIT) : message;
    }
}
