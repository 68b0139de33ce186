/**
 * Keeps the disks from filling up: who may still write, by the space that is left. Keeps the bodies
 * of dead letters.
 */
@NullMarked
package posthaste.service.storage;

import org.jspecify.annotations.NullMarked;
