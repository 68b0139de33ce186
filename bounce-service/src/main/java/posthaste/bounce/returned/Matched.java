package posthaste.bounce.returned;

import java.util.List;
import posthaste.bounce.deliverylog.LoggedOriginals.Original;
import posthaste.bounce.inbound.ReportedRecipient;

/**
 * A report, and the mails that it is about.
 *
 * @param told one for each recipient of ours that it concerns; none: nobody knows what it is about
 */
record Matched(Report report, List<Told> told) {

    /**
     * What is told of one recipient.
     *
     * @param recipient of the mail, as it was accepted
     * @param isProved by a return address that we made for this mail and recipient; otherwise by
     *     the report's own words, which anybody can write
     */
    record Told(Original mail, String recipient, ReportedRecipient finding, boolean isProved) {}

    Matched {
        told = List.copyOf(told);
    }
}
