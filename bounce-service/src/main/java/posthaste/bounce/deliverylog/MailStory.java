package posthaste.bounce.deliverylog;

import java.util.List;

/**
 * All that is known of a mail.
 *
 * @param events oldest first
 * @param isCut whether there are more events than can be told at once
 */
public record MailStory(LoggedMail mail, List<LoggedEvent> events, boolean isCut) {
    public MailStory {
        events = List.copyOf(events);
    }
}
