/**
 * How a process starts and, above all, how it does not: defaults that all services share, and one
 * sentence instead of a stack trace when a setting or the machine is at fault.
 */
@NullMarked
package posthaste.service.startup;

import org.jspecify.annotations.NullMarked;
