/**
 * A body store in memory, for tests of what uses a store and as the plainest reading of its
 * contract. Not durable; production never uses it.
 */
@NullMarked
package posthaste.body.memory;

import org.jspecify.annotations.NullMarked;
