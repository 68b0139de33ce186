/**
 * Events out, by HTTP: every configured endpoint follows {@code mail.events} by a group of its own,
 * so that one that is slow or away holds up nobody, and goes on where it stood. What an event looks
 * like is said in {@code posthaste.bounce.events}. Must not know the delivery log or a database.
 */
@NullMarked
package posthaste.bounce.webhooks;

import org.jspecify.annotations.NullMarked;
