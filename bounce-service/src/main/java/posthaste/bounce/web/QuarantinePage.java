package posthaste.bounce.web;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import posthaste.body.CorruptBodyException;
import posthaste.body.MissingBodyException;
import posthaste.body.StoreUnavailableException;
import posthaste.bounce.operator.NotRecordedException;
import posthaste.bounce.operator.Operator;
import posthaste.bounce.operator.OperatorActions;
import posthaste.bounce.quarantine.Quarantine;
import posthaste.bounce.quarantine.QuarantineFilter;
import posthaste.bounce.rest.QuarantineApi;
import posthaste.bounce.rest.UnknownMailException;
import posthaste.bounce.rest.WrongParameterException;
import posthaste.mail.envelope.MailId;
import posthaste.queue.OutcomeUnknownException;
import posthaste.queue.QueueUnavailableException;

/** The page of the quarantine: what was set aside, a look at it, and what is to become of it. */
@Controller
public class QuarantinePage {
    private static final int PAGE = 100;

    /** Of a message that is shown, in octets; all of it can be downloaded. */
    private static final int SHOWN = 64 * 1024;

    private final Quarantine quarantine;
    private final OperatorActions actions;

    QuarantinePage(Quarantine quarantine, OperatorActions actions) {
        this.quarantine = quarantine;
        this.actions = actions;
    }

    @GetMapping("/quarantine")
    String list(
            @RequestParam(defaultValue = "") String sender,
            @RequestParam(defaultValue = "") String recipient,
            @RequestParam(defaultValue = "") String reason,
            @RequestParam(defaultValue = "") String before,
            @RequestParam(required = false) Long ordered,
            Model model)
            throws QueueUnavailableException, InterruptedException {
        QuarantineFilter filter = new QuarantineFilter("", sender, recipient, reason);
        Quarantine.Listing listing =
                quarantine.list(filter, MailId.isValid(before) ? before : "", PAGE);
        model.addAttribute("filter", filter);
        model.addAttribute("listing", listing);
        model.addAttribute("ordered", ordered);
        if (listing.total() > listing.mails().size()) {
            model.addAttribute("next", listing.mails().getLast().id());
        }
        return "quarantine";
    }

    /** One mail, its message as text that does nothing. */
    @GetMapping("/quarantine/{id}")
    String show(@PathVariable String id, Model model)
            throws NoSuchPageException,
                    QueueUnavailableException,
                    StoreUnavailableException,
                    IOException,
                    InterruptedException {
        Quarantine.Listing found =
                MailId.isValid(id)
                        ? quarantine.list(QuarantineFilter.ofMail(id), "", PAGE)
                        : new Quarantine.Listing(0, java.util.List.of());
        if (found.mails().isEmpty()) {
            throw new NoSuchPageException();
        }
        Head head = new Head();
        try {
            boolean _ = quarantine.write(id, head, _ -> {});
        } catch (MissingBodyException | CorruptBodyException e) {
            model.addAttribute("problem", "Its message is missing or damaged in the body store.");
        }
        model.addAttribute("mail", found.mails().getFirst());
        model.addAttribute("jobs", found.mails());
        model.addAttribute("message", head.text());
        model.addAttribute("isCut", head.isCut());
        return "quarantined";
    }

    @GetMapping("/quarantine/{id}/message")
    void download(@PathVariable String id, HttpServletResponse response)
            throws NoSuchPageException,
                    QueueUnavailableException,
                    StoreUnavailableException,
                    IOException,
                    InterruptedException {
        try {
            if (!MailId.isValid(id)) {
                throw new NoSuchPageException();
            }
            QuarantineApi.download(quarantine, id, response);
        } catch (UnknownMailException _) {
            throw new NoSuchPageException();
        }
    }

    /** About one mail. */
    @PostMapping("/quarantine/{id}")
    String order(
            @PathVariable String id,
            @RequestParam String action,
            @RequestParam(defaultValue = "") String why,
            Operator operator)
            throws WrongParameterException,
                    NotRecordedException,
                    NoSuchPageException,
                    QueueUnavailableException,
                    OutcomeUnknownException,
                    InterruptedException {
        if (!MailId.isValid(id)
                || QuarantineApi.order(
                                quarantine,
                                actions,
                                QuarantineApi.action(action),
                                QuarantineFilter.ofMail(id),
                                operator,
                                QuarantineApi.words(why))
                        == 0) {
            throw new NoSuchPageException();
        }
        return "redirect:/mail/" + id;
    }

    /** About all that the list was narrowed to. */
    @PostMapping("/quarantine")
    String orderAll(
            @RequestParam String action,
            @RequestParam(defaultValue = "") String why,
            @RequestParam(defaultValue = "") String sender,
            @RequestParam(defaultValue = "") String recipient,
            @RequestParam(defaultValue = "") String reason,
            Operator operator)
            throws WrongParameterException,
                    NotRecordedException,
                    QueueUnavailableException,
                    OutcomeUnknownException,
                    InterruptedException {
        QuarantineFilter filter = new QuarantineFilter("", sender, recipient, reason);
        if (filter.isEmpty()) {
            throw new WrongParameterException("sender, recipient or reason", "given");
        }
        long jobs =
                QuarantineApi.order(
                        quarantine,
                        actions,
                        QuarantineApi.action(action),
                        filter,
                        operator,
                        QuarantineApi.words(why));
        return "redirect:/quarantine?ordered=" + jobs;
    }

    /** The beginning of what is written, as text. */
    private static final class Head extends OutputStream {
        private final byte[] bytes = new byte[SHOWN];
        private int length;
        private boolean cut;

        @Override
        public void write(int octet) {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] octets, int offset, int count) {
            int n = Math.min(count, SHOWN - length);
            System.arraycopy(octets, offset, bytes, length, n);
            length += n;
            cut |= n < count;
        }

        boolean isCut() {
            return cut;
        }

        /** Line ends stay; whatever else cannot be seen shows as a replacement character. */
        String text() {
            StringBuilder out = new StringBuilder(length);
            Shown show = new Shown(Instant.EPOCH);
            new String(bytes, 0, length, StandardCharsets.UTF_8)
                    .lines()
                    .forEach(line -> out.append(show.text(line.replace('\t', ' '))).append('\n'));
            return out.toString();
        }
    }
}
