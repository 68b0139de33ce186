/**
 * The policy file: all that an operator decides about who may submit what, in one immutable value
 * that is replaced when the file changes. Reads YAML with the line of everything in it.
 */
@NullMarked
package posthaste.ingest.policy.book;

import org.jspecify.annotations.NullMarked;
