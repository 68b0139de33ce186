package posthaste.standalone.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import posthaste.bounce.login.LocalUsersFile;
import posthaste.bounce.operator.Role;
import posthaste.ingest.auth.users.Passwords;
import posthaste.service.reload.WrongFileException;

/** Writes the file of those who may use page and REST, each in a role. */
@Command(
        name = "page-user",
        description = "adds users of page and REST, changes their passwords and roles, lists them")
final class PageUserCommand extends PosthasteCommand {
    private static final String FILE_PROPERTY = "posthaste.web.users-file";
    private static final String ROLES =
            Arrays.stream(Role.values()).map(Role::word).collect(Collectors.joining(", "));

    /** What is to be done. */
    enum Action {
        ADD,
        PASSWD,
        ROLE,
        REMOVE,
        LIST
    }

    @Parameters(
            index = "0",
            paramLabel = "ACTION",
            description = "add, passwd, role, remove or list")
    private String action = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "NAME", description = "of the user")
    private String name = "";

    @Option(
            names = "--role",
            paramLabel = "ROLE",
            description = "viewer, operator or admin; viewer if not given to add")
    private String role = "";

    @Option(
            names = "--file",
            paramLabel = "FILE",
            description = "the users file, if not " + FILE_PROPERTY)
    private String file = "";

    @Option(names = "--argon2", description = "hashes by Argon2 instead of BCrypt")
    private boolean argon2;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    protected ExitStatus carryOut() throws CommandFailedException {
        Action wanted =
                Arrays.stream(Action.values())
                        .filter(one -> one.name().equals(action.toUpperCase(Locale.ROOT)))
                        .findFirst()
                        .orElseThrow(() ->
                                askedWrongly(
                                        "page-user is followed by add, passwd, role, remove or"
                                                + " list"));
        Path path = path();
        UsersFile users = new UsersFile(path, LocalUsersFile::roles, UnaryOperator.identity());
        switch (wanted) {
            case ADD ->
                    users.add(
                            "user "
                                    + user()
                                    + " role="
                                    + (role.isEmpty() ? Role.VIEWER.word() : role())
                                    + password());
            case PASSWD ->
                    users.replaceUser(
                            user(), without(users.lineOf(user()), "password=") + password());
            case ROLE ->
                    users.replaceUser(
                            user(), without(users.lineOf(user()), "role=") + " role=" + role());
            case REMOVE -> users.remove(user());
            case LIST -> list(path);
        }
        return ExitStatus.FINE;
    }

    private Path path() throws CommandFailedException {
        String path =
                file.isEmpty() ? settings().properties().getOrDefault(FILE_PROPERTY, "") : file;
        if (path.isEmpty()) {
            throw new CommandFailedException("say --file, or set " + FILE_PROPERTY + ".");
        }
        return Path.of(path);
    }

    private String user() {
        if (name.isBlank() || name.matches(".*\\s.*")) {
            throw askedWrongly("NAME is to be a user's name");
        }
        return name;
    }

    private String role() {
        return Role.ofWord(role)
                .orElseThrow(() -> askedWrongly("--role is one of " + ROLES))
                .word();
    }

    private String password() throws CommandFailedException {
        String password = UserCommand.password();
        return " password=" + (argon2 ? Passwords.argon2(password) : Passwords.bcrypt(password));
    }

    /** A line but for one of its words. */
    private static String without(String line, String word) {
        List<String> kept = new ArrayList<>(List.of(line.strip().split("\\s+", -1)));
        kept.removeIf(one -> one.startsWith(word));
        return String.join(" ", kept);
    }

    private void list(Path path) throws CommandFailedException {
        PrintWriter out = spec.commandLine().getOut();
        try {
            LocalUsersFile.roles(path)
                    .forEach((user, given) -> out.println(user + " is " + given.word()));
        } catch (WrongFileException e) {
            throw new CommandFailedException(e.getMessage() + ".", e);
        } catch (IOException e) {
            throw new CommandFailedException(path + " can't be read: " + e.getMessage() + ".", e);
        }
        out.flush();
    }
}
