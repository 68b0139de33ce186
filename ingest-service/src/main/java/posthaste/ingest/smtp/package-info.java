/**
 * The SMTP listener (RFC 5321): SubEthaSMTP holds the server socket and the sessions, the
 * conversation is ours. {@link posthaste.ingest.smtp.Conversation} is the protocol as a pure state
 * machine, {@link posthaste.ingest.smtp.DataReader} and {@link posthaste.ingest.smtp.ChunkReader}
 * find the end of a message, {@link posthaste.ingest.smtp.Connection} does the input and output,
 * {@link posthaste.ingest.smtp.Watchdog} holds everyone to the deadlines. Knows neither how a mail
 * is stored nor what becomes of it.
 */
@NullMarked
package posthaste.ingest.smtp;

import org.jspecify.annotations.NullMarked;
