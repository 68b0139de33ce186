/**
 * Text that others wrote and that people are to read. Knows nothing of where it is shown: markup is
 * the page's to escape, lines are the message's to fold.
 */
@NullMarked
package posthaste.mail.text;

import org.jspecify.annotations.NullMarked;
