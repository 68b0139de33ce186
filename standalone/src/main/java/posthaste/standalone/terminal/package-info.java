/** How lines look on a terminal. Knows nothing of mail. */
@NullMarked
package posthaste.standalone.terminal;

import org.jspecify.annotations.NullMarked;
