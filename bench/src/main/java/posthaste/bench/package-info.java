/**
 * The benchmark: loads sent through relays to a sink, on one machine, and what each of them cost.
 * {@link posthaste.bench.Benchmark} is the map.
 */
@NullMarked
package posthaste.bench;

import org.jspecify.annotations.NullMarked;
