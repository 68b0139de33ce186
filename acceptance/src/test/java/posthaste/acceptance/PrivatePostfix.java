package posthaste.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import posthaste.testing.FreePort;
import posthaste.testing.Requires;

/**
 * Debian's Postfix with a queue and a configuration of its own, on a free port of 127.0.0.1. Wants
 * root, as Postfix does.
 */
final class PrivatePostfix implements AutoCloseable {
    private static final Duration SOON = Duration.ofSeconds(30);

    private static final String SERVICES =
            """
            127.0.0.1:PORT inet n - n - - smtpd
            cleanup unix n - n - 0 cleanup
            qmgr unix n - n 300 1 qmgr
            rewrite unix - - n - - trivial-rewrite
            bounce unix - - n - 0 bounce
            defer unix - - n - 0 bounce
            trace unix - - n - 0 bounce
            proxymap unix - - n - - proxymap
            smtp unix - - n - - smtp
            relay unix - - n - - smtp
            error unix - - n - - error
            retry unix - - n - - error
            anvil unix - - n - 1 anvil
            scache unix - - n - 1 scache
            pickup unix n - n 60 1 pickup
            showq unix n - n - - showq
            postlog unix-dgram n - n - 1 postlogd
            """;

    private final Path folder;
    private final String program;
    private final int port = FreePort.tcp();

    private PrivatePostfix(Path folder, String program) {
        this.folder = folder;
        this.program = program;
    }

    /**
     * Starts it.
     *
     * @param folder empty, and one that others may enter
     * @param settings of main.cf, beside what makes it private
     */
    static PrivatePostfix start(Path folder, Map<String, String> settings) {
        PrivatePostfix postfix = new PrivatePostfix(folder, Requires.program("postfix").toString());
        Requires.that(System.getProperty("user.name").equals("root"), "root, to run Postfix");
        try {
            postfix.configure(settings);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        postfix.run("start");
        await().atMost(SOON).until(postfix::isListening);
        return postfix;
    }

    int port() {
        return port;
    }

    /** What it has logged so far. */
    String log() {
        try {
            return Files.readString(folder.resolve("log/maillog"), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        run("stop");
    }

    private void configure(Map<String, String> settings) throws IOException {
        for (Path each = folder; !each.equals(each.getRoot()); each = each.getParent()) {
            if (each.startsWith(System.getProperty("java.io.tmpdir"))
                    && !each.equals(Path.of(System.getProperty("java.io.tmpdir")))) {
                Files.setPosixFilePermissions(each, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
        }
        for (String each : new String[] {"etc", "spool", "data", "log"}) {
            Files.createDirectory(folder.resolve(each));
        }
        Files.setOwner(
                folder.resolve("data"),
                folder.getFileSystem()
                        .getUserPrincipalLookupService()
                        .lookupPrincipalByName("postfix"));
        Files.writeString(folder.resolve("etc/main.cf"), mainCf(settings));
        Files.writeString(
                folder.resolve("etc/master.cf"), SERVICES.replace("PORT", Integer.toString(port)));
    }

    private String mainCf(Map<String, String> settings) {
        return """
        compatibility_level = 3.6
        queue_directory = %1$s/spool
        data_directory = %1$s/data
        command_directory = /usr/sbin
        daemon_directory = /usr/lib/postfix/sbin
        mail_owner = postfix
        setgid_group = postdrop
        maillog_file = %1$s/log/maillog
        maillog_file_prefixes = %1$s
        myhostname = postfix.test
        mydestination =
        local_recipient_maps =
        alias_maps =
        alias_database =
        inet_interfaces = 127.0.0.1
        inet_protocols = ipv4
        mynetworks = 127.0.0.0/8
        smtpd_relay_restrictions = permit_mynetworks, reject
        smtpd_peername_lookup = no
        disable_dns_lookups = yes
        smtp_host_lookup = native
        """
                        .formatted(folder)
                + settings.entrySet().stream()
                        .map(each -> each.getKey() + " = " + each.getValue() + "\n")
                        .collect(Collectors.joining());
    }

    private void run(String command) {
        try {
            Process process =
                    new ProcessBuilder(program, "-c", folder.resolve("etc").toString(), command)
                            .redirectErrorStream(true)
                            .redirectOutput(folder.resolve(command + ".out").toFile())
                            .start();
            if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new AssertionError(
                        "postfix "
                                + command
                                + ": "
                                + Files.readString(folder.resolve(command + ".out")));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private boolean isListening() {
        try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
            return socket.isConnected();
        } catch (IOException _) {
            return false;
        }
    }
}
