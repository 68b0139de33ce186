/**
 * {@code ./posthaste demo}: the whole beside a small receiving server, three mails on their way,
 * and what became of each, told from REST as anybody could ask it. Reaches Posthaste by SMTP and
 * HTTP alone.
 */
@NullMarked
package posthaste.standalone.demo;

import org.jspecify.annotations.NullMarked;
