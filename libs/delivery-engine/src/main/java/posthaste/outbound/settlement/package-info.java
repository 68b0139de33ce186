/**
 * What follows from an attempt: which records are to be durable before its job counts as settled. A
 * pure function of job, report, policy and time; the same for the first attempt and all later ones.
 * Knows how retries are spaced and when a mail expires; opens no connection. Beside it: the one
 * thing that has to be done before those records may name a body.
 */
@NullMarked
package posthaste.outbound.settlement;

import org.jspecify.annotations.NullMarked;
