/**
 * What a refusal means: rules, which are data, and the classifier that applies them to a status and
 * a reply. Serves the bounces that come back and our own failed deliveries alike; knows nothing of
 * mails, queues or Spring.
 */
@NullMarked
package posthaste.bounce.inbound.rules;

import org.jspecify.annotations.NullMarked;
