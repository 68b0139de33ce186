/**
 * What the services share of Spring Boot: one queue, one body store, one memory budget a process,
 * made from configuration. Knows no service and nothing of SMTP.
 */
@NullMarked
package posthaste.service;

import org.jspecify.annotations.NullMarked;
