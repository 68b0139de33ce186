package posthaste.acceptance.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import posthaste.testing.Requires;

/**
 * Exim with a smart host, unpacked beside the system's own mail server, which its package would
 * displace. It takes a mail on its standard input and delivers it before it ends.
 */
final class EximClient implements MailClient {
    @Override
    public void send(Door door, Letter letter, Path folder) throws Exception {
        Path exim = Requires.repositoryRoot().resolve("acceptance/clients/exim/usr/sbin/exim4");
        Requires.that(
                Files.isExecutable(exim),
                "Exim is not unpacked; acceptance/clients/install.sh does it");
        // Exim's own user reads it.
        Path certificate = folder.resolve("ca.pem");
        Files.copy(door.certificate(), certificate);
        String configuration =
                """
                primary_hostname = exim.example.org
                spool_directory = %1$s/spool
                log_file_path = %1$s/%%slog
                exim_path = %2$s
                domainlist local_domains =
                disable_ipv6 = true
                keep_environment =
                host_lookup =
                message_size_limit = 0
                trusted_users = root
                local_from_check = false
                untrusted_set_sender = *
                add_environment = PATH=/usr/bin:/bin

                """
                                .formatted(folder, exim)
                        + Guide.block("exim/exim.conf", door.trusting(certificate))
                                // On one machine a smart host is ourselves, which Exim refuses.
                                .replace("byname\n", "byname\n  self = send\n")
                                .replace("driver = smtp\n", "driver = smtp\n  allow_localhost\n");
        if (door.isPlain()) {
            configuration = configuration.replaceAll("(?m)^  (?:hosts_require|tls_verify).*\n", "");
        }
        if (door.transport() == Transport.IMPLICIT) {
            configuration =
                    configuration.replace("driver = smtp\n", "driver = smtp\n  protocol = smtps\n");
        }
        Path file = Guide.file(folder, "exim.conf", configuration);
        Program.run(folder, List.of("chown", "-R", "Debian-exim:Debian-exim", folder.toString()));
        Program.run(folder, List.of("chown", "root:root", file.toString()));
        List<String> command = new ArrayList<>();
        command.addAll(
                List.of(
                        exim.toString(),
                        "-C",
                        file.toString(),
                        "-odf",
                        "-oi",
                        "-f",
                        letter.from(),
                        "--"));
        command.addAll(letter.recipients());
        Program.run(folder, letter.fileOfThisSystem(folder), Map.of(), command);
        // K: by BDAT, which it takes wherever it is offered.
        assertThat(log(folder)).contains(" Completed", " K C=\"").doesNotContain(" ** ", " == ");
    }

    private static String log(Path folder) {
        try {
            return Files.readString(folder.resolve("mainlog"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** It takes addresses in UTF-8 by SMTP alone. */
    @Override
    public Set<Kind> kinds() {
        return EnumSet.complementOf(EnumSet.of(Kind.UTF8_ADDRESSES));
    }
}
