/**
 * The envelope of a mail: reverse-path, recipients, what the client asked for (RFC 5321, RFC 3461),
 * and the id that leads to everything else. Knows nothing of how it is stored or sent.
 */
@NullMarked
package posthaste.mail.envelope;

import org.jspecify.annotations.NullMarked;
