/**
 * What a run costs the machine: processor time, memory, forced writes, read from Linux's /proc.
 * Knows nothing of mail.
 */
@NullMarked
package posthaste.bench.machine;

import org.jspecify.annotations.NullMarked;
