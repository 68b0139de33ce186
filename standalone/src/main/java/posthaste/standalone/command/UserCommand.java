package posthaste.standalone.command;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import posthaste.ingest.auth.sasl.ScramVerifier;
import posthaste.ingest.auth.users.Passwords;
import posthaste.ingest.auth.users.User;
import posthaste.ingest.auth.users.UserFile;
import posthaste.ingest.auth.users.UserName;

/** Writes and checks the file of users. Passwords are asked for, or read from standard input. */
@Command(
        name = "user",
        description = "adds users to the users file, changes passwords, lists and checks them")
final class UserCommand extends PosthasteCommand {
    static final String FILE_PROPERTY = "posthaste.login.users-file";
    private static final int SALT_OCTETS = 16;

    /** What is to be done. */
    enum Action {
        ADD,
        PASSWD,
        LIST,
        CHECK
    }

    @Parameters(index = "0", paramLabel = "ACTION", description = "add, passwd, list or check")
    private String action = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "NAME", description = "of the user")
    private String name = "";

    @Option(
            names = "--file",
            paramLabel = "FILE",
            description = "the users file, if not " + FILE_PROPERTY)
    private String file = "";

    @Option(
            names = "--senders",
            paramLabel = "PATTERN,...",
            description = "addresses, domains, *.DOMAIN or * from which the user may send")
    private String senders = "";

    @Option(names = "--stream", paramLabel = "STREAM", description = "of the user's mail")
    private String stream = "";

    @Option(names = "--argon2", description = "hashes by Argon2 instead of BCrypt")
    private boolean argon2;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    protected ExitStatus carryOut() throws CommandFailedException {
        UsersFile users = usersFile(settings(), file);
        Action wanted =
                Arrays.stream(Action.values())
                        .filter(one -> one.name().equals(action.toUpperCase(Locale.ROOT)))
                        .findFirst()
                        .orElseThrow(() ->
                                askedWrongly("user is followed by add, passwd, list or check"));
        switch (wanted) {
            case ADD -> users.add(line(canonical()));
            case PASSWD -> passwd(users, canonical());
            case LIST -> list(users.read());
            case CHECK -> {
                UserFile.Content content = users.read();
                say(content.users().size() + " users, " + content.keys().size() + " keys");
                return lackingScram(content);
            }
        }
        return ExitStatus.FINE;
    }

    /** Many clients take the strongest mechanism that is offered, and give up when it fails. */
    private ExitStatus lackingScram(UserFile.Content content) {
        List<User> lacking =
                content.users().stream()
                        .filter(user -> user.hash().isPresent() && user.scram().isEmpty())
                        .toList();
        lacking.forEach(user ->
                say(
                        user.login().name()
                                + " has no scram=: clients that choose SCRAM-SHA-256"
                                + " are refused; './posthaste user passwd' adds it"));
        return lacking.isEmpty() ? ExitStatus.FINE : ExitStatus.FOUND;
    }

    /** The file that is meant. */
    static UsersFile usersFile(Settings settings, String given) throws CommandFailedException {
        String path =
                given.isEmpty() ? settings.properties().getOrDefault(FILE_PROPERTY, "") : given;
        if (path.isEmpty()) {
            throw new CommandFailedException("say --file, or set " + FILE_PROPERTY + ".");
        }
        return new UsersFile(Path.of(path));
    }

    private String canonical() {
        return UserName.canonical(name)
                .orElseThrow(() -> askedWrongly("NAME is to be a user's name"));
    }

    private String line(String user) throws CommandFailedException {
        return "user "
                + user
                + secrets()
                + (senders.isEmpty() ? "" : " senders=" + senders)
                + (stream.isEmpty() ? "" : " stream=" + stream);
    }

    private void passwd(UsersFile users, String user) throws CommandFailedException {
        List<String> kept = new ArrayList<>();
        for (String word : users.lineOf(user).strip().split("\\s+", -1)) {
            if (!word.startsWith("password=") && !word.startsWith("scram=")) {
                kept.add(word);
            }
        }
        users.replaceUser(user, String.join(" ", kept) + secrets());
    }

    private String secrets() throws CommandFailedException {
        String password = password();
        byte[] salt = new byte[SALT_OCTETS];
        new SecureRandom().nextBytes(salt);
        return " password="
                + (argon2 ? Passwords.argon2(password) : Passwords.bcrypt(password))
                + " scram="
                + ScramVerifier.of(password, salt, ScramVerifier.ITERATIONS).encoded();
    }

    /** Asked for twice, or read from standard input. */
    static String password() throws CommandFailedException {
        // Which of null and no terminal a JDK answers to a pipe has changed twice.
        Optional<Console> terminal =
                Optional.ofNullable(System.console()).filter(Console::isTerminal);
        String password;
        if (terminal.isPresent()) {
            char[] first = terminal.get().readPassword("Password: ");
            char[] again = terminal.get().readPassword("Again: ");
            if (first == null || again == null || !Arrays.equals(first, again)) {
                throw new CommandFailedException("the two passwords differ.");
            }
            password = new String(first);
        } else {
            try {
                String line =
                        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))
                                .readLine();
                password = line == null ? "" : line;
            } catch (IOException e) {
                throw new CommandFailedException("no password could be read.", e);
            }
        }
        if (password.isEmpty()) {
            throw new CommandFailedException("the password is empty.");
        }
        return password;
    }

    private void list(UserFile.Content content) {
        for (User user : content.users()) {
            say(
                    user.login().name()
                            + " sends from "
                            + String.join(",", user.login().senders())
                            + user.login().stream().map(into -> " into " + into).orElse(""));
        }
        content.keys()
                .forEach(
                        key -> say(key.user() + " has the key " + key.name() + " " + key.scopes()));
    }

    private void say(String line) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(line);
        out.flush();
    }
}
