/**
 * A copy of a data folder while Posthaste runs on it, and a data folder made of such a copy. What
 * settles is copied before what it refers to, so that a copy may hold a mail twice, but never none
 * of it. Knows nothing of commands and their printing.
 */
@NullMarked
package posthaste.standalone.backup;

import org.jspecify.annotations.NullMarked;
