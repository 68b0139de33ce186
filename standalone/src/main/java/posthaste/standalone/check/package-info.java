/**
 * Whether queue and bodies fit together: each body that a record names is there and is what was
 * stored, and which bodies no record names. Reads only, but for the removal that is safe. Knows
 * nothing of commands and their printing.
 */
@NullMarked
package posthaste.standalone.check;

import org.jspecify.annotations.NullMarked;
