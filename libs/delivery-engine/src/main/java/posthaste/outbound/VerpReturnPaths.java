package posthaste.outbound;

import java.util.List;
import java.util.Set;
import posthaste.mail.address.ReversePath;
import posthaste.mail.envelope.Envelope;
import posthaste.mail.envelope.Recipient;
import posthaste.mail.envelope.Stream;
import posthaste.mail.verp.VerpCodec;

/**
 * VERP: a return address of ours for each recipient, so that whatever comes back can be told apart.
 * A null reverse-path stays one: nobody may send anything back to it (RFC 5321 section 4.5.5).
 */
public final class VerpReturnPaths implements ReturnPaths {
    private final VerpCodec codec;
    private final Set<Stream> streams;

    /**
     * Takes what the addresses are made with.
     *
     * @param streams whose mails get them
     */
    public VerpReturnPaths(VerpCodec codec, Set<Stream> streams) {
        this.codec = codec;
        this.streams = Set.copyOf(streams);
    }

    @Override
    public boolean isOwn(Envelope envelope) {
        return envelope.reversePath() instanceof ReversePath.From(var sender)
                && streams.contains(envelope.stream())
                && !codec.isAtDomain(sender);
    }

    @Override
    public Envelope onTheWire(Envelope envelope, List<Recipient> to) {
        return isOwn(envelope)
                ? envelope.returningTo(
                        new ReversePath.From(codec.address(envelope.id(), to.getFirst().address())))
                : envelope;
    }
}
