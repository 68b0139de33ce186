/**
 * The suppression list: addresses that get no mail, for a stream or for all. Truth is the compacted
 * topic {@code mail.suppression}; every process that accepts or delivers holds it whole, as
 * fingerprints, so that no mail waits for a database. Knows nothing of SMTP, of web pages and of
 * what bounces mean.
 */
@NullMarked
package posthaste.service.suppression;

import org.jspecify.annotations.NullMarked;
