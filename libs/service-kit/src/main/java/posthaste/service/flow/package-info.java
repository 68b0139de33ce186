/**
 * What a front door is made of: steps on direct channels, and the gateway that sends a record
 * through them and brings back what came of it, exceptions as they were thrown.
 */
@NullMarked
package posthaste.service.flow;

import org.jspecify.annotations.NullMarked;
