/** Sockets that one thread serves: what load generator and sink share. Knows no SMTP. */
@NullMarked
package posthaste.bench.wire;

import org.jspecify.annotations.NullMarked;
