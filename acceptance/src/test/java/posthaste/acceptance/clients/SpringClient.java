package posthaste.acceptance.clients;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.Properties;
import org.springframework.mail.javamail.JavaMailSenderImpl;

/** Spring's mail sender, which is Jakarta Mail's transport. */
final class SpringClient implements MailClient {
    private static final String PREFIX = "spring.mail.";
    private static final String MAIL = PREFIX + "properties.";

    @Override
    public void send(Door door, Letter letter, Path folder) throws Exception {
        Properties documented = new Properties();
        documented.load(new StringReader(Guide.block("spring.properties", door)));
        JavaMailSenderImpl sender = new JavaMailSenderImpl();
        sender.setHost(documented.getProperty(PREFIX + "host"));
        sender.setPort(door.port());
        Properties mail = new Properties();
        documented.stringPropertyNames().stream()
                .filter(name -> name.startsWith(MAIL))
                .forEach(name ->
                        mail.setProperty(
                                name.substring(MAIL.length()), documented.getProperty(name)));
        if (door.isPlain()) {
            mail.clear();
        } else {
            sender.setUsername(documented.getProperty(PREFIX + "username"));
            sender.setPassword(documented.getProperty(PREFIX + "password"));
            mail.put("mail.smtp.ssl.socketFactory", Trust.socketFactory(door.certificate()));
        }
        if (door.transport() == Transport.IMPLICIT) {
            mail.remove("mail.smtp.starttls.required");
            mail.setProperty("mail.smtp.ssl.enable", "true");
        }
        mail.setProperty("mail.smtp.from", letter.from());
        sender.setJavaMailProperties(mail);
        MimeMessage message =
                sender.createMimeMessage(
                        new ByteArrayInputStream(
                                (letter.header() + letter.body()).getBytes(ISO_8859_1)));
        // Its recipients are those of the header.
        message.setRecipients(
                MimeMessage.RecipientType.TO,
                letter.recipients().stream()
                        .map(SpringClient::address)
                        .toArray(InternetAddress[]::new));
        sender.send(message);
    }

    @Override
    public boolean keepsTheHeader() {
        return false;
    }

    private static InternetAddress address(String text) {
        InternetAddress address = new InternetAddress();
        address.setAddress(text);
        return address;
    }
}
