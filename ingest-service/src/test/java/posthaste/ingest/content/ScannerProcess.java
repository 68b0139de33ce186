package posthaste.ingest.content;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import posthaste.testing.FreePort;
import posthaste.testing.Requires;

/** A scanner that others wrote, as a process of a test's own, with a configuration of its own. */
final class ScannerProcess implements AutoCloseable {
    /** The harmless file that every virus scanner has to find. */
    static final String EICAR =
            "X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*";

    /** The mail that every spam filter has to reject. */
    static final String GTUBE =
            "XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X";

    private static final Duration START = Duration.ofSeconds(60);

    /** Adds fields, and does what the subject asks for. */
    private static final String RULE =
            """
            rspamd_config:register_symbol{ name = 'OURS', type = 'postfilter', callback = function(task)
              local from, rcpt = task:get_from('smtp'), task:get_recipients('smtp')
              task:set_milter_reply({ add_headers = {
                ['X-Seen'] = string.format('%s %s %s %s %s %s %s', from and from[1].addr or 'nobody',
                  rcpt and #rcpt or 0, task:get_from_ip(), task:get_helo(), task:get_user(),
                  task:get_queue_id(), #task:get_content()),
                ['Subject'] = 'evil' } })
              local action = string.match(task:get_subject() or '', 'please (.*)')
              if action then task:set_pre_result(action, 'as asked\\r\\nX: y') end
            end }
            """;

    private final Path folder;
    private final Process process;
    private final int port;

    private ScannerProcess(Path folder, int port, List<String> command) throws IOException {
        this.folder = folder;
        this.port = port;
        this.process =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("out.txt").toFile())
                        .start();
    }

    /** The real rspamd without rules but one of ours, and without a network. */
    static ScannerProcess rspamd() throws IOException {
        Path program = Requires.program("rspamd");
        Path folder = folder();
        int port = FreePort.tcp();
        Files.writeString(folder.resolve("tld.dat"), "com\norg\nexample\n");
        Files.writeString(folder.resolve("own.lua"), RULE);
        Files.writeString(
                folder.resolve("rspamd.conf"),
                """
                options {
                  pidfile = "%1$s/rspamd.pid"; tempdir = "%1$s"; hs_cache_dir = "%1$s";
                  url_tld = "%1$s/tld.dat"; disable_hyperscan = true; filters = "";
                  dns { nameserver = ["127.0.0.1:1"]; timeout = 0.1s; retransmits = 1; }
                  gtube_patterns = "all";
                }
                lua = "%1$s/own.lua";
                logging { type = "file"; filename = "%1$s/rspamd.log"; level = "warning"; }
                worker "normal" { bind_socket = "127.0.0.1:%2$d"; count = 1; }
                """
                        .formatted(folder, port));
        ScannerProcess started =
                new ScannerProcess(
                        folder,
                        port,
                        List.of(
                                program.toString(),
                                "-f",
                                "-c",
                                folder.resolve("rspamd.conf").toString(),
                                "-u",
                                "nobody",
                                "-g",
                                "nogroup"));
        started.awaitPort();
        return started;
    }

    /** The real clamd with a database of one signature. */
    static ScannerProcess clamd() throws IOException {
        Path program = Requires.program("clamd");
        Path folder = folder();
        int port = FreePort.tcp();
        Path database = Files.createDirectory(folder.resolve("db"));
        Files.writeString(
                database.resolve("own.ndb"),
                "EICAR-TEST:0:*:" + HexFormat.of().formatHex(EICAR.getBytes(US_ASCII)) + "\n");
        Files.writeString(
                folder.resolve("clamd.conf"),
                """
                DatabaseDirectory %1$s
                LocalSocket %2$s/clamd.sock
                TCPSocket %3$d
                TCPAddr 127.0.0.1
                Foreground yes
                StreamMaxLength 1M
                MaxThreads 4
                SelfCheck 0
                """
                        .formatted(database, folder, port));
        ScannerProcess started =
                new ScannerProcess(
                        folder,
                        port,
                        List.of(
                                program.toString(),
                                "--config-file=" + folder.resolve("clamd.conf")));
        started.awaitPort();
        return started;
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + port);
    }

    ClamAvAddress tcp() {
        return ClamAvAddress.parse("127.0.0.1:" + port);
    }

    ClamAvAddress socket() {
        return ClamAvAddress.parse("unix:" + folder.resolve("clamd.sock"));
    }

    /** SIGSTOP and SIGCONT: it is there, and says nothing. */
    void signal(String name) throws IOException, InterruptedException {
        List<ProcessHandle> all =
                Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList();
        for (ProcessHandle one : all) {
            new ProcessBuilder("kill", "-" + name, String.valueOf(one.pid())).start().waitFor();
        }
    }

    @Override
    public void close() {
        List<ProcessHandle> all =
                Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
        all.forEach(ProcessHandle::destroyForcibly);
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(java.util.Comparator.reverseOrder())
                    .forEach(file -> {
                        boolean _ = file.toFile().delete();
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitPort() {
        Awaitility.await()
                .atMost(START)
                .ignoreExceptionsInstanceOf(ConnectException.class)
                .untilAsserted(() -> {
                    if (!process.isAlive()) {
                        throw new IllegalStateException(
                                Files.readString(folder.resolve("out.txt")));
                    }
                    new Socket(InetAddress.ofLiteral("127.0.0.1"), port).close();
                });
    }

    /** Short, since a socket's path may not be long; open to the user that rspamd becomes. */
    private static Path folder() throws IOException {
        return Files.createTempDirectory(
                Path.of("/tmp"),
                "scan",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxrwxrwx")));
    }
}
