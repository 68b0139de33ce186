package posthaste.bench.load;

import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * What is sent, and how.
 *
 * @param target takes it by SMTP
 * @param mails in all
 * @param sessions at the same time, at most
 * @param rate mails a second, each begun at its appointed time whether or not others were answered
 *     (open loop); 0: each session begins the next when it has its answer (closed loop)
 * @param mailsPerConnection after which a connection is closed; 0: never
 * @param pipelining MAIL, RCPT and DATA in one write (RFC 2920)
 * @param recipients of each mail, all of one domain
 * @param domain of the recipients
 * @param sizes of the messages
 * @param patience for one answer; who waits longer has failed
 */
public record Load(
        InetSocketAddress target,
        int mails,
        int sessions,
        double rate,
        int mailsPerConnection,
        boolean pipelining,
        int recipients,
        String domain,
        SizeMix sizes,
        Duration patience) {}
