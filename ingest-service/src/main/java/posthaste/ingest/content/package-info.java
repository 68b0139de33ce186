/**
 * What scanners say of a message while its client waits for the reply to the final dot: accept it,
 * perhaps with header fields on top, refuse it, put it into quarantine, or ask the client to come
 * again. Knows the protocols of the scanners; knows neither SMTP nor HTTP as doors, and nothing of
 * what becomes of a mail that is accepted.
 */
@NullMarked
package posthaste.ingest.content;

import org.jspecify.annotations.NullMarked;
