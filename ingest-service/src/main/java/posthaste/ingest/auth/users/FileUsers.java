package posthaste.ingest.auth.users;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import posthaste.ingest.auth.users.ApiKeys.KeyHolder;
import posthaste.service.reload.ReloadedFile;

/** The users of a file, as it was when it was last right. */
public final class FileUsers implements UserSource, ApiKeys.KeySource {
    private final ReloadedFile<UserFile.Content> file;
    private final Passwords passwords;
    private volatile UserFile.@Nullable Content seen;

    public FileUsers(ReloadedFile<UserFile.Content> file, Passwords passwords) {
        this.file = file;
        this.passwords = passwords;
    }

    @Override
    public Optional<KnownUser> find(String name) {
        return current().user(name).map(KnownUser.class::cast);
    }

    @Override
    public Optional<KeyHolder> findKey(String hash) {
        return current().key(hash);
    }

    @Override
    public Object state() {
        return file.current();
    }

    private UserFile.Content current() {
        UserFile.Content now = file.current();
        if (now != seen) {
            passwords.decoys(now.decoys());
            seen = now;
        }
        return now;
    }
}
