package posthaste.acceptance.clients;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import posthaste.testing.Requires;

/** Those that are one command. */
final class Clients {
    private Clients() {}

    /** All of them, by name. */
    static Map<String, MailClient> all() {
        Map<String, MailClient> all = new LinkedHashMap<>();
        all.put("swaks", Clients::swaks);
        all.put("smtplib", withUtf8(Clients::smtplib));
        all.put("curl", withUtf8(Clients::curl));
        // It knows no SMTPUTF8 (1.8.23), and is told 553 5.6.7.
        all.put("msmtp", Clients::msmtp);
        all.put("Net::SMTP", Clients::netSmtp);
        all.put("Nodemailer", withUtf8(Clients::nodemailer));
        all.put("Commons Net", new CommonsNetClient());
        all.put("Spring", new SpringClient());
        all.put("Postfix", new PostfixClient());
        all.put("Exim", new EximClient());
        return all;
    }

    private static void swaks(Door door, Letter letter, Path folder) {
        List<String> command = new ArrayList<>();
        command.add(Requires.program("swaks").toString());
        if (door.isPlain()) {
            command.addAll(List.of("--server", Door.HOST + ":" + door.port()));
        } else {
            List<String> documented = words(Guide.block("swaks", door));
            documented.set(0, command.getFirst());
            documented.replaceAll(word ->
                    word.equals("--tls") && door.transport() == Transport.IMPLICIT
                            ? "--tls-on-connect"
                            : word);
            command = withoutSenderAndRecipient(documented, "--from", "--to");
        }
        command.addAll(
                List.of(
                        "--from",
                        letter.from(),
                        "--to",
                        String.join(",", letter.recipients()),
                        "--data",
                        "@" + letter.fileWithoutLastLineEnd(folder),
                        "--suppress-data"));
        Program.run(folder, command);
    }

    private static void curl(Door door, Letter letter, Path folder) {
        List<String> command = new ArrayList<>();
        if (door.isPlain()) {
            command.addAll(List.of("curl", "smtp://" + Door.HOST + ":" + door.port()));
        } else {
            command =
                    withoutSenderAndRecipient(
                            words(Guide.block("curl", door)),
                            "--mail-from",
                            "--mail-rcpt",
                            "--upload-file");
            if (door.transport() == Transport.IMPLICIT) {
                command.replaceAll(word -> word.replace("smtp://", "smtps://"));
            }
            command.addAll(List.of("--cacert", door.certificate().toString()));
        }
        command.set(0, Requires.program("curl").toString());
        command.addAll(List.of("--silent", "--show-error", "--mail-from", letter.from()));
        for (String recipient : letter.recipients()) {
            command.addAll(List.of("--mail-rcpt", recipient));
        }
        command.addAll(List.of("--upload-file", letter.file(folder).toString()));
        Program.run(folder, command);
    }

    private static void smtplib(Door door, Letter letter, Path folder) {
        runScript(Requires.program("python3"), "smtplib_client.py", door, letter, folder);
    }

    private static void netSmtp(Door door, Letter letter, Path folder) {
        runScript(Requires.program("perl"), "net_smtp_client.pl", door, letter, folder);
    }

    private static void runScript(
            Path interpreter, String script, Door door, Letter letter, Path folder) {
        List<String> command = new ArrayList<>();
        command.addAll(
                List.of(
                        interpreter.toString(),
                        Program.script(script),
                        Door.HOST,
                        door.portText(),
                        door.transport().name(),
                        door.certificate().toString(),
                        door.user(),
                        door.password(),
                        letter.from(),
                        letter.file(folder).toString()));
        command.addAll(letter.recipients());
        Program.run(folder, command);
    }

    private static void msmtp(Door door, Letter letter, Path folder) throws Exception {
        String configuration =
                switch (door.transport()) {
                    case PLAIN ->
                            "account default\nhost " + Door.HOST + "\nport " + door.port() + "\n";
                    case STARTTLS -> Guide.block("msmtprc", door);
                    case IMPLICIT ->
                            Guide.block("msmtprc", door)
                                    .replace("tls on\n", "tls on\ntls_starttls off\n");
                };
        Path file = Guide.file(folder, "msmtprc", configuration);
        // It refuses a file with a password that others may read.
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        List<String> command = new ArrayList<>();
        command.addAll(
                List.of(
                        Requires.program("msmtp").toString(),
                        "-C",
                        file.toString(),
                        "-f",
                        letter.from(),
                        "--"));
        command.addAll(letter.recipients());
        Program.run(folder, letter.fileOfThisSystem(folder), Map.of(), command);
    }

    private static void nodemailer(Door door, Letter letter, Path folder) {
        Path modules = Requires.repositoryRoot().resolve("acceptance/clients/node_modules");
        Requires.that(
                Files.isDirectory(modules.resolve("nodemailer")),
                "Nodemailer is not installed; acceptance/clients/install.sh does it");
        String transport =
                switch (door.transport()) {
                    case PLAIN ->
                            "const transport = require('nodemailer').createTransport({host: '%s', port: %d, ignoreTLS: true});"
                                    .formatted(Door.HOST, door.port());
                    case STARTTLS -> Guide.block("nodemailer.js", door);
                    case IMPLICIT ->
                            Guide.block("nodemailer.js", door)
                                    .replace("secure: false", "secure: true")
                                    .replace("requireTLS: true,", "");
                };
        Path file = Guide.file(folder, "transport.js", transport);
        List<String> command = new ArrayList<>();
        command.addAll(
                List.of(
                        Requires.program("node").toString(),
                        Program.script("nodemailer_client.js"),
                        file.toString(),
                        letter.from(),
                        letter.file(folder).toString()));
        command.addAll(letter.recipients());
        Program.run(
                folder,
                Path.of("/dev/null"),
                Map.of(
                        "NODE_PATH",
                        modules.toString(),
                        "NODE_EXTRA_CA_CERTS",
                        door.certificate().toString()),
                command);
    }

    private static List<String> words(String line) {
        return new ArrayList<>(List.of(line.strip().split("\\s+")));
    }

    private static List<String> withoutSenderAndRecipient(List<String> words, String... options) {
        List<String> rest = new ArrayList<>(words);
        for (String option : options) {
            int at = rest.indexOf(option);
            rest.subList(at, at + 2).clear();
        }
        return rest;
    }

    private static MailClient withUtf8(MailClient client) {
        return new MailClient() {
            @Override
            public void send(Door door, Letter letter, Path folder) throws Exception {
                client.send(door, letter, folder);
            }

            @Override
            public Set<Kind> kinds() {
                return EnumSet.allOf(Kind.class);
            }
        };
    }
}
