/**
 * What stands on the topics, the names of the topics and groups, and the codec between records and
 * bytes. The wire form is protobuf ({@code wire.proto}); nobody outside this package sees it. Knows
 * nothing of Kafka.
 */
@NullMarked
package posthaste.mail.record;

import org.jspecify.annotations.NullMarked;
