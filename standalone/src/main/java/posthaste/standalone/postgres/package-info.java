/**
 * A real PostgreSQL as child of this process: unpacked once, its cluster kept, watched while it
 * runs. Knows nothing of mail or of what is stored in it.
 */
@NullMarked
package posthaste.standalone.postgres;

import org.jspecify.annotations.NullMarked;
