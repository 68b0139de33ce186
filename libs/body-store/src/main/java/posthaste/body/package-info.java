/**
 * Where the bytes of messages are kept: written once, durable before a {@code 250}, verified when
 * they are read. The ways to store them are the sub-packages; what a queue is or who reads the
 * bodies is not known here.
 */
@NullMarked
package posthaste.body;

import org.jspecify.annotations.NullMarked;
