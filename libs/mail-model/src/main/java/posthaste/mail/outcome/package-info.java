/**
 * What one attempt led to, recipient by recipient. A refusal by a remote server is a value here,
 * never an exception.
 */
@NullMarked
package posthaste.mail.outcome;

import org.jspecify.annotations.NullMarked;
