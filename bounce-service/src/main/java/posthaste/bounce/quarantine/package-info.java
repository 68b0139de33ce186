/**
 * Mail that was set aside: what stands in quarantine, what operators order about it, and the two
 * loops that carry that out. Topics alone say what is in quarantine, so nothing has to be rebuilt;
 * knows no page and no database.
 */
@NullMarked
package posthaste.bounce.quarantine;

import org.jspecify.annotations.NullMarked;
