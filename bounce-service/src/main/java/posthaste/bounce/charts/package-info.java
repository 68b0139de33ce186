/**
 * How it goes, over time: figures of the delivery log and samples of the queue, put together as
 * charts that page and REST show. Knows nothing of how they are drawn.
 */
@NullMarked
package posthaste.bounce.charts;

import org.jspecify.annotations.NullMarked;
