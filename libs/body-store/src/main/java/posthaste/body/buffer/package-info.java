/**
 * A body in memory, on its way into a store or just out of it, and the rule that every byte of it
 * comes out of the {@link posthaste.body.MemoryBudget} and goes back exactly once, also when a
 * write outlives the one who asked for it. Common to all stores; knows nothing of files, objects or
 * how bodies are packed.
 */
@NullMarked
package posthaste.body.buffer;

import org.jspecify.annotations.NullMarked;
