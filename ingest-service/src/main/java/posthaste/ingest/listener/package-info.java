/**
 * The SMTP listeners as configuration has them: their properties, what has to fit together before
 * any opens, their certificates, and when they open and close. What is spoken there is for {@link
 * posthaste.ingest.smtp}.
 */
@NullMarked
package posthaste.ingest.listener;

import org.jspecify.annotations.NullMarked;
