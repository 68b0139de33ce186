/**
 * Events as others are told of them: the JSON form of docs/events.md, which webhooks send and
 * {@code posthaste events} prints. Knows what stands on {@code mail.events}, and what refusals
 * mean; must not know how an event travels on, nor the delivery log.
 */
@NullMarked
package posthaste.bounce.events;

import org.jspecify.annotations.NullMarked;
