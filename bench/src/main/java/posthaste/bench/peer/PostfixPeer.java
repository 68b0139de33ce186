package posthaste.bench.peer;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import posthaste.bench.machine.ProcessTree;

/**
 * The Postfix that is installed, with a configuration, queue and log of its own; that of the
 * machine is not touched. It wants root to start.
 */
public final class PostfixPeer implements Peer {
    private static final Path PROGRAM = Path.of("/usr/sbin/postfix");
    private static final Duration START = Duration.ofSeconds(30);
    private static final long STOP_SECONDS = 30;

    private final Path configuration;
    private final int port;
    private final ProcessHandle master;

    private PostfixPeer(Path configuration, int port, ProcessHandle master) {
        this.configuration = configuration;
        this.port = port;
        this.master = master;
    }

    /**
     * Starts it.
     *
     * @param folder for its configuration, queue and log
     * @param sinkPort to which it relays everything
     * @param sessions that it is to serve, and to deliver by, at the same time
     */
    public static PostfixPeer start(Path folder, int sinkPort, int sessions)
            throws IOException, InterruptedException, PeerUnavailableException {
        if (!Files.isExecutable(PROGRAM)) {
            throw new PeerUnavailableException("Postfix is not installed");
        }
        if (!"root".equals(System.getProperty("user.name"))) {
            throw new PeerUnavailableException("Postfix can only be started by root");
        }
        int port = Ports.free();
        Path configuration = Files.createDirectories(folder.resolve("etc"));
        Files.createDirectories(folder.resolve("spool"));
        Path data = Files.createDirectories(folder.resolve("data"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setOwner(
                data,
                data.getFileSystem()
                        .getUserPrincipalLookupService()
                        .lookupPrincipalByName("postfix"));
        Files.writeString(configuration.resolve("main.cf"), main(folder, sinkPort, sessions));
        Files.writeString(configuration.resolve("master.cf"), master(port));
        run(configuration, "start", folder.resolve("start.log"));
        if (!Ports.awaitGreeting(port, START, () -> true)) {
            run(configuration, "stop", folder.resolve("stop.log"));
            throw new PeerUnavailableException("Postfix did not start; see " + folder);
        }
        long pid = Long.parseLong(Files.readString(folder.resolve("spool/pid/master.pid")).strip());
        return new PostfixPeer(
                configuration,
                port,
                ProcessHandle.of(pid)
                        .orElseThrow(
                                () -> new PeerUnavailableException("Postfix has ended at once")));
    }

    private static void run(Path configuration, String command, Path log)
            throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(
                                List.of(
                                        PROGRAM.toString(),
                                        "-c",
                                        configuration.toString(),
                                        command))
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }

    /** What a relay for many clients and one smart host is told in Postfix's TUNING_README. */
    private static String main(Path folder, int sinkPort, int sessions) {
        return """
        compatibility_level = 3.6
        queue_directory = %1$s/spool
        data_directory = %1$s/data
        command_directory = /usr/sbin
        daemon_directory = /usr/lib/postfix/sbin
        maillog_file = %1$s/maillog
        maillog_file_prefixes = %1$s
        myhostname = relay.bench.example
        mydestination =
        local_recipient_maps =
        alias_maps =
        alias_database =
        local_transport = error:no local mail
        inet_interfaces = 127.0.0.1
        inet_protocols = ipv4
        mynetworks = 127.0.0.0/8
        smtpd_relay_restrictions = permit_mynetworks, reject
        smtpd_peername_lookup = no
        smtpd_tls_security_level = none
        smtp_tls_security_level = none
        smtpd_client_connection_count_limit = 0
        smtpd_client_connection_rate_limit = 0
        smtpd_client_message_rate_limit = 0
        smtpd_recipient_limit = 1000
        message_size_limit = 157286400
        mailbox_size_limit = 0
        in_flow_delay = 0
        disable_dns_lookups = yes
        smtp_host_lookup = native
        relayhost = [127.0.0.1]:%2$d
        default_process_limit = %3$d
        initial_destination_concurrency = %4$d
        default_destination_concurrency_limit = %4$d
        qmgr_message_active_limit = 20000
        qmgr_message_recipient_limit = 20000
        smtp_connection_cache_on_demand = yes
        smtp_connection_cache_destinations = [127.0.0.1]:%2$d
        max_use = 1000
        """
                .formatted(folder, sinkPort, 2 * sessions + 100, sessions);
    }

    private static String master(int port) {
        return """
        127.0.0.1:%d inet n - n - - smtpd
        cleanup   unix  n       -       n       -       0       cleanup
        qmgr      unix  n       -       n       300     1       qmgr
        rewrite   unix  -       -       n       -       -       trivial-rewrite
        bounce    unix  -       -       n       -       0       bounce
        defer     unix  -       -       n       -       0       bounce
        trace     unix  -       -       n       -       0       bounce
        proxymap  unix  -       -       n       -       -       proxymap
        smtp      unix  -       -       n       -       -       smtp
        relay     unix  -       -       n       -       -       smtp
        error     unix  -       -       n       -       -       error
        retry     unix  -       -       n       -       -       error
        anvil     unix  -       -       n       -       1       anvil
        scache    unix  -       -       n       -       1       scache
        pickup    unix  n       -       n       60      1       pickup
        showq     unix  n       -       n       -       -       showq
        postlog   unix-dgram n  -       n       -       1       postlogd
        """
                .formatted(port);
    }

    @Override
    public String name() {
        return "Postfix";
    }

    @Override
    public String durability() {
        return "queue file forced to disk before 250";
    }

    @Override
    public InetSocketAddress address() {
        return Ports.at(port);
    }

    @Override
    public Optional<ProcessTree> processes() {
        return Optional.of(new ProcessTree(master));
    }

    @Override
    public void stop() throws IOException, InterruptedException {
        run(configuration, "stop", configuration.resolve("stop.log"));
        for (int i = 0; i < STOP_SECONDS * 10 && master.isAlive(); i++) {
            Thread.sleep(100);
        }
    }
}
