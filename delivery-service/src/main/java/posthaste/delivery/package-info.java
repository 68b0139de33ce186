/**
 * The delivery-service: makes jobs of splits and tries each job once, without waiting. What cannot
 * be delivered at once leaves for the fallback-service, so that good mail never queues behind bad.
 * {@link posthaste.delivery.DeliveryFlow} is the front door. Knows no other service.
 */
@NullMarked
package posthaste.delivery;

import org.jspecify.annotations.NullMarked;
