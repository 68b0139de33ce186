/**
 * Signs messages with the keys of their authors' domains (RFC 6376, RFC 8463): canonicalisation,
 * the hash of a body while it streams by, which fields a signature covers, keys in files. Knows
 * neither where a message comes from nor where it goes.
 */
@NullMarked
package posthaste.ingest.dkim;

import org.jspecify.annotations.NullMarked;
