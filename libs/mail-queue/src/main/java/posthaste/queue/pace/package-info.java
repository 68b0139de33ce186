/**
 * How fast a consumer goes: its cap and who may use it, how long it waits after a failure. Pure
 * logic, the time passed in; knows nothing of Kafka or records.
 */
@NullMarked
package posthaste.queue.pace;

import org.jspecify.annotations.NullMarked;
