/** Keeps the disks from filling up: who may still write, by the space that is left. */
@NullMarked
package posthaste.service.storage;

import org.jspecify.annotations.NullMarked;
