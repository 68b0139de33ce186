package posthaste.bounce.rest;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import posthaste.body.CorruptBodyException;
import posthaste.body.MissingBodyException;
import posthaste.body.StoreUnavailableException;
import posthaste.bounce.operator.NotRecordedException;
import posthaste.bounce.operator.Operator;
import posthaste.bounce.operator.OperatorActions;
import posthaste.bounce.operator.RecordedAction;
import posthaste.bounce.quarantine.Quarantine;
import posthaste.bounce.quarantine.QuarantineFilter;
import posthaste.mail.envelope.MailId;
import posthaste.mail.record.QuarantineOrder.Action;
import posthaste.queue.OutcomeUnknownException;
import posthaste.queue.QueueUnavailableException;

/** {@code /api/v1/quarantine}: what was set aside, and what is to become of it. */
@RestController
@RequestMapping(path = "/api/v1/quarantine")
public class QuarantineApi {
    private static final Logger LOG = LoggerFactory.getLogger(QuarantineApi.class);
    private static final int LIMIT = 1000;
    private static final String NOT_THERE =
            "No such mail is in quarantine: it never was, or somebody has decided already.";
    private static final int WORDS = 500;

    private final Quarantine quarantine;
    private final OperatorActions actions;

    QuarantineApi(Quarantine quarantine, OperatorActions actions) {
        this.quarantine = quarantine;
        this.actions = actions;
    }

    /**
     * What is to be done.
     *
     * @param action {@code release} or {@code remove}
     * @param why for the record
     * @param sender and {@code recipient}, {@code reason}: which mail, when it is about many
     */
    record Wanted(
            @Nullable String action,
            @Nullable String why,
            @Nullable String sender,
            @Nullable String recipient,
            @Nullable String reason) {
        QuarantineFilter filter() {
            return new QuarantineFilter("", given(sender), given(recipient), given(reason));
        }
    }

    /**
     * What was ordered.
     *
     * @param jobs that it is about
     */
    record Ordered(String action, String operator, long jobs) {}

    /** Newest first. */
    @Described("What stands in quarantine, newest first")
    @GetMapping(produces = "application/json")
    Quarantine.Listing list(
            @RequestParam(defaultValue = "") String sender,
            @RequestParam(defaultValue = "") String recipient,
            @RequestParam(defaultValue = "") String reason,
            @RequestParam(defaultValue = "") String before,
            @RequestParam(defaultValue = "100") int limit)
            throws WrongParameterException, QueueUnavailableException, InterruptedException {
        if (limit < 1 || limit > LIMIT) {
            throw new WrongParameterException("limit", "a number from 1 to " + LIMIT);
        }
        if (!before.isEmpty() && !MailId.isValid(before)) {
            throw new WrongParameterException("before", "the id of a mail");
        }
        return quarantine.list(new QuarantineFilter("", sender, recipient, reason), before, limit);
    }

    /** The jobs of one mail. */
    @Described("A mail that stands in quarantine")
    @GetMapping(path = "/{id}", produces = "application/json")
    Quarantine.Listing show(@PathVariable String id)
            throws UnknownMailException, QueueUnavailableException, InterruptedException {
        Quarantine.Listing found = quarantine.list(QuarantineFilter.ofMail(checked(id)), "", LIMIT);
        if (found.mails().isEmpty()) {
            throw new UnknownMailException(NOT_THERE);
        }
        return found;
    }

    /** To be kept, not to be looked at: nothing of it is for a browser to interpret. */
    @Described("Its message, as it would be relayed")
    @GetMapping(path = "/{id}/message")
    void message(@PathVariable String id, HttpServletResponse response)
            throws UnknownMailException,
                    QueueUnavailableException,
                    StoreUnavailableException,
                    IOException,
                    InterruptedException {
        download(quarantine, checked(id), response);
    }

    /** Only JSON: no form of another site can send that. */
    @Described("Releases a mail from quarantine, or removes it")
    @PostMapping(path = "/{id}", consumes = "application/json", produces = "application/json")
    Ordered order(@PathVariable String id, @RequestBody Wanted wanted, Operator operator)
            throws WrongParameterException,
                    NotRecordedException,
                    UnknownMailException,
                    QueueUnavailableException,
                    OutcomeUnknownException,
                    InterruptedException {
        Ordered ordered = carryOut(wanted, QuarantineFilter.ofMail(checked(id)), operator);
        if (ordered.jobs() == 0) {
            throw new UnknownMailException(NOT_THERE);
        }
        return ordered;
    }

