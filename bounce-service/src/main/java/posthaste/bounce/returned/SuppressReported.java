package posthaste.bounce.returned;

import java.util.function.Predicate;
import posthaste.bounce.inbound.parse.ReportKind;
import posthaste.bounce.inbound.rules.BounceClass;
import posthaste.bounce.inbound.rules.Classification;
import posthaste.bounce.returned.Matched.Told;
import posthaste.bounce.suppression.SuppressionFeed;
import posthaste.mail.address.EmailAddress;
import posthaste.mail.envelope.Stream;

/**
 * Step 4: tells the suppression list, behind all that can make a report come again. A bounce has to
 * be proved by its return address, since anybody can write one about anybody. A complaint may also
 * come to an address that only those know who run feedback loops. Answers, delays and confirmations
 * say nothing against an address.
 */
final class SuppressReported {
    private final SuppressionFeed feed;
    private final Predicate<EmailAddress> takesComplaints;

    SuppressReported(SuppressionFeed feed, Predicate<EmailAddress> takesComplaints) {
        this.feed = feed;
        this.takesComplaints = takesComplaints;
    }

    /**
     * Takes note. Never waits.
     *
     * @return the same, for the next step
     */
    Forwarded noted(Forwarded forwarded) {
        Matched matched = forwarded.matched();
        Report report = matched.report();
        boolean isByLoop =
                report.envelope().recipients().stream()
                        .anyMatch(recipient -> takesComplaints.test(recipient.address()));
        for (Told told : matched.told()) {
            boolean counts =
                    switch (told.finding().kind()) {
                        case BOUNCE -> told.isProved() && !report.isDelayOnly();
                        case COMPLAINT -> told.isProved() || isByLoop;
                        case AUTOREPLY, DELIVERED, NONE -> false;
                    };
            if (counts) {
                feed.reported(
                        new Stream(told.mail().stream()),
                        EmailAddress.of(told.recipient()),
                        new Classification(
                                told.finding().kind() == ReportKind.BOUNCE
                                        ? told.finding().bounceClass()
                                        : BounceClass.COMPLAINT,
                                told.finding().hard(),
                                true,
                                "report"),
                        report.envelope().acceptedAt(),
                        told.finding().reply());
            }
        }
        return forwarded;
    }
}
