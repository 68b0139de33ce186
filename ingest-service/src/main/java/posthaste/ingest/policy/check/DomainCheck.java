package posthaste.ingest.policy.check;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import posthaste.ingest.policy.dns.Answer;
import posthaste.ingest.policy.dns.PolicyDns;

/** Whether a domain could take mail (RFC 5321 section 5.1, RFC 7505). */
final class DomainCheck {
    private final PolicyDns dns;

    DomainCheck(PolicyDns dns) {
        this.dns = dns;
    }

    enum Verdict {
        TAKES_MAIL,
        /** RFC 7505: it says that it takes none, so none comes from it that could be answered. */
        NULL_MX,
        /** There is no such name, or it has neither mail hosts nor addresses. */
        UNKNOWN,
        UNANSWERED
    }

    /**
     * Asks for MX, then for addresses.
     *
     * @param domain A-labels
     */
    Verdict of(String domain) {
        Name name;
        try {
            name = Name.fromString(domain, Name.root);
        } catch (TextParseException e) {
            return Verdict.UNKNOWN;
        }
        return switch (dns.lookUp(name, Type.MX).join()) {
            case Answer.Found(List<Record> records) ->
                    isNullMx(records) ? Verdict.NULL_MX : Verdict.TAKES_MAIL;
            case Answer.NoSuchName() -> Verdict.UNKNOWN;
            case Answer.Unanswered _ -> Verdict.UNANSWERED;
            case Answer.NoData() -> addresses(name);
        };
    }

    private Verdict addresses(Name name) {
        CompletableFuture<Answer> ipv4 = dns.lookUp(name, Type.A);
        CompletableFuture<Answer> ipv6 = dns.lookUp(name, Type.AAAA);
        List<Answer> both = List.of(ipv4.join(), ipv6.join());
        if (both.stream().anyMatch(Answer.Found.class::isInstance)) {
            return Verdict.TAKES_MAIL;
        }
        return both.stream().anyMatch(Answer.Unanswered.class::isInstance)
                ? Verdict.UNANSWERED
                : Verdict.UNKNOWN;
    }

    private static boolean isNullMx(List<Record> records) {
        return records.size() == 1
                && records.getFirst() instanceof MXRecord mx
                && mx.getTarget().equals(Name.root);
    }
}
