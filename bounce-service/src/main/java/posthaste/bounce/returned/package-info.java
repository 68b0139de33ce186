/**
 * What came back, end to end: a report of {@code mail.inbound} is read ({@link
 * posthaste.bounce.inbound}), matched to the mail and recipient that it is about, told in the log,
 * to the suppression list and to whom it was meant for. Trusts what a return address of ours
 * proves, and nothing that a report merely says. Must not answer anybody.
 */
@NullMarked
package posthaste.bounce.returned;

import org.jspecify.annotations.NullMarked;
