/**
 * Receives mail, counts it and keeps nothing. Answers at once; forces nothing to disk. Knows the
 * mark of a benchmark's mail and nothing else of who sends.
 */
@NullMarked
package posthaste.bench.sink;

import org.jspecify.annotations.NullMarked;
