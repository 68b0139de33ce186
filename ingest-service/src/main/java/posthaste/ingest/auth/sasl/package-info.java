/**
 * The mechanisms of SASL as state machines (RFC 4422): PLAIN (RFC 4616), LOGIN, SCRAM-SHA-256 (RFC
 * 5802, RFC 7677), OAUTHBEARER (RFC 7628) and XOAUTH2. Octets in, octets out; who a user is and
 * whether a secret is right is a {@link posthaste.ingest.auth.sasl.Judge}'s word. Knows no SMTP,
 * and no place where users are kept.
 */
@NullMarked
package posthaste.ingest.auth.sasl;

import org.jspecify.annotations.NullMarked;
