package posthaste.ingest.policy;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import posthaste.mail.status.Reply;

/**
 * Who may have mail relayed (DESIGN 3, invariant 7): clients of trusted networks anywhere, everyone
 * else nowhere.
 */
public final class RelayPolicy {
    private static final Optional<Reply> DENIED =
            Optional.of(new Reply(550, "5.7.1 relaying denied"));

    private final List<Network> trusted;

    public RelayPolicy(List<Network> trusted) {
        this.trusted = List.copyOf(trusted);
    }

    /** Whether a client at this address is one of ours; asked once a session. */
    public boolean trusts(InetAddress client) {
        return trusted.stream().anyMatch(network -> network.contains(client));
    }

    /**
     * Judges a RCPT.
     *
     * @param clientIsTrusted as {@link #trusts} said
     * @return the refusal, if it is one
     */
    public Optional<Reply> refusal(boolean clientIsTrusted) {
        return clientIsTrusted ? Optional.empty() : DENIED;
    }
}
