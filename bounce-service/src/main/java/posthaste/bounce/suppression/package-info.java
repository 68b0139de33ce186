/**
 * The suppression list as operators see it, and what puts an address on it: bounces and complaints,
 * by class and count. Writes to the topic alone; PostgreSQL is a view of it, for searching. Knows
 * nothing of web pages.
 */
@NullMarked
package posthaste.bounce.suppression;

import org.jspecify.annotations.NullMarked;
