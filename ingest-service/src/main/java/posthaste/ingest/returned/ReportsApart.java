package posthaste.ingest.returned;

import java.io.IOException;
import posthaste.ingest.accept.Acceptor;
import posthaste.ingest.accept.IncomingMail;
import posthaste.ingest.accept.Protocol;
import posthaste.mail.status.Reply;

/** Shows reports to their own door. */
public final class ReportsApart implements Acceptor {
    private final Acceptor mails;
    private final Acceptor reports;
    private final ReportAddresses addresses;

    public ReportsApart(Acceptor mails, Acceptor reports, ReportAddresses addresses) {
        this.mails = mails;
        this.reports = reports;
        this.addresses = addresses;
    }

    /** By SMTP alone: an application that injects mail has no reports for us. */
    @Override
    public Reply accept(IncomingMail mail) throws IOException {
        return mail.protocol() != Protocol.HTTP && addresses.isReport(mail.envelope())
                ? reports.accept(mail)
                : mails.accept(mail);
    }
}
