/**
 * What a mail that came back holds: a bounded walk over its MIME parts, and readers for reports
 * (RFC 3464, RFC 5965), for the free texts that half of the world sends instead, and for answers by
 * programs (RFC 3834). Takes bytes as they came, also malformed and hostile ones; its time and
 * memory are bounded by {@link posthaste.bounce.inbound.parse.Bounds}, and it throws nothing. Knows
 * nothing of what a refusal means: that is for the rules.
 */
@NullMarked
package posthaste.bounce.inbound.parse;

import org.jspecify.annotations.NullMarked;
