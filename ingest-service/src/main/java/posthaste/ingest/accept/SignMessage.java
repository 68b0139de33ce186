package posthaste.ingest.accept;

import java.util.ArrayList;
import java.util.List;
import posthaste.ingest.message.HeaderField;
import posthaste.ingest.message.MessageHeader;

/**
 * Step 2: signs the message as it will be relayed, with all that is added to it, so it is the last
 * that adds.
 */
public final class SignMessage {

    /** Adds the signatures, where there is a key for them. */
    public ReceivedMail sign(ReceivedMail mail) {
        if (mail.signing().isEmpty()) {
            return mail;
        }
        boolean signed = false;
        try {
            List<HeaderField> header =
                    new ArrayList<>(MessageHeader.of(mail.envelope().addedFields()).fields());
            header.addAll(mail.header().fields());
            ReceivedMail done =
                    mail.adding(mail.signing().get().fields(header, mail.envelope().acceptedAt()));
            signed = true;
            return done;
        } finally {
            if (!signed) {
                mail.body().close();
            }
        }
    }
}
