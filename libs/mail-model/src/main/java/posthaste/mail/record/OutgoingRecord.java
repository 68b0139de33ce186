package posthaste.mail.record;

/**
 * A record on its way to a topic.
 *
 * @param topic its full name
 * @param routingKey what the partition is chosen from: a destination domain, or any text that
 *     spreads; empty for a record that no place suits better than another, which then goes where it
 *     costs least
 */
public record OutgoingRecord(String topic, String routingKey, MailRecord content) {

    /**
     * An event. Readers take a mail's events in any order, so each goes where a batch goes: keyed
     * by mail, each batch would touch every partition, and cost a sync on each.
     */
    public static OutgoingRecord of(Event event) {
        return new OutgoingRecord(Topics.EVENTS, "", event);
    }
}
