package posthaste.acceptance.attacks;

import java.net.InetAddress;
import posthaste.testing.ScriptedDns;
import posthaste.testing.ScriptedSmtpPeer;

/** A domain of the outside world with a mail server of its own, which DNS may lead to. */
final class Neighbour implements AutoCloseable {
    private final ScriptedDns dns;
    private final ScriptedSmtpPeer peer;
    private final String domain;
    private final String address;

    Neighbour(ScriptedDns dns, ScriptedSmtpPeer peer, String domain, String address) {
        this.dns = dns;
        this.peer = peer;
        this.domain = domain;
        this.address = address;
    }

    String domain() {
        return domain;
    }

    String address() {
        return address;
    }

    ScriptedSmtpPeer peer() {
        return peer;
    }

    /** DNS knows it. */
    void isThere() {
        isThere(10);
    }

    void isThere(int preference) {
        dns.mx(domain, preference, "mx." + domain).a("mx." + domain, address);
    }

    /** DNS says that its mail goes to this address. */
    void leadsTo(String elsewhere) {
        dns.mx(domain, 10, "mx." + domain);
        if (InetAddress.ofLiteral(elsewhere).getAddress().length == 4
                && elsewhere.indexOf(':') < 0) {
            dns.a("mx." + domain, elsewhere);
        } else {
            dns.aaaa("mx." + domain, elsewhere);
        }
    }

    @Override
    public void close() {
        peer.close();
    }
}
