/**
 * What starts and stops, and in which order: the queue is prepared, then its consumers, then the
 * listeners that feed it; stopping goes the other way. A loop that dies ends its process.
 */
@NullMarked
package posthaste.service.lifecycle;

import org.jspecify.annotations.NullMarked;
