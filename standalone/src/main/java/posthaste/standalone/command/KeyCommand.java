package posthaste.standalone.command;

import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import posthaste.ingest.auth.users.ApiKey;
import posthaste.ingest.auth.users.UserName;

/** Makes a key to the HTTP interface. Its secret is shown once, and kept by nobody. */
@Command(name = "key", description = "adds a key to the HTTP interface, and shows its secret once")
final class KeyCommand extends PosthasteCommand {
    private static final String ADD = "add";

    @Parameters(index = "0", paramLabel = "ACTION", description = "add")
    private String action = "";

    @Parameters(index = "1", paramLabel = "USER", description = "whose key it is")
    private String user = "";

    @Parameters(index = "2", paramLabel = "NAME", description = "tells it from the user's others")
    private String name = "";

    @Option(
            names = "--scopes",
            paramLabel = "SCOPE,...",
            description = "what it is for; send if not given")
    private String scopes = "send";

    @Option(
            names = "--file",
            paramLabel = "FILE",
            description = "the users file, if not " + UserCommand.FILE_PROPERTY)
    private String file = "";

    @Option(
            names = "--print",
            description = "prints the hash, for the database, and changes no file")
    private boolean print;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    protected ExitStatus carryOut() throws CommandFailedException {
        if (!action.equals(ADD)) {
            throw askedWrongly("key is followed by add");
        }
        String owner =
                UserName.canonical(user)
                        .orElseThrow(() -> askedWrongly("USER is to be a user's name"));
        String secret = ApiKey.newSecret();
        PrintWriter out = spec.commandLine().getOut();
        if (print) {
            out.println(ApiKey.hash(secret));
        } else {
            UserCommand.usersFile(settings(), file)
                    .add(
                            "key %s user=%s hash=%s scopes=%s"
                                    .formatted(name, owner, ApiKey.hash(secret), scopes));
        }
        out.println(secret);
        out.flush();
        return ExitStatus.FINE;
    }
}
