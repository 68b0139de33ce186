package posthaste.acceptance.clients;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import posthaste.testing.Requires;

/** A Postfix of its own, with a relay host; nothing of the system's configuration is read. */
final class PostfixClient implements MailClient {

    private static final String SERVICES =
            """
            pickup unix n - n 1 1 pickup
            cleanup unix n - n - 0 cleanup
            qmgr unix n - n 1 1 qmgr
            tlsmgr unix - - n 1000? 1 tlsmgr
            rewrite unix - - n - - trivial-rewrite
            bounce unix - - n - 0 bounce
            defer unix - - n - 0 bounce
            trace unix - - n - 0 bounce
            smtp unix - - n - - smtp
            relay unix - - n - - smtp
            showq unix n - n - - showq
            error unix - - n - - error
            retry unix - - n - - error
            postlog unix-dgram n - n - 1 postlogd
            """;

    @Override
    public void send(Door door, Letter letter, Path folder) throws Exception {
        String postfix = Requires.program("postfix").toString();
        Path configuration = Files.createDirectories(folder.resolve("etc"));
        Files.createDirectories(folder.resolve("spool"));
        Path data = Files.createDirectories(folder.resolve("data"));
        Program.run(folder, List.of("chown", "postfix", data.toString()));
        Guide.file(
                configuration,
                "main.cf",
                """
                compatibility_level = 3.6
                queue_directory = %1$s/spool
                data_directory = %1$s/data
                command_directory = /usr/sbin
                daemon_directory = /usr/lib/postfix/sbin
                mail_owner = postfix
                setgid_group = postdrop
                maillog_file = %1$s/maillog
                maillog_file_prefixes = %1$s
                myhostname = postfix.example.org
                mydestination =
                local_recipient_maps =
                alias_maps =
                alias_database =
                inet_interfaces = 127.0.0.1
                inet_protocols = ipv4
                message_size_limit = 0
                mailbox_size_limit = 0
                smtp_host_lookup = native
                smtp_tls_session_cache_database =
                smtputf8_enable = yes
                smtputf8_autodetect_classes = all
                multi_instance_enable = no

                """
                                .formatted(folder)
                        + relayHost(door));
        Guide.file(configuration, "master.cf", SERVICES);
        Program.run(folder, List.of(postfix, "-c", configuration.toString(), "start"));
        try {
            List<String> command = new ArrayList<>();
            command.addAll(
                    List.of(
                            Requires.program("sendmail").toString(),
                            "-C",
                            configuration.toString(),
                            "-i",
                            "-f",
                            letter.from(),
                            "--"));
            command.addAll(letter.recipients());
            Program.run(folder, letter.fileOfThisSystem(folder), Map.of(), command);
            awaitEmptyQueue(folder, configuration);
        } finally {
            Program.run(folder, List.of(postfix, "-c", configuration.toString(), "stop"));
        }
    }

    @Override
    public Set<Kind> kinds() {
        return EnumSet.allOf(Kind.class);
    }

    private static String relayHost(Door door) {
        return switch (door.transport()) {
            case PLAIN -> "relayhost = [" + Door.HOST + "]:" + door.port() + "\n";
            case STARTTLS -> Guide.block("postfix/main.cf", door);
            case IMPLICIT -> Guide.block("postfix/main-465.cf", door);
        };
    }

    private static void awaitEmptyQueue(Path folder, Path configuration) throws Exception {
        List<String> list =
                List.of(
                        Requires.program("postqueue").toString(),
                        "-c",
                        configuration.toString(),
                        "-p");
        for (int i = 0; i < 600; i++) {
            if (Program.run(folder, list).contains("queue is empty")) {
                return;
            }
            Thread.sleep(100);
        }
        throw new AssertionError(
                "Postfix keeps the mail: " + Files.readString(folder.resolve("maillog")));
    }
}
