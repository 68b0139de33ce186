/**
 * The web page for support, rendered here and usable without scripts, and who is let in to it and
 * to REST. Knows nothing of SQL, Kafka or how figures are found.
 */
@NullMarked
package posthaste.bounce.web;

import org.jspecify.annotations.NullMarked;
