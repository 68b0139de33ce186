package posthaste.bounce.inbound.parse;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The free texts of mailer daemons: nothing but a recipient and a reason, in any words. */
final class DaemonText {
    private static final Pattern DAEMON =
            Pattern.compile(
                    "mailer[-_ ]?daemon|\\bm?daemon@|post[-_]?master|mail delivery (?:sub)?system|mail deliver system|mail administrator|mail.?delivery|mail system|double-bounce");
    private static final Pattern SUBJECT =
            Pattern.compile(
                    "undeliver|returned mail|mail returned|return(?:ed)? to sender|deliver\\w* (?:status|failure|failed|failing|problem|notif|error|report|has failed|incomplete)"
                            + "|failure (?:notice|delivery)|(?:delivery|mail|message) (?:has )?fail|non.?delivery|not delivered|mail (?:system )?error|could not (?:be delivered|send)"
                            + "|error sending your mail|message (?:you sent )?blocked|cannot be delivered|warning: could not send|delayed mail|mail delivery|bounce|unzustellbar|non remis|"
                            + "nicht zugestellt|no entregado|não entregue|errors from|user unknown|unknown user|no such user|недоставлен|не доставлен|未送達|配信|エラー"
                            + "|退信|退回|投递失败|无法送达|無法送達|반송|전송 ?실패|mancata consegna|échec de (?:la )?(?:remise|distribution)|no se (?:puede|pudo) entregar|no entregado"
                            + "|nie dostarczono|onbestelbaar|zustellung fehlgeschlagen|zustellfehler");
    private static final Pattern BODY =
            Pattern.compile(
                    "deliver(?:y|ed)?\\b.{0,60}\\b(?:fail|error|problem|not|unable|could|delayed|impossible)|(?:fail|error|problem|not|unable|could|trouble).{0,60}deliver"
                            + "|permanent(?:ly)? (?:error|fail|fatal)|undeliver|did not reach|not reach|transcript of|user unknown|unknown user|no such user|invalid user|rejected (?:by|recipient|your|sender)"
                            + "|mailbox.{0,40}full|smtp error|returned to you|was rejected|non remis|no se pudo|nicht zugestellt|не может быть|无法送达|無法送達|被退回|退信|配信できません|не удалось доставить|n'a pas pu|не был доставлен|konnte.{0,40}nicht.{0,40}zugestellt|no se ha podido entregar|non può essere|nie została dostarczona|전송하지 못|not delivered|error message below|invalid final delivery");

    /** People and programs that talk of bounces, by their subjects. */
    private static final Pattern ABOUT_BOUNCES =
            Pattern.compile(
                    "\\?\\s*$|^\\W*(?:alert|alarm|monitor\\w*|statistics|summary|digest|logwatch|cron|daily|weekly|monthly)\\b");

    private static final Pattern NO_REPLY = Pattern.compile("\\b(?:no|do-?not)[-_.]?reply@");

    private DaemonText() {}

    static List<Finding> in(Content content) {
        Header header = content.header();
        boolean daemon = fromDaemon(header);
        boolean failed = header.has("x-failed-recipients");
        String path = header.first("return-path").strip();
        boolean nullPath = header.has("return-path") && (path.equals("<>") || path.isEmpty());
        boolean subject = SUBJECT.matcher(Ascii.lower(subject(header))).find();
        String told = Ascii.lower(String.join(" ", content.told()));
        boolean body =
                BODY.matcher(told.length() > 20_000 ? told.substring(0, 20_000) : told).find();
        int evidence =
                (daemon ? 2 : 0)
                        + (nullPath ? 1 : 0)
                        + (subject ? 1 : 0)
                        + (body ? 1 : 0)
                        + (failed ? 3 : 0);
        boolean ofPerson = !daemon && !nullPath && !failed;
        boolean returns = !content.returned().isEmpty();
        boolean unattended = NO_REPLY.matcher(Ascii.lower(header.first("from"))).find();
        boolean sendsBack = unattended && returns;
        boolean enough = evidence >= 2 || (sendsBack && body);
        if (!enough || (ofPerson && !(body && (subject || sendsBack)))) {
            return List.of();
        }
        if (ofPerson && ABOUT_BOUNCES.matcher(Ascii.lower(subject(header))).find()) {
            return List.of();
        }
        if (!daemon && !failed && header.has("list-unsubscribe")) {
            // What can be unsubscribed from is no report, whatever it quotes.
            return List.of();
        }
        if (ofPerson && isReplyOrForward(header) && !told.contains("transcript of session")) {
            return List.of();
        }
        List<Finding> findings = findings(content);
        boolean reasons =
                told.contains("error:")
                        || findings.stream()
                                .anyMatch(each -> each.code() >= 400 || !each.status().isEmpty());
        boolean names = !Mentions.sureIn(content.told(), content.senders()).isEmpty();
        return ofPerson && !reasons && !returns && !(subject && names) ? List.of() : findings;
    }

    static boolean namesRecipients(Content content) {
        return content.header().has("x-failed-recipients")
                || !Mentions.in(content.told(), content.senders()).isEmpty();
    }

    private static boolean isReplyOrForward(Header header) {
        String subject = Ascii.lower(subject(header));
        return subject.startsWith("re:") || subject.startsWith("aw:") || header.has("in-reply-to");
    }

    static boolean fromDaemon(Header header) {
        if (header.has("x-mlserver") && header.first("message-id").contains(".FML")) {
            // A list server by the name of fml: what it writes itself, not what it hands on.
            return true;
        }
        for (String name : List.of("from", "sender", "return-path")) {
            if (DAEMON.matcher(Ascii.lower(header.first(name))).find()) {
                return true;
            }
        }
        return false;
    }

    static String subject(Header header) {
        return EncodedWords.decode(header.first("subject"));
    }

    /** What the text tells of each recipient; of the returned mail's when it names none. */
    static List<Finding> findings(Content content) {
        List<String> told = content.told();
        String whole = String.join("\n", told);
        boolean failed = content.header().has("x-failed-recipients");
        Map<String, String> mentions =
                failed
                        ? Mentions.sureIn(told, content.senders())
                        : Mentions.in(told, content.senders());
        List<String> recipients = new ArrayList<>(mentions.keySet());
        if (recipients.isEmpty() && failed) {
            Addresses.in(content.header().first("x-failed-recipients"))
                    .forEach(each -> recipients.add(each.address()));
        }
        if (recipients.isEmpty()) {
            content.origin().recipients().stream().findFirst().ifPresent(recipients::add);
        }
        List<Finding> findings = new ArrayList<>();
        for (String recipient : recipients) {
            String about = mentions.getOrDefault(recipient, whole);
            ServerReply reply = ServerReply.in(about);
            if (!reply.found()) {
                ServerReply elsewhere = ServerReply.in(whole);
                if (recipients.size() == 1 && elsewhere.found()) {
                    reply = elsewhere;
                    about = whole;
                }
            }
            String said = reply.found() ? reply.text() : withoutRecipient(about, recipient);
            String command = RefusedCommand.in(about);
            findings.add(
                    new Finding(
                            ReportKind.BOUNCE,
                            recipient,
                            reply.code(),
                            reply.status(),
                            said,
                            command.isEmpty() && recipients.size() == 1
                                    ? RefusedCommand.in(whole)
                                    : command,
                            recipients.size() == 1 ? whole : about));
        }
        return findings;
    }

    private static String withoutRecipient(String about, String recipient) {
        return about.replace(recipient, "").replace("<>", "").strip();
    }
}
