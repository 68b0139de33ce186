/**
 * Where users are kept and how their secrets are checked: a file, a database, a directory (LDAP),
 * issuers of tokens. Composed as sources that are asked in order. Knows no protocol, and counts no
 * failures.
 */
@NullMarked
package posthaste.ingest.auth.users;

import org.jspecify.annotations.NullMarked;
