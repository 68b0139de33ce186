package posthaste.bounce.dsn;

import posthaste.mail.address.EmailAddress;

/**
 * Who reports.
 *
 * @param mta our name in Reporting-MTA and Message-ID: a domain
 * @param from the address in the From field
 */
public record Reporter(String mta, EmailAddress from) {}
