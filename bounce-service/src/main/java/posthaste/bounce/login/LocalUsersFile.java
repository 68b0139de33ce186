package posthaste.bounce.login;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.springframework.util.unit.DataSize;
import posthaste.bounce.operator.Role;
import posthaste.service.reload.TextFile;
import posthaste.service.reload.WrongFileException;

/** Reads the file of the page's users. */
public final class LocalUsersFile {
    static final String ADMIN = "admin";
    private static final DataSize LIMIT = DataSize.ofMegabytes(1);
    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N}._@+-]{0,99}");
    private static final Pattern BCRYPT =
            Pattern.compile("\\{bcrypt}\\$2[aby]\\$\\d\\d\\$[./A-Za-z0-9]{53}");
    private static final Pattern ARGON2 =
            Pattern.compile(
                    "\\{argon2}\\$argon2id\\$v=19\\$[a-z0-9=,]+\\$[A-Za-z0-9+/]+\\$[A-Za-z0-9+/]+");
    private static final Set<String> WORDS = Set.of("role", "password", "scram");

    /** A user as the file has it; without the hash in what it says of itself. */
    record LocalUser(String name, Role role, String hash) {
        @Override
        public String toString() {
            return name + " " + role.word();
        }
    }

    private LocalUsersFile() {}

    /** Who is in which role, by name. */
    public static Map<String, Role> roles(Path file) throws IOException, WrongFileException {
        Map<String, Role> roles = new TreeMap<>();
        parse(file).values().forEach(user -> roles.put(user.name(), user.role()));
        return roles;
    }

    /** The users by name. A {@code #} begins a remark. */
    static Map<String, LocalUser> parse(Path file) throws IOException, WrongFileException {
        Map<String, LocalUser> users = new LinkedHashMap<>();
        List<String> lines = TextFile.read(file, LIMIT).lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                LocalUser user = user(file, i + 1, List.of(line.split("\\s+")));
                if (users.putIfAbsent(user.name(), user) != null) {
                    throw WrongFileException.at(file, i + 1, "the user stands here twice");
                }
            }
        }
        return Map.copyOf(users);
    }

    private static LocalUser user(Path file, int line, List<String> words)
            throws WrongFileException {
        if (words.size() < 2 || !words.getFirst().equals("user")) {
            throw WrongFileException.at(file, line, "a line is user NAME role=ROLE password=HASH");
        }
        String name = words.get(1);
        if (!NAME.matcher(name).matches()) {
            throw WrongFileException.at(
                    file,
                    line,
                    "a name has letters, digits and . _ @ + - and begins with one of the"
                            + " former");
        }
        if (name.equals(ADMIN)) {
            throw WrongFileException.at(
                    file, line, "the user admin has the password of posthaste.web.admin-password");
        }
        Map<String, String> values = values(file, line, words.subList(2, words.size()));
        Role role =
                Role.ofWord(values.getOrDefault("role", ""))
                        .orElseThrow(() ->
                                WrongFileException.at(
                                        file, line, "role= is viewer, operator or admin"));
        String hash = values.getOrDefault("password", "");
        String full =
                hash.startsWith("$2")
                        ? "{bcrypt}" + hash
                        : hash.startsWith("$argon2") ? "{argon2}" + hash : hash;
        if (!BCRYPT.matcher(full).matches() && !ARGON2.matcher(full).matches()) {
            throw WrongFileException.at(
                    file,
                    line,
                    "password= is a hash by BCrypt or Argon2id, as ./posthaste page-user"
                            + " writes it");
        }
        return new LocalUser(name, role, full);
    }

    private static Map<String, String> values(Path file, int line, List<String> words)
            throws WrongFileException {
        Map<String, String> values = new HashMap<>();
        for (String word : words) {
            int equals = word.indexOf('=');
            String key = equals < 0 ? "" : word.substring(0, equals);
            if (!WORDS.contains(key) || values.put(key, word.substring(equals + 1)) != null) {
                throw WrongFileException.at(
                        file, line, "after the name stand role=ROLE and password=HASH, once each");
            }
        }
        return values;
    }
}
