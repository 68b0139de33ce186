/**
 * The command line of {@code ./posthaste run} and {@code demo}: what was typed becomes a run of the
 * whole, and whatever is wrong with it becomes one sentence.
 */
@NullMarked
package posthaste.standalone;

import org.jspecify.annotations.NullMarked;
