/**
 * How near the process is to the end of its memory, sessions, disk or files, and who has to stand
 * back for it: strangers first, the trusted last. Measures what it is given; knows no protocol.
 */
@NullMarked
package posthaste.ingest.policy.stress;

import org.jspecify.annotations.NullMarked;
