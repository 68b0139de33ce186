/**
 * What tests of every module need: a real SMTP server that answers as it is told ({@link
 * posthaste.testing.ScriptedSmtpPeer}), a DNS server likewise, a raw SMTP client, a clock that
 * stands still. Knows nothing of mail queues, bodies or our records.
 */
@NullMarked
package posthaste.testing;

import org.jspecify.annotations.NullMarked;
