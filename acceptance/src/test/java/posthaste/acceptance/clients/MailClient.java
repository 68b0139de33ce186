package posthaste.acceptance.clients;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;

/** A program or library that sends mail. */
interface MailClient {

    /** Sends, and comes back when the mail was accepted. */
    void send(Door door, Letter letter, Path folder) throws Exception;

    /** What it can send. */
    default Set<Kind> kinds() {
        return EnumSet.complementOf(EnumSet.of(Kind.UTF8_ADDRESSES));
    }

    /** Whether the header arrives as it was given, below what is added on top. */
    default boolean keepsTheHeader() {
        return true;
    }
}
