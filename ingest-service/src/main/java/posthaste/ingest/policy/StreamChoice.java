package posthaste.ingest.policy;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import posthaste.ingest.submitter.Login;
import posthaste.ingest.submitter.Submitter;
import posthaste.mail.envelope.Stream;
import posthaste.mail.status.Reply;

/**
 * Which stream a mail goes into. What stands closest to the mail decides:
 *
 * <ol>
 *   <li>the stream that the mail itself names, by a header field or a field of the HTTP interface,
 *       if its submitter is trusted or logged in; of anyone else it is a field like any other
 *   <li>the stream of the login
 *   <li>the stream of the listener
 * </ol>
 *
 * A login that is restricted to streams cannot name another; where nothing is named and the
 * listener's is none of them, its mail goes into the first of them.
 */
public final class StreamChoice {
    private final List<Stream> streams;
    private final Predicate<Submitter> trusted;

    /** What is to be done. */
    public sealed interface Choice {

        /** Into this stream. */
        record Into(Stream stream) implements Choice {}

        /** The mail names a stream that it cannot have. */
        record Refused(Reply reply) implements Choice {}
    }

    /**
     * Takes what there is to choose from.
     *
     * @param streams configured; {@code dsn} among them is for our own notifications alone
     * @param trusted whose word counts without a login
     */
    public StreamChoice(List<Stream> streams, Predicate<Submitter> trusted) {
        this.streams = streams.stream().filter(stream -> !stream.equals(Stream.DSN)).toList();
        this.trusted = trusted;
    }

    /**
     * Chooses.
     *
     * @param listener the stream of what comes in at this listener
     * @param named the values that the mail gives, as they stand; empty: it names none
     */
    public Choice of(Submitter submitter, Stream listener, List<String> named) {
        if (!named.isEmpty() && (submitter.login().isPresent() || trusted.test(submitter))) {
            return ofName(named, submitter.login());
        }
        return new Choice.Into(usual(submitter, listener));
    }

    /** The stream of a mail that names none. */
    public Stream usual(Submitter submitter, Stream listener) {
        List<Stream> allowed = submitter.login().map(Login::streams).orElse(List.of());
        Stream usual = submitter.login().flatMap(Login::stream).orElse(listener);
        return allowed.isEmpty() || allowed.contains(usual) ? usual : allowed.getFirst();
    }

    private Choice ofName(List<String> named, Optional<Login> login) {
        if (named.stream().map(String::strip).distinct().count() > 1) {
            return refused("the mail names more than one stream");
        }
        String name = named.getFirst().strip();
        List<Stream> open =
                login.map(Login::streams)
                        .filter(restricted -> !restricted.isEmpty())
                        .map(restricted -> streams.stream().filter(restricted::contains).toList())
                        .orElse(streams);
        return open.stream()
                .filter(stream -> stream.name().equals(name))
                .findFirst()
                .<Choice>map(Choice.Into::new)
                .orElseGet(() ->
                        refused(
                                "there is no such stream for this mail; there are: "
                                        + open.stream()
                                                .map(Stream::name)
                                                .collect(Collectors.joining(", "))));
    }

    private static Choice refused(String why) {
        return new Choice.Refused(new Reply(550, "5.7.1 " + why));
    }
}
