/**
 * What is done about mail that the audit misses, on an operator's word and never without it: put
 * back into the queue, bounced, or recorded as removed. Finds the message in the body store by what
 * stands beside each body there. Does not decide who is missing: the audit does, once more, at the
 * moment of the order.
 */
@NullMarked
package posthaste.bounce.salvage;

import org.jspecify.annotations.NullMarked;