    /** About all mail that fits. */
    @Described("Releases or removes all mail that fits")
    @PostMapping(consumes = "application/json", produces = "application/json")
    Ordered orderAll(@RequestBody Wanted wanted, Operator operator)
            throws WrongParameterException,
                    NotRecordedException,
                    QueueUnavailableException,
                    OutcomeUnknownException,
                    InterruptedException {
        QuarantineFilter filter = wanted.filter();
        if (filter.isEmpty()) {
            throw new WrongParameterException("sender, recipient or reason", "given");
        }
        return carryOut(wanted, filter, operator);
    }

    /** Reads the name of an order. */
    public static Action action(@Nullable String name) throws WrongParameterException {
        return switch (given(name).toLowerCase(Locale.ROOT)) {
            case "release" -> Action.RELEASE;
            case "remove" -> Action.REMOVE;
            default -> throw new WrongParameterException("action", "release or remove");
        };
    }

    /** An operator's words, on one line and not too many. */
    public static String words(@Nullable String why) {
        String text = given(why).replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        return text.length() > WORDS ? text.substring(0, WORDS) : text;
    }

    /** Sends a message as a file. */
    public static void download(Quarantine quarantine, String id, HttpServletResponse response)
            throws UnknownMailException,
                    QueueUnavailableException,
                    StoreUnavailableException,
                    IOException,
                    InterruptedException {
        try {
            boolean found =
                    quarantine.write(
                            id,
                            new LateStream(response),
                            mail -> {
                                response.setContentType("application/octet-stream");
                                response.setHeader(
                                        "Content-Disposition",
                                        "attachment; filename=\"" + mail.id() + ".eml\"");
                                response.setHeader("X-Content-Type-Options", "nosniff");
                                response.setHeader("Content-Security-Policy", "sandbox");
                            });
            if (!found) {
                throw new UnknownMailException(NOT_THERE);
            }
        } catch (MissingBodyException | CorruptBodyException e) {
            LOG.warn("the message of {} in quarantine cannot be read", id, e);
            throw new UnknownMailException(NOT_THERE);
        }
    }

    private Ordered carryOut(Wanted wanted, QuarantineFilter filter, Operator operator)
            throws WrongParameterException,
                    NotRecordedException,
                    QueueUnavailableException,
                    OutcomeUnknownException,
                    InterruptedException {
        Action action = action(wanted.action());
        long jobs = order(quarantine, actions, action, filter, operator, words(wanted.why()));
        return new Ordered(action.name().toLowerCase(Locale.ROOT), operator.name(), jobs);
    }

    /** Orders, with a record. */
    public static long order(
            Quarantine quarantine,
            OperatorActions actions,
            Action action,
            QuarantineFilter filter,
            Operator operator,
            String why)
            throws NotRecordedException,
                    QueueUnavailableException,
                    OutcomeUnknownException,
                    InterruptedException {
        String name = "quarantine." + action.name().toLowerCase(Locale.ROOT);
        try (RecordedAction recorded = actions.begin(operator, name, target(filter), why)) {
            try {
                long jobs = quarantine.order(action, filter, operator.name(), why);
                recorded.done(jobs + " jobs");
                return jobs;
            } catch (QueueUnavailableException nothingDone) {
                recorded.failed();
                throw nothingDone;
            }
        }
    }

    private static String target(QuarantineFilter filter) {
        StringJoiner target = new StringJoiner(", ");
        Map<String, String> parts = new LinkedHashMap<>();
        parts.put("", filter.id());
        parts.put("sender ", filter.sender());
        parts.put("recipient ", filter.recipient());
        parts.put("reason ", filter.reason());
        parts.forEach((name, value) -> {
            if (!value.isEmpty()) {
                target.add(name + value);
            }
        });
        return target.toString();
    }

    private static String checked(String id) throws UnknownMailException {
        if (!MailId.isValid(id)) {
            throw new UnknownMailException(NOT_THERE);
        }
        return id;
    }

    private static String given(@Nullable String text) {
        return text == null ? "" : text;
    }

    /** Takes hold of the response when there is something to write: until then it may be a page. */
    private static final class LateStream extends OutputStream {
        private final HttpServletResponse response;

        LateStream(HttpServletResponse response) {
            this.response = response;
        }

        @Override
        public void write(int octet) throws IOException {
            response.getOutputStream().write(octet);
        }

        @Override
        public void write(byte[] octets, int offset, int count) throws IOException {
            response.getOutputStream().write(octets, offset, count);
        }
    }
}
