package posthaste.acceptance.attacks;

import static posthaste.acceptance.attacks.AttackedRelay.octets;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import posthaste.testing.SmtpDialogue;

/** For each attack a client of its own, which has said EHLO, and a domain of its own. */
@ExtendWith(AttackedRelay.Shared.class)
@DisplayNameGeneration(AttackNames.class)
@Timeout(180)
abstract class AttackSuite {
    final AttackedRelay relay;
    Mark mark;
    SmtpDialogue client;

    AttackSuite(AttackedRelay relay) {
        this.relay = relay;
    }

    @BeforeEach
    void connect() {
        mark = relay.mark();
        client = relay.client();
    }

    @AfterEach
    void disconnect() {
        client.close();
    }

    /** Sends exactly these octets, one a character, in one write. */
    void send(String octets) {
        client.sendBytes(octets(octets));
    }

    /** MAIL and RCPT. */
    void beginMail() {
        client.send(mark.mail()).expect(250);
        client.send(mark.rcpt()).expect(250);
    }

    /** MAIL, RCPT and DATA. */
    void beginMessage() {
        beginMail();
        client.send("DATA").expect(354);
    }

    /** The session goes on, command by command, and takes an honest mail. */
    void isInStep() {
        client.send("NOOP").expect(250, "2.0.0");
        client.send("RSET").expect(250, "2.0.0");
    }
}
