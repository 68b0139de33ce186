package posthaste.ingest.accept;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import posthaste.ingest.dkim.DkimSigner;
import posthaste.ingest.dkim.Signing;
import posthaste.ingest.message.MessageHeader;
import posthaste.ingest.policy.Network;

/**
 * Whose mail is signed: that of our users, and of networks that we vouch for. Anybody else's would
 * be given our word for a From that he made up.
 */
public final class Signers {
    private final DkimSigner signer;
    private final List<Network> networks;

    public Signers(DkimSigner signer, List<Network> networks) {
        this.signer = signer;
        this.networks = List.copyOf(networks);
    }

    Optional<Signing> begin(IncomingMail mail, MessageHeader header) {
        return isOurs(mail) ? signer.begin(header) : Optional.empty();
    }

    private boolean isOurs(IncomingMail mail) {
        InetAddress address = mail.submitter().address();
        return mail.submitter().login().isPresent()
                || networks.stream().anyMatch(network -> network.contains(address));
    }
}
