/**
 * The janitor: removes bodies and records that nobody needs any more, by the low-water marks of
 * those who read the queue and by nothing else (DESIGN 5). What may go is decided by {@link
 * posthaste.fallback.janitor.CleaningPlan}, which does no I/O; what cannot be told stops it. Must
 * not know what is in a record or in a body.
 */
@NullMarked
package posthaste.fallback.janitor;

import org.jspecify.annotations.NullMarked;
