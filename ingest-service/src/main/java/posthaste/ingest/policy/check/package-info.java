/**
 * What a mail's sender, recipients and client may look like: lists of addresses, domains that have
 * to exist, names said in EHLO, lists of clients in DNS. Refuses and says why; keeps no account.
 */
@NullMarked
package posthaste.ingest.policy.check;

import org.jspecify.annotations.NullMarked;
