/**
 * The fallback-service: tries again what could not be delivered at once, from delay tier to delay
 * tier, until it is delivered, refused or given up. Has the patience that the delivery-service must
 * not have. {@link posthaste.fallback.FallbackFlow} is the front door. Knows no other service.
 */
@NullMarked
package posthaste.fallback;

import org.jspecify.annotations.NullMarked;
