package posthaste.ingest.auth.users;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import posthaste.testing.FreePort;
import posthaste.testing.Requires;

/** A real OpenLDAP server, as Debian has it, with a few people; in the clear and over TLS. */
final class Slapd implements AutoCloseable {
    private final Path folder;
    private final Path program;
    private final int port = FreePort.tcp();
    private final int tlsPort = FreePort.tcp();
    private Process process;

    Slapd(Path folder) throws Exception {
        this.folder = folder;
        this.program = Requires.program("slapd");
        Files.createDirectories(folder.resolve("data"));
        // GnuTLS wants the public key in an EC key's file, where Java writes none.
        run(
                Requires.program("openssl"),
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-keyout",
                "key.pem",
                "-out",
                "cert.pem",
                "-subj",
                "/CN=localhost",
                "-addext",
                "subjectAltName=DNS:localhost",
                "-days",
                "2");
        Files.writeString(
                folder.resolve("slapd.conf"),
                """
                include /etc/ldap/schema/core.schema
                include /etc/ldap/schema/cosine.schema
                include /etc/ldap/schema/inetorgperson.schema
                modulepath /usr/lib/ldap
                moduleload back_mdb
                pidfile %1$s/pid
                TLSCertificateFile %1$s/cert.pem
                TLSCertificateKeyFile %1$s/key.pem
                TLSVerifyClient never
                database mdb
                maxsize 10485760
                suffix "dc=example,dc=org"
                directory %1$s/data
                access to attrs=userPassword by anonymous auth by * none
                access to * by dn.exact="cn=search,dc=example,dc=org" read by anonymous auth by * none
                """
                        .formatted(folder));
        Files.writeString(
                folder.resolve("people.ldif"),
                """
                dn: dc=example,dc=org
                objectClass: dcObject
                objectClass: organization
                o: Example
                dc: example

                dn: cn=search,dc=example,dc=org
                objectClass: organizationalRole
                objectClass: simpleSecurityObject
                cn: search
                userPassword: search-secret

                dn: ou=people,dc=example,dc=org
                objectClass: organizationalUnit
                ou: people

                dn: uid=ann,ou=people,dc=example,dc=org
                objectClass: inetOrgPerson
                uid: ann
                cn: Ann
                sn: A
                mail: ann@example.org
                mail: office@example.org
                userPassword: secret

                dn: uid=odd\\2C(name)*,ou=people,dc=example,dc=org
                objectClass: inetOrgPerson
                uid: odd,(name)*
                cn: Odd
                sn: O
                mail: odd@example.org
                userPassword: secret
                """);
        run(program.resolveSibling("slapadd"), "-f", "slapd.conf", "-l", "people.ldif");
        start();
    }

    String url() {
        return "ldap://127.0.0.1:" + port;
    }

    String tlsUrl() {
        return "ldaps://localhost:" + tlsPort;
    }

    String startTlsUrl() {
        return "ldap://localhost:" + port;
    }

    Path certificate() {
        return folder.resolve("cert.pem");
    }

    void start() throws IOException {
        process =
                new ProcessBuilder(
                                program.toString(),
                                "-f",
                                "slapd.conf",
                                "-h",
                                url() + " ldaps://127.0.0.1:" + tlsPort,
                                "-d",
                                "0")
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("log").toFile())
                        .start();
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> {
                    try (Socket socket = new Socket()) {
                        socket.connect(
                                new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port),
                                1000);
                        return true;
                    }
                });
    }

    void stop() {
        process.destroy();
        Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> !process.isAlive());
    }

    private void run(Path command, String... arguments) throws Exception {
        List<String> all = new java.util.ArrayList<>(List.of(command.toString()));
        all.addAll(List.of(arguments));
        Process once =
                new ProcessBuilder(all)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("run.log").toFile())
                        .start();
        if (!once.waitFor(60, TimeUnit.SECONDS) || once.exitValue() != 0) {
            once.destroyForcibly();
            throw new IllegalStateException(Files.readString(folder.resolve("run.log")));
        }
    }

    @Override
    public void close() {
        stop();
    }
}
