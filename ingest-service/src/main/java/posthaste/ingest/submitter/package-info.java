/**
 * Who submits a mail: the client's address and name, its TLS, its login. Facts that the protocols
 * gather and the policies judge; decides nothing itself.
 */
@NullMarked
package posthaste.ingest.submitter;

import org.jspecify.annotations.NullMarked;
