package posthaste.mail.verp;

import posthaste.mail.envelope.MailId;

/**
 * What a return address says that we made.
 *
 * @param tag stands for one recipient of the mail; see {@link VerpCodec#isFor}
 */
public record ReturnAddress(MailId mail, String tag) {}
