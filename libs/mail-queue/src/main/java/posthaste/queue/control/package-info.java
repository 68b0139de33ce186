/**
 * Small facts that every process of an installation is to know: told to a compacted topic, read
 * whole by everyone, forgotten when they expire. What a fact says is its kind's affair. No mail
 * hangs on a fact: nobody waits for one to be told, and one may be lost. Kafka is not known here.
 */
@NullMarked
package posthaste.queue.control;

import org.jspecify.annotations.NullMarked;
