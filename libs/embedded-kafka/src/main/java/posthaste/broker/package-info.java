/**
 * The real Kafka broker inside this process, for the embedded default and for tests: the same code,
 * files and protocol as a Kafka cluster, so that nothing else has to know which of the two it talks
 * to. Knows nothing of mail, topics or consumers.
 */
@NullMarked
package posthaste.broker;

import org.jspecify.annotations.NullMarked;
