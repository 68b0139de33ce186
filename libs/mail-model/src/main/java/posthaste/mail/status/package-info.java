/**
 * What a server said: reply code, enhanced status code (RFC 3463) and text, bounded and harmless to
 * print.
 */
@NullMarked
package posthaste.mail.status;

import org.jspecify.annotations.NullMarked;
