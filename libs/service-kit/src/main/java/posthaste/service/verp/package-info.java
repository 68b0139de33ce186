/**
 * What comes back to us, as every service knows it: the return addresses that mails leave with, and
 * the addresses at which reports are taken. Must not know what becomes of a report.
 */
@NullMarked
package posthaste.service.verp;

import org.jspecify.annotations.NullMarked;
