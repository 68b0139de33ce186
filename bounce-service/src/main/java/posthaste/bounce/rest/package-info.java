/**
 * REST: the delivery log, the queues and the audit as JSON, by the names of {@code
 * docs/rest-api.md}; and the parameters of a search, which the web page shares. Knows nothing of
 * how the page looks or who is let in.
 */
@NullMarked
package posthaste.bounce.rest;

import org.jspecify.annotations.NullMarked;
