/**
 * Who acts on the running system, what they may do, and the record of what they did. Whoever lets
 * people act begins a {@link posthaste.bounce.operator.RecordedAction} before. Knows nothing of
 * logins, pages or what the actions do.
 */
@NullMarked
package posthaste.bounce.operator;

import org.jspecify.annotations.NullMarked;
