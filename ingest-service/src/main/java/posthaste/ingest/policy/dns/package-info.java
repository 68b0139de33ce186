/** What DNS says, for policies: cached, within a short deadline. Knows no policy. */
@NullMarked
package posthaste.ingest.policy.dns;

import org.jspecify.annotations.NullMarked;
