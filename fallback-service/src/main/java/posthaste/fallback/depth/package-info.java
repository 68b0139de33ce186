/**
 * How deep the queues are: what each group has to do in each topic, and what of it is due. Told as
 * metrics, by which the fleets are scaled. It must not know what a record is about.
 */
@NullMarked
package posthaste.fallback.depth;

import org.jspecify.annotations.NullMarked;
