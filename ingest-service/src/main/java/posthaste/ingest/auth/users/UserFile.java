package posthaste.ingest.auth.users;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.util.unit.DataSize;
import posthaste.ingest.auth.sasl.ScramVerifier;
import posthaste.ingest.auth.users.ApiKeys.KeyHolder;
import posthaste.ingest.submitter.Login;
import posthaste.mail.envelope.Stream;
import posthaste.service.reload.TextFile;
import posthaste.service.reload.WrongFileException;

/**
 * A file of users and keys, one a line:
 *
 * <pre>
 * user NAME password=HASH [scram=VERIFIER] [senders=PATTERN,...] [stream=STREAM]
 * key NAME user=NAME hash=HASH [scopes=SCOPE,...]
 * </pre>
 *
 * Blank lines and those that begin with {@code #} say nothing.
 */
public final class UserFile {
    private static final DataSize LARGEST = DataSize.ofMegabytes(64);
    private static final int MOST_DECOYS = 100;
    private static final String DEFAULT_SCOPE = "send";

    /** What the file says. */
    public static final class Content {
        private final Map<String, User> users = new LinkedHashMap<>();
        private final Map<String, ApiKey> keysByHash = new HashMap<>();
        private final Set<String> keyNames = new java.util.HashSet<>();

        public Optional<User> user(String name) {
            return Optional.ofNullable(users.get(name));
        }

        /** Who has the key of this hash. */
        public Optional<KeyHolder> key(String hash) {
            ApiKey key = keysByHash.get(hash);
            return key == null
                    ? Optional.empty()
                    : user(key.user())
                            .map(user -> new KeyHolder(user.login(), key.name(), key.scopes()));
        }

        public List<User> users() {
            return List.copyOf(users.values());
        }

        public List<ApiKey> keys() {
            return List.copyOf(keysByHash.values());
        }

        /** Hashes to be spent for names that nobody has: some of the users' own. */
        List<String> decoys() {
            return users.values().stream()
                    .flatMap(user -> user.hash().stream())
                    .limit(MOST_DECOYS)
                    .toList();
        }
    }

    private final Path file;
    private final Content content = new Content();
    private final Map<Integer, ApiKey> keyLines = new LinkedHashMap<>();
    private int number;

    private UserFile(Path file) {
        this.file = file;
    }

    /**
     * Reads the file.
     *
     * @throws WrongFileException when a line is wrong
     */
    public static Content parse(Path file) throws IOException, WrongFileException {
        return new UserFile(file).read(TextFile.read(file, LARGEST));
    }

    private Content read(String text) throws WrongFileException {
        for (String line : text.split("\r?\n", -1)) {
            number++;
            String stripped = line.strip();
            if (!stripped.isEmpty() && !stripped.startsWith("#")) {
                readLine(stripped.split("\\s+"));
            }
        }
        for (Map.Entry<Integer, ApiKey> line : keyLines.entrySet()) {
            if (!content.users.containsKey(line.getValue().user())) {
                number = line.getKey();
                throw wrong("no line has the user that the key is of");
            }
        }
        return content;
    }

    private void readLine(String[] words) throws WrongFileException {
        if (words.length < 2) {
            throw wrong("a line is 'user NAME ...' or 'key NAME ...'");
        }
        Fields fields = new Fields(words);
        switch (words[0]) {
            case "user" -> user(words[1], fields);
            case "key" -> key(words[1], fields);
            default -> throw wrong("a line begins with 'user' or 'key'");
        }
        fields.refuseTheRest();
    }

    private void user(String typed, Fields fields) throws WrongFileException {
        String name =
                UserName.canonical(typed).orElseThrow(() -> wrong("the name can be nobody's"));
        Optional<String> hash = fields.take("password");
        if (hash.isPresent() && !Passwords.isHash(hash.get())) {
            throw wrong("password= is not a BCrypt or Argon2 hash; ./posthaste user add makes one");
        }
        Optional<String> encoded = fields.take("scram");
        Optional<ScramVerifier> scram = encoded.flatMap(ScramVerifier::parse);
        if (encoded.isPresent() && scram.isEmpty()) {
            throw wrong("scram= is not SCRAM-SHA-256$ITERATIONS:SALT$KEY:KEY");
        }
        Login login = new Login(name, senders(name, fields.take("senders")), stream(fields));
        if (content.users.put(name, new User(login, hash, scram)) != null) {
            throw wrong("the user has a line already");
        }
    }

    private List<String> senders(String name, Optional<String> given) throws WrongFileException {
        List<String> senders = new ArrayList<>();
        for (String pattern : given.orElse(name).split(",", -1)) {
            senders.add(
                    SenderPattern.parse(pattern)
                            .filter(_ -> given.isPresent() || name.contains("@"))
                            .orElseThrow(() ->
                                    wrong(
                                            given.isPresent()
                                                    ? "senders= are addresses, domains, *.DOMAIN or *, separated by commas"
                                                    : "senders= is missing, and the name is no address")));
        }
        return senders;
    }

    private Optional<Stream> stream(Fields fields) throws WrongFileException {
        Optional<String> name = fields.take("stream");
        try {
            return name.map(Stream::new);
        } catch (IllegalArgumentException _) {
            throw wrong("stream= is no name of a stream");
        }
    }

    private void key(String name, Fields fields) throws WrongFileException {
        String user =
                fields.take("user")
                        .flatMap(UserName::canonical)
                        .orElseThrow(() -> wrong("user= is missing"));
        String hash =
                fields.take("hash")
                        .filter(ApiKey::isHash)
                        .orElseThrow(() -> wrong("hash= is not sha256: and 64 hexadecimal digits"));
        Set<String> scopes = Set.of(fields.take("scopes").orElse(DEFAULT_SCOPE).split(","));
        ApiKey key = new ApiKey(name, user, hash, scopes);
        if (!content.keyNames.add(user + " " + name)) {
            throw wrong("the user has a key of this name already");
        }
        if (content.keysByHash.put(hash, key) != null) {
            throw wrong("another line has the same key");
        }
        keyLines.put(number, key);
    }

    private WrongFileException wrong(String reason) {
        return WrongFileException.at(file, number, reason);
    }

    /** The {@code NAME=VALUE} of a line; each is taken once. */
    private final class Fields {
        private final Map<String, String> byName = new LinkedHashMap<>();

        Fields(String[] words) throws WrongFileException {
            for (int i = 2; i < words.length; i++) {
                int equals = words[i].indexOf('=');
                if (equals < 1 || equals == words[i].length() - 1) {
                    // Not shown: it may be a secret in the wrong place.
                    throw wrong("word " + (i + 1) + " is not NAME=VALUE");
                }
                if (byName.put(words[i].substring(0, equals), words[i].substring(equals + 1))
                        != null) {
                    throw wrong(words[i].substring(0, equals) + "= is given twice");
                }
            }
        }

        Optional<String> take(String name) {
            return Optional.ofNullable(byName.remove(name));
        }

        void refuseTheRest() throws WrongFileException {
            if (!byName.isEmpty()) {
                throw wrong(byName.keySet().iterator().next() + "= is not known here");
            }
        }
    }
}
