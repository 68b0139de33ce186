package posthaste.ingest.policy;

/**
 * How much a header may hold before the message is refused.
 *
 * @param maxOctets of the whole header
 * @param maxFields of all fields
 * @param maxReceived Received fields: more mean a loop (RFC 5321 section 6.3)
 */
public record HeaderLimits(long maxOctets, int maxFields, int maxReceived) {}
