package posthaste.acceptance.cluster;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import posthaste.standalone.postgres.PostgresFailedException;
import posthaste.standalone.postgres.PostgresSoftware;

/** A PostgreSQL server that nobody starts again but the test. */
public final class Database extends Part {
    static final int PORT = 15_432;
    static final String USER = "posthaste";
    static final String PASSWORD = "of-the-test";

    /** With {@code fsync}, as in production: what was committed survives a kill. */
    private static final Map<String, String> SETTINGS =
            Map.of(
                    "unix_socket_directories", "",
                    "fsync", "on",
                    "max_connections", "60",
                    "shared_buffers", "32MB",
                    "jit", "off",
                    "io_method", "sync");

    /** Where the programs are unpacked, once for all clusters. */
    private final Path software;

    Database(Home home, Path folder, Path log, Path software) {
        super("database", home, folder, log);
        this.software = software;
    }

    public String url() {
        return "jdbc:postgresql://" + home().at(PORT) + "/postgres";
    }

    @Override
    List<String> command() {
        List<String> command = program("postgres");
        command.addAll(List.of("-D", data().toString(), "-p", String.valueOf(PORT)));
        command.addAll(List.of("-c", "listen_addresses=" + home().address()));
        SETTINGS.forEach((setting, value) -> command.addAll(List.of("-c", setting + "=" + value)));
        return command;
    }

    @Override
    void prepare() throws IOException, InterruptedException {
        if (Files.exists(data())) {
            // A killed server's; its number may be another's by now, and then it would not start.
            Files.deleteIfExists(data().resolve("postmaster.pid"));
            return;
        }
        Path password = Files.writeString(folder().resolve("password"), PASSWORD);
        List<String> command = program("initdb");
        command.addAll(
                List.of(
                        "--pgdata=" + data(),
                        "--username=" + USER,
                        "--auth=scram-sha-256",
                        "--pwfile=" + password,
                        "--encoding=UTF8",
                        "--locale=C",
                        "--no-sync"));
        Shell.run(command);
        // Containers of the test may come from any address of its network.
        Files.writeString(data().resolve("pg_hba.conf"), "host all all 0.0.0.0/0 scram-sha-256\n");
    }

    /** Its clients are cut off: on SIGTERM it would wait until they go. */
    @Override
    String endSignal() {
        return "-INT";
    }

    /** Asks for the password, as soon as it takes connections. */
    @Override
    boolean answers() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(home().address(), PORT), 1000);
            socket.setSoTimeout(2000);
            socket.getOutputStream().write(startup());
            InputStream in = socket.getInputStream();
            // E would be an error, such as that it is still recovering.
            return in.read() == 'R';
        } catch (IOException _) {
            // Nobody listens there yet.
            return false;
        }
    }

    private static byte[] startup() {
        byte[] parameters = ("user\0" + USER + "\0database\0postgres\0\0").getBytes(US_ASCII);
        int length = 8 + parameters.length;
        return ByteBuffer.allocate(length).putInt(length).putInt(3 << 16).put(parameters).array();
    }

    private Path data() {
        return folder().resolve("cluster");
    }

    private List<String> program(String program) {
        List<String> command = new ArrayList<>();
        if ("root".equals(System.getProperty("user.name"))) {
            // PostgreSQL refuses to run as root: in a user namespace it is nobody.
            command.addAll(List.of("unshare", "--user"));
        }
        try {
            command.add(PostgresSoftware.unpack(software).program(program).toString());
        } catch (PostgresFailedException e) {
            throw new AssertionError(e);
        }
        return command;
    }
}
