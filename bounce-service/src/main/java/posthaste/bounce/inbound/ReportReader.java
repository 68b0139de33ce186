package posthaste.bounce.inbound;

import java.util.Optional;
import posthaste.bounce.inbound.parse.Finding;
import posthaste.bounce.inbound.parse.MailParser;
import posthaste.bounce.inbound.parse.ParsedMail;
import posthaste.bounce.inbound.rules.BounceClass;
import posthaste.bounce.inbound.rules.BounceClassifier;
import posthaste.bounce.inbound.rules.Classification;
import posthaste.bounce.inbound.rules.Refusal;
import posthaste.mail.status.Reply;

/** Reads a mail that came back, and says what it means for each recipient. Never throws. */
public final class ReportReader {
    /** Octets of a mail that are looked at; whoever reads it need not read on. */
    public static final int MOST = MailParser.MOST;

    private final BounceClassifier classifier;

    public ReportReader(BounceClassifier classifier) {
        this.classifier = classifier;
    }

    /** Reads a mail as it came; its lines may end by CRLF, LF or CR. */
    public InboundReport read(byte[] mail) {
        ParsedMail parsed = MailParser.parse(mail);
        return new InboundReport(
                parsed.findings().stream().map(this::judge).toList(),
                told(parsed.originalMessageId()),
                told(parsed.originalEnvelopeId()));
    }

    private ReportedRecipient judge(Finding finding) {
        Classification judged =
                switch (finding.kind()) {
                    case BOUNCE -> refusal(finding);
                    case COMPLAINT -> plain(BounceClass.COMPLAINT);
                    case AUTOREPLY -> plain(BounceClass.AUTOREPLY);
                    case DELIVERED -> plain(BounceClass.DELIVERED);
                    case NONE -> plain(BounceClass.UNSPECIFIC);
                };
        return new ReportedRecipient(
                told(finding.recipient()),
                finding.kind(),
                judged.bounceClass(),
                judged.hard(),
                told(finding.status()),
                written(finding));
    }

    /** By the reply; by the words around it when no rule knows the reply's own. */
    private Classification refusal(Finding finding) {
        Classification byReply =
                classifier.classify(
                        new Refusal(
                                finding.code(),
                                finding.status(),
                                finding.reply(),
                                finding.command()));
        if (byReply.byText() || finding.context().isBlank()) {
            return byReply;
        }
        Classification byContext =
                classifier.classify(
                        new Refusal(
                                finding.code(),
                                finding.status(),
                                finding.context(),
                                finding.command()));
        return byContext.byText() ? byContext : byReply;
    }

    private static Classification plain(BounceClass bounceClass) {
        return new Classification(bounceClass, false, true, "kind");
    }

    private static Optional<String> told(String text) {
        return text.isBlank() ? Optional.empty() : Optional.of(text);
    }

    private static String written(Finding finding) {
        String status = finding.status();
        String text = finding.code() == 0 ? finding.reply() : status + ' ' + finding.reply();
        return finding.code() == 0
                ? new Reply(500, text).text()
                : new Reply(finding.code(), text).toString();
    }
}
