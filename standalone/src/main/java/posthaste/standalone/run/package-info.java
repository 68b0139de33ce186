/**
 * All of Posthaste in one process: the four services unchanged in one Spring context, with the real
 * broker and a real PostgreSQL beside them. Knows in which order they start and stop; what they do
 * is not known here.
 */
@NullMarked
package posthaste.standalone.run;

import org.jspecify.annotations.NullMarked;
