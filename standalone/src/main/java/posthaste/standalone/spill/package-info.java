/**
 * Files for what does not fit into memory: things that belong together are brought together by
 * their key. Knows nothing of what they are.
 */
@NullMarked
package posthaste.standalone.spill;

import org.jspecify.annotations.NullMarked;
