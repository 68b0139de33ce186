/**
 * Mail addresses as RFC 5321 and RFC 6531 write them, parsed once at the border and valid from then
 * on. Knows nothing of SMTP commands, DNS or routes.
 */
@NullMarked
package posthaste.mail.address;

import org.jspecify.annotations.NullMarked;
