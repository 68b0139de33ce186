/**
 * What a process tells Prometheus and its supervisor: meters of the shared parts, all named {@code
 * posthaste_...} with labels that do not grow with the mail, and health indicators. Reads the
 * parts' own statistics; counts nothing itself.
 */
@NullMarked
package posthaste.service.monitoring;

import org.jspecify.annotations.NullMarked;
