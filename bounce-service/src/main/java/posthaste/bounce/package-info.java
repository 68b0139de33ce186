/**
 * The bounce service: tells senders what became of their mail, and everybody else by the delivery
 * log. {@link posthaste.bounce.BounceFlow} is the front door of the first half; the second half
 * begins in {@code posthaste.bounce.deliverylog}. Delivers nothing itself: a notification takes the
 * way of any mail.
 */
@NullMarked
package posthaste.bounce;

import org.jspecify.annotations.NullMarked;
