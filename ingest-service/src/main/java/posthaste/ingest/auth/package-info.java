/**
 * Logging in: SASL's dialogue as SMTP carries it (RFC 4954), judged by users and throttle. Lines
 * in, replies out; a door hands the lines over and reads no socket here. Whether a login may do
 * what it wants is a policy's affair.
 */
@NullMarked
package posthaste.ingest.auth;

import org.jspecify.annotations.NullMarked;
