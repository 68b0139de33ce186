/**
 * From a recipient domain to the hosts that take its mail: configured routes, else MX with A/AAAA
 * fallback and null MX (RFC 5321 section 5, RFC 7505). Opens no SMTP connection.
 */
@NullMarked
package posthaste.outbound.routing;

import org.jspecify.annotations.NullMarked;
