/**
 * How many attempts a destination gets at once, and when none: adaptive concurrency, health,
 * waiting, idle connections. The rules are plain state machines with the time passed in ({@code
 * ConcurrencyLimit}, {@code Health}, {@code Backlog}); {@link
 * posthaste.outbound.destination.Destination} puts threads and connections to them. Knows neither
 * routes nor mails.
 */
@NullMarked
package posthaste.outbound.destination;

import org.jspecify.annotations.NullMarked;
