/**
 * How much of what: messages, recipients, octets and sessions in a time, of a login, a client's
 * address or a sender's domain, over all instances. Knows no protocol and no topic: what others
 * have used comes over a {@link posthaste.ingest.policy.rate.UsageBoard}.
 */
@NullMarked
package posthaste.ingest.policy.rate;

import org.jspecify.annotations.NullMarked;
