/**
 * Reverse-paths of our own, one for each mail and recipient (VERP), so that whatever comes back
 * tells by its address what it is about, and nobody can make one up. Knows keys and addresses; not
 * where keys come from, nor what is done with a mail that comes back.
 */
@NullMarked
package posthaste.mail.verp;

import org.jspecify.annotations.NullMarked;
