/** Tells what was measured: as a table for people, as JSON for programs, as a picture. */
@NullMarked
package posthaste.bench.report;

import org.jspecify.annotations.NullMarked;
