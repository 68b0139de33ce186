package posthaste.mail.record;

/**
 * A record on its way to a topic.
 *
 * @param topic its full name
 * @param routingKey what the partition is chosen from: a destination domain, or any text that
 *     spreads; empty for a record that no place suits better than another, which then goes where it
 *     costs least
 */
public record OutgoingRecord(String topic, String routingKey, MailRecord content) {}
