/**
 * What the two services that deliver make of the delivery engine: its configuration, and the steps
 * that their flows share. Exceptions of the engine and of the body store become those of the queue
 * here, and nowhere else.
 */
@NullMarked
package posthaste.service.engine;

import org.jspecify.annotations.NullMarked;
