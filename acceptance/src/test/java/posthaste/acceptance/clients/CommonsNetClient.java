package posthaste.acceptance.clients;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.Writer;
import java.nio.file.Path;
import org.apache.commons.net.smtp.AuthenticatingSMTPClient;
import org.apache.commons.net.smtp.AuthenticatingSMTPClient.AUTH_METHOD;

/** Apache Commons Net. */
final class CommonsNetClient implements MailClient {

    @Override
    public void send(Door door, Letter letter, Path folder) throws Exception {
        AuthenticatingSMTPClient smtp =
                new AuthenticatingSMTPClient(
                        door.transport() == Transport.IMPLICIT, Trust.context(door.certificate()));
        smtp.setCharset(ISO_8859_1);
        smtp.setEndpointCheckingEnabled(!door.isPlain());
        smtp.connect(Door.HOST, door.port());
        try {
            assertThat(smtp.getReplyCode()).isEqualTo(220);
            assertThat(smtp.elogin("commons.test")).isTrue();
            if (door.transport() == Transport.STARTTLS) {
                assertThat(smtp.execTLS()).as("%s", smtp.getReplyString()).isTrue();
                assertThat(smtp.elogin("commons.test")).isTrue();
            }
            if (!door.isPlain()) {
                assertThat(smtp.auth(AUTH_METHOD.LOGIN, door.user(), door.password()))
                        .as("%s", smtp.getReplyString())
                        .isTrue();
            }
            assertThat(smtp.setSender(letter.from())).as("%s", smtp.getReplyString()).isTrue();
            for (String recipient : letter.recipients()) {
                assertThat(smtp.addRecipient(recipient)).as("%s", smtp.getReplyString()).isTrue();
            }
            try (Writer data = smtp.sendMessageData()) {
                data.write(letter.header());
                data.write(letter.body());
            }
            assertThat(smtp.completePendingCommand()).as("%s", smtp.getReplyString()).isTrue();
            smtp.logout();
        } finally {
            smtp.disconnect();
        }
    }
}
