package posthaste.mail.outcome;

import java.time.Duration;
import java.time.Instant;

/**
 * The circumstances of one attempt, as support asks for them. A text that is not known is empty.
 *
 * @param destination the name under which the queue is shown: domain or smart host
 * @param sourceAddress our IP address
 * @param remoteHost the host name we connected to
 * @param remoteAddress its IP address and port, as {@code 192.0.2.1:25}
 * @param tls protocol and cipher suite, as {@code TLSv1.3 TLS_AES_256_GCM_SHA384}; empty in clear
 * @param conversation of an attempt that did not deliver to all
 */
public record AttemptDetails(
        String destination,
        String sourceAddress,
        String remoteHost,
        String remoteAddress,
        String tls,
        Instant startedAt,
        Duration duration,
        Conversation conversation) {

    /** Without what was said. */
    public AttemptDetails(
            String destination,
            String sourceAddress,
            String remoteHost,
            String remoteAddress,
            String tls,
            Instant startedAt,
            Duration duration) {
        this(
                destination,
                sourceAddress,
                remoteHost,
                remoteAddress,
                tls,
                startedAt,
                duration,
                Conversation.NONE);
    }
}
