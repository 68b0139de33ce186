/**
 * Files that an operator changes while we run: users, keys, policies. Parsed at the start into an
 * immutable value, watched, and parsed again when they change; a wrong change is told and the old
 * value stays in force. Knows no format and no service.
 */
@NullMarked
package posthaste.service.reload;

import org.jspecify.annotations.NullMarked;
