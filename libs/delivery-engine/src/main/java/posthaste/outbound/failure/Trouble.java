package posthaste.outbound.failure;

import java.time.Duration;
import java.util.Optional;
import posthaste.mail.status.EnhancedStatusCode;
import posthaste.mail.status.Reply;

/** Why something did not go as it should with one host. */
public sealed interface Trouble {

    Stage stage();

    /** In words; empty for a reply, which says it itself. */
    default Optional<String> remark() {
        return switch (this) {
            case Refused _ -> Optional.empty();
            case Lost(_, String why) -> Optional.of("the connection is lost: " + why);
            case TimedOut(_, Duration waited) ->
                    Optional.of("no answer within " + waited.toMillis() + " ms");
            case Nonsense(_, String what) -> Optional.of(what);
            case HandshakeFailed(String why) -> Optional.of("TLS cannot begin: " + why);
            case NotSecured(String why) -> Optional.of("the host " + why);
            case Unfit(_, _, String why) -> Optional.of("the host " + why);
        };
    }

    /** The host said no. */
    record Refused(Stage stage, Reply reply) implements Trouble {}

    /** The connection could not be made, or broke off. */
    record Lost(Stage stage, String why) implements Trouble {}

    /** The host did not do its part within this time. */
    record TimedOut(Stage stage, Duration waited) implements Trouble {}

    /** The host said what SMTP does not know. */
    record Nonsense(Stage stage, String what) implements Trouble {}

    /** The host offered STARTTLS, and the handshake failed. */
    record HandshakeFailed(String why) implements Trouble {
        @Override
        public Stage stage() {
            return Stage.STARTTLS;
        }
    }

    /** TLS was to be had, and the host has none. */
    record NotSecured(String why) implements Trouble {
        @Override
        public Stage stage() {
            return Stage.STARTTLS;
        }
    }

    /** The host does not offer what the mail needs, so that it was not even tried. */
    record Unfit(Stage stage, EnhancedStatusCode status, String why) implements Trouble {}
}
