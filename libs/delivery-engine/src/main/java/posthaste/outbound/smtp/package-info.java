/**
 * The SMTP client: sessions with next hops and the mails sent through them (RFC 5321, 2920, 1870,
 * 6152, 6531, 3461, 3207), on Angus Mail's {@code SMTPTransport} over our own socket. What a
 * trouble means for a recipient is decided in {@link posthaste.outbound.failure}; which host is
 * next, and how many sessions there may be, is not known here.
 */
@NullMarked
package posthaste.outbound.smtp;

import org.jspecify.annotations.NullMarked;
