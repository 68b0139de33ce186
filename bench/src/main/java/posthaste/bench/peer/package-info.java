/**
 * What is measured: Posthaste itself, other relays beside it, each started on this machine with its
 * data in a folder of its own, sending everything to one sink. Knows nothing of loads.
 */
@NullMarked
package posthaste.bench.peer;

import org.jspecify.annotations.NullMarked;
