/**
 * The web page for support, rendered here and usable without scripts; parameters and orders are
 * those of REST. Knows nothing of SQL, Kafka, how figures are found or who is let in.
 */
@NullMarked
package posthaste.bounce.web;

import org.jspecify.annotations.NullMarked;
