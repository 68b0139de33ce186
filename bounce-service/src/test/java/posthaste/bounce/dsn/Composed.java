package posthaste.bounce.dsn;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import posthaste.mail.envelope.Ret;
import posthaste.mail.record.Notice;

/** A notification as it was composed, and as a receiver reads it. */
final class Composed {
    static final Returned.Limits LIMITS = new Returned.Limits(1 << 20, 64 << 10);

    private final Dsn dsn;
    private final byte[] octets;
    private final ParsedMail mail;

    private Composed(Dsn dsn, byte[] octets) {
        this.dsn = dsn;
        this.octets = octets;
        this.mail = ParsedMail.of(octets);
    }

    /** About all entries that the sender is to be told of. */
    static Composed of(Notice notice, byte[] message) {
        return of(notice, message, LIMITS);
    }

    static Composed of(Notice notice, byte[] message, Returned.Limits limits) {
        try {
            boolean whole = notice.envelope().envelope().ret() == Ret.FULL;
            return of(notice, Returned.from(new BytesBody(message), whole, limits));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Composed of(Notice notice, Returned returned) {
        try {
            Dsn dsn =
                    new DsnComposer(Notices.REPORTER)
                            .compose(notice, Audience.of(notice).told(), returned);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            dsn.writeTo(out);
            return new Composed(dsn, out.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Dsn dsn() {
        return dsn;
    }

    byte[] octets() {
        return octets;
    }

    ParsedMail mail() {
        return mail;
    }

    ParsedMail explanation() {
        return mail.parts().get(0);
    }

    ParsedMail report() {
        return mail.parts().get(1);
    }

    ParsedMail attached() {
        return mail.parts().get(2);
    }

    Map<String, String> aboutMessage() {
        return report().blocks().get(0);
    }

    Map<String, String> about(int told) {
        List<Map<String, String>> blocks = report().blocks();
        return blocks.get(told + 1);
    }
}
